"""The geometry of the day band, and the words of its rows."""

from datetime import date, datetime, timedelta

from app.domain.day_hours import Hours, axes, picture
from app.domain.dayband import Band, Lead, Place, Row, band
from app.domain.timezones import Span, local
from tests.domain.sittings import EIGHT, SITTING, alone, eight_places, reader_in, span_in


def only_row(shown: Band) -> Row:
    (day,) = shown.days
    return day.rows[0]


def test_the_reader_comes_first_then_places_from_west_to_east() -> None:
    rows = eight_places().days[0].rows
    assert [(row.place, row.note, row.clock, row.state) for row in rows] == [
        ("Accra", "9 with you · UTC", "12:00–13:30", "at work"),
        ("Bogotá", "4 people · UTC−5", "07:00–08:30", "awake"),
        ("New York", "3 people · UTC−4", "08:00–09:30", "awake, then at work"),
        ("London", "5 people · UTC+1", "13:00–14:30", "at work"),
        ("Nairobi", "7 people · UTC+3", "15:00–16:30", "at work"),
        ("Dhaka", "6 people · UTC+6", "18:00–19:30", "awake"),
        ("Manila", "3 people · UTC+8", "20:00–21:30", "awake"),
        ("Port Vila", "1 person · UTC+11", "23:00–00:30", "asleep, ends Fri 23 Apr"),
    ]


def test_the_caption_sums_up_in_one_sentence() -> None:
    assert eight_places().caption == (
        "Of the 38 people enrolled in these eight places, 21 are at work while the session runs, 16 are "
        "awake outside work for some or all of it, and one, in Port Vila, would be up past midnight."
    )


def test_the_axis_leaves_out_the_hour_under_the_label() -> None:
    day = eight_places().days[0]
    assert (day.heading, day.minutes, day.label.text, day.label.x) == (
        "Hours in Accra",
        1440,
        "12:00–13:30",
        "53.125%",
    )
    assert [(tick.text, tick.x) for tick in day.ticks if not tick.fine] == [
        ("00", "0%"),
        ("06", "25%"),
        ("18", "75%"),
        ("24", "100%"),
    ]
    assert [tick.text for tick in day.ticks if tick.fine] == ["03", "09", "15", "21"]
    assert (day.wash_x, day.wash_width, day.edges) == ("50%", "6.25%", ("50%", "56.25%"))


def test_runs_are_percent_of_the_axis() -> None:
    accra = eight_places().days[0].rows[0]
    assert [(run.css, run.x, run.width, run.texture) for run in accra.runs] == [
        ("n", "0%", "29.167%", ""),
        ("a", "29.167%", "8.333%", "hatch"),
        ("w", "37.5%", "33.333%", ""),
        ("a", "70.833%", "20.833%", "hatch"),
        ("n", "91.667%", "8.333%", ""),
    ]
    assert [(word.text, word.x) for word in accra.words] == [
        ("asleep", "14.583%"),
        ("working hours", "63.542%"),
    ]


def test_weekday_labels_step_clear_of_the_session_and_of_the_edge() -> None:
    rows = {row.place: row for row in eight_places().days[0].rows}
    labels = {place: [(cut.x, cut.label and cut.label.x) for cut in row.cuts] for place, row in rows.items()}
    assert labels["Accra"] == []
    assert labels["Bogotá"] == [("20.833%", "20.833%")]
    assert labels["Port Vila"] == [("54.167%", "56.25%")]
    assert labels["London"] == [("95.833%", None)]


def test_eight_places_at_most_and_the_rest_as_a_number() -> None:
    more = [*EIGHT, Place("Asia/Karachi", 2), Place("Asia/Tokyo", 8)]
    shown = band(SITTING, reader_in("Africa/Accra"), more)
    assert [row.place for row in shown.days[0].rows][-2:] == ["Manila", "Tokyo"]
    assert (len(shown.days[0].rows), shown.more, shown.more_text) == (8, 2, "and 2 more places")
    everything = band(SITTING, reader_in("Africa/Accra"), more, limit=None)
    assert (len(everything.days[0].rows), everything.more, everything.more_text) == (10, 0, "")


