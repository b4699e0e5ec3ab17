"""The sentence over the day band, and the name of a strip that stands alone."""

import pytest

from app.domain.dayband import Place, band
from app.domain.dayband_words import Heard, caption
from tests.domain.sittings import SITTING, alone, reader_in


def heard(place: str, people: int | None, *states: str, past_midnight: bool = False) -> Heard:
    return Heard(place, people, states, past_midnight)


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ([heard("Accra", 1, "w")], "The one person enrolled, in Accra, is at work while the session runs."),
        (
            [heard("Accra", 2, "a")],
            "Both people enrolled in Accra are awake outside work for some or all of the session.",
        ),
        ([heard("Accra", 9, "o")], "All nine people enrolled in Accra have a day off."),
        (
            [heard("Accra", 9, "w"), heard("Manila", 1, "n")],
            "Of the ten people enrolled in these two places, nine are at work while the session runs "
            "and one, in Manila, would be up at night.",
        ),
        (
            [
                heard("Accra", 1, "a", "w"),
                heard("Manila", 1, "n"),
                heard("Port Vila", 2, "n", past_midnight=True),
            ],
            "Of the four people enrolled in these three places, one is awake outside work for some or all "
            "of the session and three, in Manila and Port Vila, would be up at night.",
        ),
        (
            [
                heard("Accra", None, "w"),
                heard("Bogotá", None, "a"),
                heard("Dhaka", None, "o"),
                heard("Manila", None, "n"),
            ],
            "The session falls in working hours in Accra, partly or wholly outside working hours "
            "in Bogotá, on a day off in Dhaka, and at night in Manila.",
        ),
        (
            [heard("Accra", None, "w"), heard("Lomé", 5, "w")],
            "All five people enrolled in Lomé are at work while the session runs.",
        ),
        (
            [heard("Accra", 3, "w"), heard("Lomé", None, "w")],
            "The session falls in working hours in Accra and Lomé.",
        ),
    ],
)
def test_sentences(places: list[Heard], sentence: str) -> None:
    assert caption(places) == sentence


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        ("2027-04-22T10:00", "Your day on Thursday 22 April: the session falls in your working hours"),
        ("2027-04-22T16:30", "Your day on Thursday 22 April: the session falls partly in your working hours"),
        (
            "2027-04-22T19:00",
            "Your day on Thursday 22 April: the session falls outside your working hours, in waking hours",
        ),
        ("2027-04-22T03:00", "Your day on Thursday 22 April: the session falls at night"),
        ("2027-04-24T10:00", "Your day on Saturday 24 April: the session falls on your day off"),
    ],
)
def test_a_strip_alone_says_where_the_session_falls(wall: str, words: str) -> None:
    assert alone("Africa/Accra", wall, 60).summary == words


def test_a_reader_who_is_not_counted_does_not_hide_the_counts() -> None:
    shown = band(SITTING, Place("Europe/London", 5), [reader_in("Asia/Manila"), Place("Africa/Accra", 2)])
    assert shown.caption == (
        "All seven people enrolled in these two places are at work while the session runs."
    )
