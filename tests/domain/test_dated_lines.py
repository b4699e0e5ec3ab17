"""A pasted list of dates, in the notations people use."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dated_lines import UnreadableLines, read_dated_lines
from app.domain.dates import long_day, plain_day
from app.domain.errors import DomainError

FIFTH = date(2027, 3, 5)


@pytest.mark.parametrize(
    ("line", "at", "title"),
    [
        ("2027-03-05", None, ""),
        ("2027-3-5", None, ""),
        ("2027/03/05", None, ""),
        ("5 March 2027", None, ""),
        ("05 Mar 2027", None, ""),
        ("5th of March 2027", None, ""),
        ("5. March 2027", None, ""),
        ("5 march, 2027", None, ""),
        ("March 5, 2027", None, ""),
        ("Mar. 5th 2027", None, ""),
        ("05.03.2027", None, ""),
        ("Friday 5 March 2027", None, ""),
        ("Fri, 5 March 2027", None, ""),
        ("Fri. 2027-03-05", None, ""),
        ("- 2027-03-05", None, ""),
        ("3. 5 March 2027", None, ""),
        ("2) 2027-03-05", None, ""),
        ("2027-03-05 14:00", time(14), ""),
        ("2027-03-05T14:00", time(14), ""),
        ("2027-03-05T14:00:00", time(14), ""),
        ("5 March 2027, 14.30", time(14, 30), ""),
        ("5 March 2027 at 9:05", time(9, 5), ""),
        ("5 March 2027 14h30", time(14, 30), ""),
        ("5 March 2027 2 pm", time(14), ""),
        ("5 March 2027 2:30 p.m.", time(14, 30), ""),
        ("5 March 2027 12 am", time(0), ""),
        ("5 March 2027 12pm", time(12), ""),
        ("2027-03-05\tPaying hospitals", None, "Paying hospitals"),
        ("2027-03-05\t14:00\tPaying hospitals", time(14), "Paying hospitals"),
        ("2027-03-05; 14:00; Paying hospitals", time(14), "Paying hospitals"),
        ("2027-03-05,14:00,Paying hospitals", time(14), "Paying hospitals"),
        ('"2027-03-05","14:00","Paying, hospitals"', time(14), "Paying, hospitals"),
        ("5 March 2027 – Paying hospitals", None, "Paying hospitals"),
        ("5 March 2027 14:00 - Paying hospitals", time(14), "Paying hospitals"),
        ("5 March 2027: 10 ways to pay", None, "10 ways to pay"),
        ("5 March 2027 14:00 – 10 amazing ways", time(14), "10 amazing ways"),
        ("2027-03-05 كيف ندفع للمستشفيات 🏥", None, "كيف ندفع للمستشفيات 🏥"),
        ("2027-03-05 14:00 GMTs and other matters", time(14), "GMTs and other matters"),
    ],
)
def test_notations_of_one_day(line, at, title):
    (read,) = read_dated_lines(line)
    assert (read.number, read.day, read.at, read.title) == (1, FIFTH, at, title)


@pytest.mark.parametrize(
    ("line", "day"),
    [("25/03/2027", date(2027, 3, 25)), ("03/25/2027", date(2027, 3, 25)), ("13-3-2027", date(2027, 3, 13)),
     ("05/05/2027", date(2027, 5, 5)), ("29 February 2028", date(2028, 2, 29))],
)  # fmt: skip
def test_figures_that_can_be_read_in_one_way_only(line, day):
    assert read_dated_lines(line)[0].day == day


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "05/03/2027",
            "This is 5 March 2027 to some and 3 May 2027 to others. Write 2027-03-05 or 2027-05-03.",
        ),
        ("12/11/2027 14:00 Paying", "This is 12 November 2027 to some and 11 December 2027 to others."),
        ("31 February 2027", "There is no such day in the calendar."),
        ("29 February 2027", "There is no such day in the calendar."),
        ("2027-13-05", "There is no such day in the calendar."),
        ("31/02/2027", "There is no such day in the calendar."),
        ("5 March 1066", "Give a year between 1970 and 2100."),
        ("5 March 9999", "Give a year between 1970 and 2100."),
        ("Thursday 5 March 2027", "5 March 2027 is a Friday."),
        ("25/03/27", "Write the year with four figures."),
        ("5 March", "Add the year, such as 5 March 2027."),
        ("March 5th", "Add the year, such as 5 March 2027."),
        ("next Tuesday", "Begin with a date, such as 2027-03-05 or 5 March 2027."),
        ("2027-03-05 25:00", "Give an hour between 00:00 and 23:59."),
        ("2027-03-05 24:00", "Give an hour between 00:00 and 23:59."),
        ("2027-03-05 14:60", "Give an hour between 00:00 and 23:59."),
        ("2027-03-05 14 pm", "An hour with am or pm is between 1 and 12."),
        ("2027-03-05 14:00–15:30", "Give only the hour at which it begins; the length is asked for above."),
        ("2027-03-05 2 pm to 4 pm", "Give only the hour at which it begins; the length is asked for above."),
        ("2027-03-05 14:00 GMT", "Leave out zones and offsets; every hour is of the zone chosen above."),
        ("2027-03-05T14:00Z", "Leave out zones and offsets; every hour is of the zone chosen above."),
        ("2027-03-05T14:00+01:00", "Leave out zones and offsets; every hour is of the zone chosen above."),
        ("2027-03-05 Pay\x07ing", "Use ordinary characters in the title."),
        ("2027-03-05 Pay\u202eing", "Use ordinary characters in the title."),
        ("2027-03-05 " + "x" * 10_000, "A title has at most 200 characters."),
    ],
)
def test_what_is_refused_and_why(line, sentence):
    with pytest.raises(UnreadableLines) as refused:
        read_dated_lines(line)
    assert refused.value.field == "dates"
    assert refused.value.message.startswith(f"Line 1: {sentence}")


def test_every_bad_line_is_told_by_its_number():
    with pytest.raises(UnreadableLines) as refused:
        read_dated_lines("2027-03-05\n\nsoon\r\n2027-03-12\n05/03/2027")
    assert [number for number, _ in refused.value.problems] == [3, 5]


def test_many_bad_lines_are_counted():
    with pytest.raises(UnreadableLines) as refused:
        read_dated_lines("\n".join(["soon"] * 8))
    assert refused.value.message.endswith("And 3 more.")


@pytest.mark.parametrize("text", ["", "  \n \t\n"])
def test_an_empty_list_is_refused(text):
    with pytest.raises(DomainError, match="Paste at least one date"):
        read_dated_lines(text)


days = st.dates(date(1970, 1, 1), date(2100, 12, 31))
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(days, st.none() | hours, st.sampled_from([date.isoformat, plain_day, long_day, "{:%b %d, %Y}".format]))
def test_what_is_written_is_read(day, at, write):
    text = write(day) + (f" {at:%H:%M}" if at else "") + " – Paying hospitals"
    (read,) = read_dated_lines(text)
    assert (read.day, read.at, read.title) == (day, at, "Paying hospitals")


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    with suppress(DomainError):
        assert read_dated_lines(text)