def test_across_the_readers_midnight_the_axis_goes_from_noon_to_noon() -> None:
    shown = alone("Pacific/Efate", "2027-04-22T23:00", 90)
    (day,) = shown.days
    assert [tick.text for tick in day.ticks] == ["12", "15", "18", "21", "03", "06", "09", "12"]
    assert (day.label.x, day.edges) == ("48.958%", ("45.833%", "52.083%"))
    (cut,) = day.rows[0].cuts
    assert cut.label
    assert (cut.x, cut.label.x, cut.label.text, cut.label.css) == ("50%", "52.083%", "Fri", "in-n")
    assert (day.rows[0].weekday, day.rows[0].clock, day.rows[0].state) == ("Thu", "23:00–00:30", "asleep")


def test_ending_at_midnight_is_not_crossing_it() -> None:
    shown = alone("Africa/Accra", "2027-04-22T22:30", 90)
    assert shown.days[0].ticks[0].text == "00"
    assert (only_row(shown).clock, only_row(shown).state) == ("22:30–00:00", "asleep")


def test_a_day_of_25_hours() -> None:
    shown = alone("Europe/London", "2027-10-31T10:00", 90)
    (day,) = shown.days
    row = day.rows[0]
    assert day.minutes == 1500
    assert [(tick.text, tick.x) for tick in day.ticks][:4] == [
        ("00", "0%"),
        ("03", "16%"),
        ("06", "28%"),
        ("09", "40%"),
    ]
    assert [(run.css, run.x, run.width, run.texture) for run in row.runs] == [
        ("n", "0%", "32%", ""),
        ("a", "32%", "60%", "cross"),
        ("n", "92%", "8%", ""),
    ]
    (change,) = row.cuts
    assert change.label
    assert (change.x, change.dashed, change.label.text, change.label.css) == ("8%", True, "+1 h", "in-n fine")
    assert (row.note, row.weekday, row.state) == ("BST, then GMT", "Sun", "day off")


def test_a_day_of_23_hours_and_one_of_24_and_a_half() -> None:
    (spring,) = alone("Europe/London", "2027-03-28T10:00", 90).days
    assert (spring.minutes, spring.rows[0].cuts[0].label and spring.rows[0].cuts[0].label.text) == (
        1380,
        "−1 h",
    )
    (half,) = alone("Australia/Lord_Howe", "2026-04-05T10:00", 90).days
    assert (half.minutes, half.rows[0].cuts[0].label and half.rows[0].cuts[0].label.text) == (1470, "+30 min")
    assert half.rows[0].note == "UTC+11, then UTC+10:30"


def test_an_hour_that_comes_twice_is_told_apart_on_the_axis() -> None:
    first = band(span_in("Europe/London", "2027-10-31T01:00", 30, 0), reader_in("Europe/London"))
    second = band(span_in("Europe/London", "2027-10-31T01:00", 30, 1), reader_in("Europe/London"))
    assert (first.days[0].edges[0], second.days[0].edges[0]) == ("4%", "8%")


def test_in_another_place_bands_shift_after_the_change() -> None:
    shown = band(
        span_in("Africa/Accra", "2027-10-31T10:00", 90), reader_in("Africa/Accra"), [Place("Europe/London")]
    )
    london = shown.days[0].rows[1]
    assert [(cut.x, cut.dashed) for cut in london.cuts] == [("4.167%", True)]
    assert (london.clock, london.note) == ("10:00–11:30", "UTC")


def test_zones_of_half_and_quarter_hours() -> None:
    shown = band(SITTING, reader_in("Africa/Accra"), [Place("Asia/Kathmandu"), Place("America/St_Johns")])
    rows = {row.place: row for row in shown.days[0].rows}
    assert (rows["Kathmandu"].clock, rows["Kathmandu"].runs[0].width) == ("17:45–19:15", "5.208%")
    assert rows["St. John’s"].clock == "09:30–11:00"
    assert [row.place for row in shown.days[0].rows] == ["Accra", "St. John’s", "Kathmandu"]


