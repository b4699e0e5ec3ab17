"""The one sentence that says what a change is for its reader."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.day_hours import Hours
from app.domain.difference import difference
from app.notices.changes_words import for_me, rules_of_clocks, unkind_hours
from app.notices.language import Language
from tests.domain.test_difference import FIRST, LONDON, ONE, SECOND, at, days, of_two

ENGLISH = Language("en")
THURSDAY = "instead of Thursday 22 April"


@pytest.mark.parametrize(
    ("before", "after", "zone", "said"),
    [
        (
            at(21, 11), at(21, 10), "America/Bogota",
            ["For you it is now 04:00 instead of 05:00, Wednesday as before."],
        ),
        (
            ONE, at(20, 13), "Asia/Dhaka",
            [f"The hour stays the same for you, on another day: Tuesday 20 April {THURSDAY}."],
        ),
        (
            ONE, at(29, 13), "Asia/Kathmandu",
            [f"The hour and the weekday stay the same for you: Thursday 29 April {THURSDAY}."],
        ),
        (
            ONE, at(22, 20), "Asia/Kathmandu",
            ["For you it is now Friday 23 April at 00:45, instead of Thursday 22 April at 17:45."],
        ),
        (
            at(22, 3), at(22, 6), "America/Bogota",
            ["For you it is now Thursday 22 April at 00:00, instead of Wednesday 21 April at 21:00."],
        ),
        (
            ONE, at(22, 12, zone="Africa/Accra"), "Asia/Dhaka",
            ["Nothing changes on your clock: only the session’s own zone is another one now."],
        ),
        (
            ONE, at(22, 13, length=60), "Asia/Kathmandu",
            ["For you it begins at 17:45 as before, and ends at 18:45 instead of 19:15."],
        ),
        (
            ONE, at(22, 14, length=60), "Africa/Accra",
            [
                "For you it is now 13:00 instead of 12:00, Thursday as before.",
                "It is shorter: 60 minutes instead of 90.",
            ],
        ),
        (
            ONE, at(22, 14, length=120), "Africa/Accra",
            [
                "For you it is now 13:00 instead of 12:00, Thursday as before.",
                "It is longer: 120 minutes instead of 90.",
            ],
        ),
        (FIRST, SECOND, "Africa/Accra", ["For you it is now 01:30 instead of 00:30, Sunday as before."]),
        (
            FIRST, SECOND, LONDON,
            [
                "For you the clocks go back that night and show 01:30 twice: it is the second now (GMT, "
                "UTC), not the first (BST, UTC+1)."
            ],
        ),
        (
            SECOND, FIRST, LONDON,
            [
                "For you the clocks go back that night and show 01:30 twice: it is the first now (BST, "
                "UTC+1), not the second (GMT, UTC)."
            ],
        ),
        (
            of_two(0, 20), of_two(0, 80), LONDON,
            ["It is longer: 80 minutes instead of 20."],
        ),
        (
            days(22), ONE, "Asia/Kathmandu",
            ["Until now only its day was known; for you it begins on Thursday 22 April at 17:45."],
        ),
        (
            ONE, days(22, 23), "Asia/Dhaka",
            ["Its hours are open again: only its days are known, 22–23 April 2027."],
        ),
        (ONE, days(22), "Asia/Dhaka", ["Its hours are open again: only its day is known, 22 April 2027."]),
        (days(22), days(26, 27), "Asia/Dhaka", ["It is now 26–27 April 2027 instead of 22 April 2027."]),
        (
            days(22), days(22, zone="Asia/Dhaka"), "Asia/Dhaka",
            ["The days stay the same; only the session’s own zone is another one now."],
        ),
    ],
)  # fmt: skip
def test_what_changes_for_the_reader(before, after, zone, said):
    assert for_me(ENGLISH, difference(before, after, zone), before, after) == said


@pytest.mark.parametrize(
    ("after", "hours", "said"),
    [
        (ONE, Hours(), ""),
        (at(22, 22), Hours(), "That is at night for you."),
        (at(22, 21), Hours(), "Part of it is at night for you."),
        (at(24, 13), Hours(), "That is on a day off of yours."),
        (at(23, 13), Hours(days_off=frozenset({"fri", "sat"})), "That is on a day off of yours."),
        (at(24, 22), Hours(), "That is at night for you."),
        (days(24), Hours(), ""),
    ],
)
def test_unkind_hours_are_told(after, hours, said):
    assert unkind_hours(ENGLISH, after, "Europe/London", hours) == said


def test_a_promised_hour_that_exists_no_more_is_not_said_to_stay():
    starts_at = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    wall = datetime(2027, 3, 28, 1, 30)
    gone = replace(ONE, starts_wall=wall, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90))
    assert rules_of_clocks(ENGLISH, gone) == (
        "The rules for clocks in London were changed. The promised hour, 01:30, does not exist there on that "
        "day any more; the session begins at 02:30 there."
    )
