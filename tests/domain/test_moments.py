"""A point in time in words."""

from datetime import UTC, datetime

import pytest

from app.domain.moments import moment

AT = datetime(2027, 4, 1, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "words"),
    [
        ("Europe/London", "Thursday 1 April 2027, 23:30 in London (BST, UTC+1)"),
        ("Asia/Kathmandu", "Friday 2 April 2027, 04:15 in Kathmandu (UTC+5:45)"),
        ("UTC", "Thursday 1 April 2027, 22:30 in UTC"),
        ("Europe/Atlantis", "Thursday 1 April 2027, 22:30 in UTC"),
    ],
)
def test_a_moment_names_its_day_clock_and_zone(timezone: str, words: str) -> None:
    made = moment(AT, timezone)

    assert (made.text, made.datetime) == (words, "2027-04-01T22:30Z")
