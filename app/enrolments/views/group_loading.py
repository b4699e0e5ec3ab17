"""What the screens of groups begin with: the block at an address, and its moments in words."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, current_app, make_response
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.domain.moments import Moment, moment
from app.domain.permissions import Permission, may
from app.enrolments import blocks, queries, reserving
from app.enrolments.reserved import ReservedBlock
from app.learning_sessions.models import LearningSession, Offering
from app.web.access import current_actor
from app.web.reader import reader


@dataclass(frozen=True)
class OfBlock:
    """A block as the permission rules of its sitting see it."""

    block: ReservedBlock
    learning_session: LearningSession


def offering_at(offering_id: int) -> Offering | None:
    """A sitting with its learning session and journey."""
    return queries.offering(offering_id)


def block_at(block_id: int) -> OfBlock | None:
    """A block on the desk."""
    found = blocks.block(block_id)
    return OfBlock(found, found.offering.learning_session) if found is not None else None


def group_at(block_id: int) -> ReservedBlock | None:
    """A block for those who name its people; for others who are signed in there is none."""
    found, actor = blocks.block(block_id), current_actor()
    if found is None or (actor.is_signed_in and not may(actor, Permission.BLOCK_NAME, found)):
        return None
    return found


@dataclass(frozen=True)
class Released:
    """When the places of a group without a name go back, or went back, to everybody."""

    own: Moment
    """In the reader's zone, or that of the block where it is not known."""
    there: Moment | None
    """In the zone it was set in, where the clocks there show another time."""
    is_past: bool


def released(block: ReservedBlock, now: datetime) -> Released:
    """The release as the reader's clocks show it: at the latest when the sitting begins, as it is now."""
    ends = min(block.release_at, reserving.latest_release(block.offering))
    at = block.returned_at or ends
    own = moment(at, reader().timezone or block.timezone)
    there = moment(at, block.timezone)
    is_same = (own.day, own.clock) == (there.day, there.clock)
    return Released(own, None if is_same else there, block.returned_at is not None or ends <= now)


def settings() -> Settings:
    """Those of this application."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def unkept(answer: ResponseReturnValue) -> Response:
    """An answer with a secret address in it: no cache keeps it, no other page learns of it."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
