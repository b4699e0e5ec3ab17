"""A sitting with reserved places, made as the screens make it."""

from datetime import UTC, datetime
from typing import Any

from app.domain.attendance import Way
from app.enrolments.reserved import ReservedBlock
from app.enrolments.reserving import Wanted, reserve
from app.learning_sessions.models import Offering
from tests.factories import NOW

RELEASE = datetime(2027, 4, 15, 9, 0, tzinfo=UTC)
"""A week before the sitting of the factories."""


def wanted(places: int = 3, **facts: Any) -> Wanted:
    about = {"name": "Ghana country group", "way": Way.ONLINE, "timezone": "Africa/Accra"}
    return Wanted(**{**about, "places": places, "release_at": RELEASE, **facts})


def make_block(offering: Offering, places: int = 3, **facts: Any) -> ReservedBlock:
    now = facts.pop("now", NOW)
    return reserve(offering, wanted(places, **facts), None, now)
