"""Sittings with a rule, and the time that passes for them."""

from datetime import datetime
from typing import Any

from app.database import db
from app.domain.place_rules import Balance, Giving, RuleKind
from app.enrolments import seating
from app.enrolments.models import Place
from app.enrolments.rules import PlaceRule
from app.learning_sessions.models import LearningSession, Offering
from tests.factories import make_offering

SEED = "a seed that nobody sees before the draw"
LOTTERY, BALANCED = RuleKind.LOTTERY, RuleKind.BALANCED
OFFERS: dict[str, Any] = {"giving": Giving.OFFER}
BY_COUNTRY: dict[str, Any] = {"kind": BALANCED, "balance": Balance.COUNTRY, "share_percent": 25}


def lottery(draw_at: datetime, **more: Any) -> dict[str, Any]:
    return {"kind": LOTTERY, "draw_at": draw_at, "seed": SEED, **more}


def ruled(rule: dict[str, Any], learning_session: LearningSession | None = None, **facts: Any) -> Offering:
    """A sitting that gives its places by a rule."""
    offering = make_offering(learning_session, **facts)
    db.add(PlaceRule(offering_id=offering.id, **rule))
    db.flush()
    return offering


def let_time_pass(offering_id: int, now: datetime) -> None:
    """What the worker does when nobody touches the places."""
    seating.settle_learning_session(db.get_one(Offering, offering_id).learning_session_id, now)
    db.flush()


def place_of(offering_id: int, participant_id: int) -> Place:
    return db.query(Place).filter_by(offering_id=offering_id, participant_id=participant_id).one()