def test_the_day_that_apia_skipped() -> None:
    shown = alone("Pacific/Apia", "2011-12-29T23:00", 120)
    assert [(cut.x, cut.dashed) for cut in only_row(shown).cuts] == [("50%", False), ("50%", True)]
    assert only_row(shown).clock == "23:00–01:00"
    (cut, _) = only_row(shown).cuts
    assert cut.label
    assert cut.label.text == "Sat"


def test_where_clocks_skip_midnight_the_day_begins_after_it() -> None:
    (axis,) = axes(*_ends(span_in("Asia/Beirut", "2024-03-31T10:00", 60)), "Asia/Beirut")
    assert (axis.minutes, local(axis.starts_at, "Asia/Beirut").hour) == (1380, 1)


def _ends(span: Span) -> tuple[datetime, datetime]:
    return span.starts_at, span.ends_at


def test_a_friday_off_in_dhaka() -> None:
    friday = span_in("Europe/London", "2027-04-23T10:00", 90)
    resting = Hours(days_off=frozenset({"fri", "sat"}))
    shown = band(friday, reader_in("Europe/London", 1), [Place("Asia/Dhaka", 2, resting)])
    dhaka = shown.days[0].rows[1]
    assert (dhaka.clock, dhaka.state) == ("15:00–16:30", "day off")
    assert {run.texture for run in dhaka.runs if run.css == "a"} == {"cross"}
    assert shown.has_day_off
    assert shown.caption == (
        "Of the three people enrolled in these two places, one is at work while the session runs "
        "and two have a day off."
    )


def test_days_off_follow_the_local_date_of_each_minute() -> None:
    thursday = picture(
        "Asia/Dhaka", Hours(days_off=frozenset({"fri"})), SITTING.starts_at - timedelta(hours=12), 1440
    )
    assert [run.state for run in thursday.stretches] == ["n", "a", "w", "a", "n"]
    friday = picture("Asia/Dhaka", Hours(days_off=frozenset({"fri"})), SITTING.starts_at, 1440)
    assert [run.state for run in friday.stretches] == ["a", "n", "o"]


def test_a_holiday_is_a_day_off() -> None:
    new_year = Hours(holidays=frozenset({date(2027, 4, 14)}))
    assert only_row(alone("Asia/Kathmandu", "2027-04-14T17:45", 90, new_year)).state == "day off"


def test_hours_are_drawn_in_whole_quarters_and_work_widens_waking() -> None:
    early = Hours(works_from=5 * 60 + 50, works_until=14 * 60 + 5)
    assert early.parts_of(date(2027, 4, 22)) == (
        (0, 345, "n"),
        (345, 840, "w"),
        (840, 1320, "a"),
        (1320, 1440, "n"),
    )


def test_a_span_too_long_for_one_axis_has_a_strip_per_day() -> None:
    shown = alone("Europe/London", "2027-04-22T18:00", 1440)
    assert [day.heading for day in shown.days] == [
        "Hours in London, Thu 22 April",
        "Hours in London, Fri 23 April",
    ]
    assert [day.edges for day in shown.days] == [("75%",), ("75%",)]
    assert [(day.wash_x, day.wash_width) for day in shown.days] == [("75%", "25%"), ("0%", "75%")]


def test_the_venue_leads_in_person() -> None:
    shown = band(
        span_in("Africa/Accra", "2027-05-11T09:00", 420),
        Place("Africa/Accra", 9),
        [Place("Africa/Nairobi", 3), reader_in("America/Bogota"), Place("Asia/Manila", 2)],
        lead_is=Lead.VENUE,
    )
    (day,) = shown.days
    assert day.heading == "Hours in Accra, the venue"
    assert [(row.place, row.note) for row in day.rows] == [
        ("Accra", "9 people · UTC"),
        ("Bogotá", "you · UTC−5"),
        ("Nairobi", "3 people · UTC+3"),
        ("Manila", "2 people · UTC+8"),
    ]


def test_another_date_elsewhere_is_named() -> None:
    shown = band(
        span_in("Europe/London", "2027-04-22T18:00", 90), reader_in("Europe/London"), [Place("Asia/Manila")]
    )
    manila = shown.days[0].rows[1]
    assert (manila.weekday, manila.clock, manila.state) == ("Fri", "01:00–02:30", "asleep")
