"""Which times are shown, in which order, in which words."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
import pytest

from app.domain.dates import day_range, listed, number_word, tiny_day
from app.domain.dayband_mini import mini
from app.domain.showing import Attendance, days, when
from tests.domain.sittings import SITTING, span_in

TEMPLATES = Path(__file__).parents[2] / "templates"
LONDON, ACCRA, MANILA, NEW_YORK = "Europe/London", "Africa/Accra", "Asia/Manila", "America/New_York"


def test_online_the_readers_time_leads_and_the_other_follows() -> None:
    shown = when(SITTING, ACCRA, LONDON)
    assert (shown.lead.long_day, shown.lead.clock) == ("Thursday 22 April 2027", "12:00–13:30")
    assert (shown.lead.in_words, shown.lead.whose) == ("in Accra (GMT, UTC)", "your time")
    assert shown.also
    assert (shown.also.clock, shown.also.in_words, shown.also.whose) == (
        "13:00–14:30",
        "in London (BST, UTC+1)",
        "the session’s own time",
    )
    assert (shown.also_day, shown.also_weekday) == ("", "")


@pytest.mark.parametrize(
    ("attendance", "holds_in_person", "leads"),
    [
        ("online", False, "Manila"),
        ("online", True, "Manila"),
        ("in_person", False, "London"),
        ("both", False, "Manila"),
        ("both", True, "London"),
    ],
)
def test_whose_time_leads(attendance: Attendance, holds_in_person: bool, leads: str) -> None:
    shown = when(SITTING, MANILA, LONDON, attendance, holds_in_person)
    assert shown.also
    assert shown.lead.place == leads
    assert {shown.lead.place, shown.also.place} == {"London", "Manila"}


def test_in_person_the_other_time_is_the_venues() -> None:
    assert when(SITTING, MANILA, LONDON, "in_person").lead.whose == "the venue’s time"


def test_a_reader_of_no_known_zone_reads_the_offerings_own() -> None:
    shown = when(SITTING, None, LONDON)
    assert (shown.lead.place_and_zone, shown.also) == ("London, BST", None)


def test_times_that_read_the_same_are_shown_once() -> None:
    assert when(SITTING, LONDON, LONDON).also is None
    shown = when(SITTING, "Africa/Abidjan", ACCRA)
    assert (shown.lead.place, shown.also) == ("Abidjan", None)
    assert when(SITTING, "Africa/Abidjan", ACCRA, "in_person").lead.place == "Accra"


def test_the_other_day_is_named() -> None:
    late = span_in(LONDON, "2027-04-22T18:00", 90)
    shown = when(late, MANILA, LONDON)
    assert (shown.lead.short_day, shown.also_day, shown.also_weekday) == (
        "Fri 23 April",
        "Thu 22 April",
        "Thu",
    )


def test_new_york_on_25_march_2021() -> None:
    shown = when(span_in(LONDON, "2021-03-25T10:00", 150), NEW_YORK, LONDON)
    assert shown.also
    assert (shown.lead.clock, shown.lead.place_and_zone) == ("06:00–08:30", "New York, EDT")
    assert (shown.also.clock, shown.also.place_and_zone) == ("10:00–12:30", "London, GMT")


def test_the_past_keeps_its_stored_wall_time() -> None:
    held = span_in(LONDON, "2020-04-29T10:30", 120)
    as_stored = when(held, NEW_YORK, LONDON, stored_wall=datetime.fromisoformat("2020-04-29T10:30"))
    assert as_stored == when(held, NEW_YORK, LONDON)
    ruled_otherwise = when(held, NEW_YORK, LONDON, stored_wall=datetime.fromisoformat("2020-04-29T09:30"))
    assert ruled_otherwise.also
    assert (ruled_otherwise.also.clock, ruled_otherwise.also.phrase) == ("09:30–11:30", "UTC")


def test_clocks_that_change_on_the_way_are_both_named() -> None:
    shown = when(span_in(LONDON, "2026-10-25T00:30", 120), LONDON, LONDON)
    assert (shown.lead.clock, shown.lead.phrase) == ("00:30–01:30", "BST, UTC+1, then GMT, UTC")
    assert shown.lead.short_zone == "BST, then GMT"


def test_zones_without_letters_show_their_offset() -> None:
    shown = when(SITTING, "Asia/Kathmandu", "Etc/UTC")
    assert shown.also
    assert (shown.lead.place_and_zone, shown.lead.in_words) == (
        "Kathmandu, UTC+5:45",
        "in Kathmandu (UTC+5:45)",
    )
    assert (shown.also.place_and_zone, shown.also.in_words) == ("UTC", "in UTC")


def test_ending_on_another_day_is_said() -> None:
    assert (
        when(span_in("Pacific/Efate", "2027-04-22T23:00", 90), None, "Pacific/Efate").lead.ends_on
        == "ends Fri 23 Apr"
    )
    assert when(span_in(ACCRA, "2027-04-22T23:00", 60), None, ACCRA).lead.ends_on == ""


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2016, 12, 8), date(2016, 12, 8), "8 December 2016"),
        (date(2027, 5, 11), date(2027, 5, 12), "11–12 May 2027"),
        (date(2027, 4, 30), date(2027, 5, 2), "30 April – 2 May 2027"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 December 2026 – 2 January 2027"),
    ],
)
def test_days_without_hours(first: date, last: date, text: str) -> None:
    assert day_range(first, last) == text == days(first, last, LONDON).text


def test_small_words() -> None:
    assert [number_word(number) for number in (1, 8, 10, 11, 1200)] == ["one", "eight", "ten", "11", "1,200"]
    assert [listed(["Accra"]), listed(["Accra", "Lomé"]), listed(["a", "b", "c"])] == [
        "Accra",
        "Accra and Lomé",
        "a, b and c",
    ]
    assert tiny_day(date(2027, 4, 23)) == "Fri 23 Apr"


@pytest.fixture(params=[True, False], ids=["trimmed", "untrimmed"])
def macros(request: pytest.FixtureRequest):
    trim = bool(request.param)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=trim,
        lstrip_blocks=trim,
    )
    environment.globals["now"] = lambda: datetime(2027, 3, 1, tzinfo=UTC)
    return environment.get_template("_macros/time.html").module


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", markup).split())


def test_the_large_form(macros) -> None:
    markup = macros.lead(when(SITTING, ACCRA, LONDON))
    assert (
        '<span class="hours"><time class="clock" datetime="2027-04-22T12:00Z">12:00–13:30</time></span>'
        in markup
    )
    assert plain(markup) == (
        "Thursday 22 April 2027 12:00–13:30 in Accra (GMT, UTC), your time "
        "13:00–14:30 in London (BST, UTC+1), the session’s own time"
    )
    assert plain(macros.lead(when(SITTING, ACCRA, ACCRA), year=False)) == (
        "Thursday 22 April 12:00–13:30 in Accra (GMT, UTC), your time"
    )


def test_the_list_form(macros) -> None:
    markup = macros.times(when(SITTING, ACCRA, LONDON), mini(SITTING, ACCRA))
    assert plain(markup) == "Thu 22 April 2027 12:00–13:30 Accra, GMT 13:00–14:30 London, BST"
    assert '<svg class="strip mini"' in markup
    assert "<svg" not in macros.times(when(SITTING, ACCRA, LONDON))


def test_the_line_form(macros) -> None:
    late = when(span_in(LONDON, "2027-04-22T18:00", 90), MANILA, LONDON)
    assert plain(macros.line(late)) == "Fri 23 April, 01:00–02:30 Manila, PST (Thu 18:00–19:30 London, BST)"
    assert plain(macros.line(late, year=True, both=False)) == "Fri 23 April 2027, 01:00–02:30 Manila, PST"


def test_the_year_is_said_when_it_is_not_this_one(macros) -> None:
    next_year = when(span_in(LONDON, "2028-04-22T18:00", 90), LONDON, LONDON)
    assert plain(macros.line(next_year)) == "Sat 22 April 2028, 18:00–19:30 London, BST"


def test_days_are_marked_up(macros) -> None:
    assert macros.day_only(days(date(2016, 12, 8), date(2016, 12, 8), LONDON)) == (
        '<time datetime="2016-12-08">8 December 2016</time>'
    )
    assert macros.day_only(days(date(2027, 5, 11), date(2027, 5, 12), LONDON)) == "11–12 May 2027"
