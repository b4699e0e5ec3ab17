"""When somebody can: days and hours on their own clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.availability import Availability
from app.domain.dates import WEEKDAYS
from app.domain.errors import DomainError
from app.domain.timezones import Span

THURSDAY = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


def span(starts_at=THURSDAY, minutes=90):
    return Span(starts_at, starts_at + timedelta(minutes=minutes))


def can(days="", hours=(None, None)):
    return Availability(frozenset(days.split()), *hours)


@pytest.mark.parametrize(
    ("availability", "words"),
    [
        (can(), "any day at any hour"),
        (can("mon tue wed thu fri sat sun"), "any day at any hour"),
        (can("mon tue wed thu fri"), "Mon to Fri at any hour"),
        (can("thu mon"), "Mon and Thu at any hour"),
        (can("tue wed"), "Tue and Wed at any hour"),
        (can("sun", (960, 1140)), "Sun, 16:00–19:00"),
        (can("", (0, 1440)), "any day, 00:00–24:00"),
    ],
)
def test_words(availability, words):
    assert availability.in_words == words


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda: can("moonday"), "weekdays"),
        (lambda: can("", (None, 600)), "can_from"),
        (lambda: can("", (600, None)), "can_until"),
        (lambda: can("", (600, 600)), "can_until"),
        (lambda: can("", (600, 540)), "can_until"),
        (lambda: can("", (600, 1441)), "can_until"),
        (lambda: can("", (-1, 600)), "can_until"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(wrong, field):
    with pytest.raises(DomainError) as refused:
        wrong()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("availability", "zone", "fits"),
    [
        (can(), "Pacific/Kiritimati", True),
        (can("thu"), "Africa/Accra", True),
        (can("fri"), "Africa/Accra", False),
        (can("fri"), "Pacific/Auckland", True),  # 00:00 on Friday there
        (can("", (720, 810)), "Africa/Accra", True),  # 12:00 to 13:30, to the minute
        (can("", (721, 810)), "Africa/Accra", False),
        (can("", (720, 809)), "Africa/Accra", False),
        (can("", (720, 810)), "Europe/London", False),  # 13:00 to 14:30 there
        (can("", (1320, 1440)), "Asia/Vladivostok", True),  # 22:00 to 23:30
        (can("", (1320, 1440)), "Pacific/Noumea", False),  # 23:00 to 00:30 the next day
    ],
)
def test_whether_a_time_suits(availability, zone, fits):
    assert availability.fits(span(), zone) is fits


@given(
    st.frozensets(st.sampled_from(WEEKDAYS)),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)),
)
def test_a_wider_answer_suits_whatever_a_narrower_one_does(days, begins, minutes, starts):
    until = min(begins + minutes, 1440)
    narrow = Availability(days, begins, until)
    sitting = span(starts.replace(tzinfo=UTC), 60)
    if narrow.fits(sitting, "Europe/London"):
        assert Availability(days).fits(sitting, "Europe/London")
        assert Availability(frozenset(), begins, until).fits(sitting, "Europe/London")
