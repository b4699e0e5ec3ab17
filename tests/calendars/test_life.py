"""A sitting is planned, joined, moved, renamed, cancelled, restored, left: what a subscriber sees of it.

vdirsyncer keeps what it fetches from an address under identifiers of its own and takes what was changed for
something else that came in its place. UID and SEQUENCE, by which others tell, are read from the answers.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.config import Settings
from bench.servers import Server
from tests.calendars import life as acts
from tests.calendars.life import NEXT_YEAR, Life, Shown, on, wall

CAPITATION, DRG = "What capitation pays for", "Qualité & DRGs: who pays, and why"


@pytest.fixture
def life(real_database: Engine, settings: Settings, tmp_path: Path) -> Iterator[Life]:
    """The site and its follower, at the beginning."""
    url = real_database.url.render_as_string(hide_password=False)
    with Server("bench.served_meridian", url) as server:
        yield Life(server, settings, tmp_path)


def shown(
    day: str, starts: str, ends: str, status: str = "CONFIRMED", title: str = CAPITATION
) -> list[Shown]:
    return [Shown(title, f"{NEXT_YEAR}-{day} {starts}", f"{NEXT_YEAR}-{day} {ends}", status)]


@pytest.mark.engine("sqlite")
def test_a_subscriber_sees_the_whole_life_of_a_sitting(life: Life):
    live_through(life)


@pytest.mark.long
@pytest.mark.engine("postgres")
def test_a_subscriber_sees_the_whole_life_of_a_sitting_in_postgresql(life: Life):
    live_through(life)


def live_through(life: Life) -> None:
    assert life.seen() == ([], [])

    life.do(acts.plan)
    assert life.seen() == ([], shown("04-22", "12:00", "13:30"))
    uid, sequence = life.identity("journey")
    assert sequence == 0

    life.do(acts.join, life.will)  # the only place
    life.do(acts.join, life.pat)
    assert life.seen() == (shown("04-22", "12:00", "13:30", "TENTATIVE"), shown("04-22", "12:00", "13:30"))
    assert life.identities() == ((uid, 0), (uid, 0))

    life.do(acts.leave, life.will)
    assert life.seen() == both(shown("04-22", "12:00", "13:30"))
    assert life.identities() == ((uid, 1), (uid, 0))

    life.do(acts.move, wall=wall(on(4, 29), 15))
    assert life.seen() == both(shown("04-29", "14:00", "15:30"))
    assert life.identities() == ((uid, 2), (uid, 1))

    life.do(acts.rename, DRG)
    assert life.seen() == both(shown("04-29", "14:00", "15:30", title=DRG))
    assert life.identities() == ((uid, 2), (uid, 1))

    life.do(acts.move, timezone="Africa/Nairobi")
    assert life.seen() == both(shown("04-29", "12:00", "13:30", title=DRG))
    assert life.identities() == ((uid, 3), (uid, 2))

    life.do(acts.cancel)
    assert life.seen() == both(shown("04-29", "12:00", "13:30", "CANCELLED", DRG))
    assert life.identities() == ((uid, 4), (uid, 3))

    life.do(acts.restore)
    assert life.seen() == both(shown("04-29", "12:00", "13:30", title=DRG))
    assert life.identities() == ((uid, 5), (uid, 4))

    life.do(acts.leave, life.pat)
    assert life.seen() == ([], shown("04-29", "12:00", "13:30", title=DRG))

    life.do(acts.join, life.pat)
    assert life.seen() == both(shown("04-29", "12:00", "13:30", title=DRG))
    (told, sequence), public = life.identities()
    assert (told, public) == (uid, (uid, 4))
    assert sequence > 6  # than that of a cancellation mailed in between

    had = life.everything()
    life.do(acts.leave_everything)
    assert "completely emptied" in life.follower.synchronise()  # it takes that for a fault
    assert life.everything() == had
    assert life.follower.synchronise("--force-delete") == ""
    assert life.everything() == ([], had[1])

    life.do(acts.join, life.pat)
    assert life.seen() == both(shown("04-29", "12:00", "13:30", title=DRG))
    had = life.everything()
    life.do(acts.revoke)
    assert "mine: NOT FOUND" in life.follower.synchronise()
    assert life.everything() == had


def both(seen: list[Shown]) -> tuple[list[Shown], list[Shown]]:
    return seen, seen
