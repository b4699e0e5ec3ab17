"""Times as letters tell them, in the languages that mail can be in."""

from datetime import UTC, date, datetime

import pytest

from app.domain.attendance import Attendance
from app.learning_sessions.models import Offering
from app.notices import times
from app.notices.language import Language
from app.web.reader import Reader
from app.web.sittings import shown

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
DHAKA = Reader("Asia/Dhaka")
FRENCH, SPANISH, ARABIC = Language("fr"), Language("es"), Language("ar")


def sitting(hour: int = 12, minutes: int = 90) -> Offering:
    starts_at = datetime(2027, 4, 22, hour, 0, tzinfo=UTC)
    ends_at = datetime.fromtimestamp(starts_at.timestamp() + minutes * 60, UTC)
    return Offering(
        attendance=Attendance.ONLINE, timezone="Europe/London", starts_at=starts_at, ends_at=ends_at,
        starts_wall=datetime(2027, 4, 22, hour + 1, 0),
    )  # fmt: skip


def days(first: date, last: date) -> Offering:
    return Offering(attendance=Attendance.ONLINE, timezone="Europe/London", first_on=first, last_on=last)


@pytest.mark.parametrize(
    ("language", "day", "short"),
    [
        (Language("en"), "Thursday 22 April 2027", "Thu 22 April 18:00–19:30 Dhaka, UTC+6"),
        (FRENCH, "jeudi 22 avril 2027", "jeu. 22 avr. 18:00–19:30 Dhaka, UTC+6"),
        (SPANISH, "jueves, 22 de abril de 2027", "jue, 22 abr 18:00–19:30 Dhaka, UTC+6"),
    ],
)
def test_days_are_named_in_the_language(language, day, short):
    seen = shown(sitting(), DHAKA, NOW)
    assert times.reading(language, seen).day == day
    assert times.in_subject(language, seen) == short


def test_the_other_time_names_its_day_where_it_is_another():
    told = times.reading(Language("en"), shown(sitting(hour=20), DHAKA, NOW))
    assert (told.day, told.clock) == ("Friday 23 April 2027", "02:00–03:30")
    assert told.also == "That is 21:00–22:30, Thu 22 April, in London (BST, UTC+1), the session’s own time."


def test_an_end_on_the_day_after_is_said_and_midnight_is_none():
    late = times.reading(Language("en"), shown(sitting(hour=17), DHAKA, NOW))
    assert late.clock == "23:00–00:30 (ends Fri 23 Apr)"
    midnight = times.reading(Language("en"), shown(sitting(hour=17, minutes=60), DHAKA, NOW))
    assert midnight.clock.startswith("23:00–")
    assert "ends" not in midnight.clock


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        (Language("en"), "11 May 2027", "11–12 May 2027"),
        (FRENCH, "11 mai 2027", "11–12 mai 2027"),
        (SPANISH, "11 de mayo de 2027", "11–12 may 2027"),
    ],
)
def test_days_without_hours(language, one, several):
    single = shown(days(date(2027, 5, 11), date(2027, 5, 11)), DHAKA, NOW)
    both = shown(days(date(2027, 5, 11), date(2027, 5, 12)), DHAKA, NOW)
    assert times.reading(language, single).in_one_line.startswith(one)
    assert times.reading(language, both).day == several


@pytest.mark.parametrize(
    ("language", "one", "several", "months"),
    [
        (Language("en"), "Tue 11 May", "Tue 11–Wed 12 May", "Fri 30 April – Sun 2 May"),
        (FRENCH, "mar. 11 mai", "mar. 11\u2009–\u2009mer. 12 mai", "ven. 30 avr.\u2009–\u2009dim. 2 mai"),
        (SPANISH, "mar, 11 may", "mar, 11 may\u2009–\u2009mié, 12 may", "vie, 30 abr\u2009–\u2009dom, 2 may"),
    ],
)
def test_a_subject_says_whose_days_they_are(language, one, several, months):
    """Whole days are those of the place, wherever their reader is."""
    first, last = date(2027, 5, 11), date(2027, 5, 12)
    seen = [
        times.in_subject(language, shown(days(*both), DHAKA, NOW))
        for both in ((first, first), (first, last), (date(2027, 4, 30), date(2027, 5, 2)))
    ]
    assert seen == [f"{one}, London", f"{several}, London", f"{months}, London"]


def test_a_moment():
    at = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    assert times.point(Language("en"), at, "Europe/London") == (
        "Thursday 1 April 2027, 10:00 in London (BST, UTC+1)"
    )
    assert times.point(FRENCH, at, "Europe/London").startswith("jeudi 1 avril 2027, 10:00 ")


def test_hours_keep_their_order_from_right_to_left():
    assert times.reading(ARABIC, shown(sitting(), DHAKA, NOW)).clock == "\u206618:00–19:30\u2069"
