"""What somebody wants to hear by mail, and when. None of this commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.database import db
from app.domain.permissions import Actor
from app.messages import recipients
from app.messages.kinds import Choice
from app.messages.models import QUIET_FROM, QUIET_UNTIL, Recipient

WORDS = {
    Choice.REMINDERS: "Reminders of your sessions",
    Choice.HOURS: "When the next session of a journey is at another hour of your day",
    Choice.DATES: "When a session you said you would come to has a date",
    Choice.ORGANISERS: "What the organisers of your journeys write to their people",
    Choice.INVITATIONS: "When organisers invite you to take part in a journey",
    Choice.CLOSINGS: "When a journey you took part in is closed, with what came of it",
    Choice.BRIEFINGS: "What you are told before you lead a session: who comes, from where, the run sheet",
    Choice.DIGEST: "What waits for you as an organiser: requests, waiting lists, mail that did not arrive",
}
"""Each choice, as a page names it."""

TAKING_PART = (
    Choice.REMINDERS,
    Choice.HOURS,
    Choice.DATES,
    Choice.ORGANISERS,
    Choice.INVITATIONS,
    Choice.CLOSINGS,
)


@dataclass(frozen=True)
class Wishes:
    """What somebody wants, or wants from now on."""

    muted: frozenset[str] = frozenset()
    reminders: str | None = None
    """None: as each journey has it."""
    quiet_from: int = QUIET_FROM
    quiet_until: int = QUIET_UNTIL
    """Minutes after local midnight; equal to `quiet_from`: no quiet hours."""
    language: str = "en"


def choices_for(actor: Actor) -> list[Choice]:
    """What can concern somebody at all."""
    found = [*TAKING_PART] if actor.participant_id is not None else [Choice.INVITATIONS]
    found += [Choice.BRIEFINGS] if actor.facilitates else []
    return found + ([Choice.DIGEST] if actor.organises or actor.is_administrator else [])


def wishes_of(known: Recipient | None) -> Wishes:
    """What is kept for an address; the defaults where nothing is."""
    if known is None:
        return Wishes()
    return Wishes(
        recipients.muted_of(known), known.reminders, known.quiet_from, known.quiet_until, known.language
    )


def choose(address: str, wishes: Wishes, among: Collection[Choice], now: datetime) -> None:
    """Keep what the owner of an address wants; of the choices that were not offered nothing changes."""
    known = recipients.of_address(address, now)
    muted = (recipients.muted_of(known) - set(among)) | (wishes.muted & set(among))
    known.muted = " ".join(one for one in Choice if one in muted)
    known.reminders = wishes.reminders
    known.quiet_from, known.quiet_until = wishes.quiet_from, wishes.quiet_until
    known.language, known.updated_at = wishes.language, now
    db.flush()


def see_refusal(address: str, now: datetime) -> None:
    """The owner of an address has read that it refused mail."""
    known = recipients.of_address(address, now)
    if known.refused_at is not None:
        known.refusal_seen_at = now
    db.flush()
