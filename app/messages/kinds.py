"""The kinds of messages: who composes each, whether it can wait, whether it can be switched off."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.messages.composed import Composer


class Choice(StrEnum):
    """What a person can switch off. What concerns their own place or account is none of these."""

    REMINDERS = "reminders"
    """That a session is near."""
    HOURS = "hours"
    """That the next session of a journey is at another hour of their day."""
    DATES = "dates"
    """That something they asked about has a date."""
    ORGANISERS = "organisers"
    """What the organisers of a journey write to its people."""
    INVITATIONS = "invitations"
    """That the organisers of a journey ask somebody to take part."""
    BRIEFINGS = "briefings"
    """What facilitators are told before they lead."""
    DIGEST = "digest"
    """What waits for organisers."""
    CLOSINGS = "closings"
    """That a journey is closed, with what came of it."""


class Rank(IntEnum):
    """Which message goes first where many are due; those of one rank go as they came due."""

    ASKED = 0
    """Its reader sits and waits for it: a confirmation, a new password."""
    NEAR = 1
    """Who does not read it in time turns up at the wrong hour."""
    OWN = 2
    """What became of one's own place or enrolment."""
    MANY = 3
    """What goes to many at one moment, and loses nothing by an hour."""


@dataclass(frozen=True)
class Kind:
    """One kind of message."""

    name: str
    composer: Composer
    choice: Choice | None = None
    """None: it concerns one's own place or account, and is always sent."""
    is_urgent: bool = True
    """Sent at any hour; what is not waits for the end of its reader's quiet hours."""
    is_asked: bool = False
    """Its reader has just asked for it: tried also where an address has refused mail before."""
    rank: Rank = Rank.OWN


kinds: dict[str, Kind] = {}
"""Every kind by its name; slices register theirs when the application is made."""


def register(kind: Kind) -> None:
    """Let a kind be sent. Registering again (a second application) puts the later in its place."""
    kinds[kind.name] = kind


def rank_of(name: str) -> Rank:
    """The rank of a kind; what nobody has registered yet goes first, and is looked at when it is sent."""
    return kinds[name].rank if name in kinds else Rank.ASKED
