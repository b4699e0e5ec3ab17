"""A sitting told anew, as its form would: everything as it is, but for what a test changes."""

from typing import Any

from sqlalchemy import select, update

from app.database import db
from app.domain.timezones import Promise
from app.journeys.crediting import Named
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import NewOffering, Part
from app.learning_sessions.storing import days_of, promise_of
from app.scheduling.models import OfferingChange


def as_it_is(offering: Offering, **changes: Any) -> NewOffering:
    """`wall`, `timezone`, `fold` and `length` change its promise, other names what they name."""
    facts: dict[str, Any] = {
        "when": _when(offering, changes),
        "attendance": offering.attendance,
        "venue": offering.venue,
        "join_url": offering.join_url,
        "join_from_minutes": offering.join_from_minutes,
        "capacity_online": offering.capacity_online,
        "capacity_in_person": offering.capacity_in_person,
        "registration_opens_at": offering.registration_opens_at,
        "registration_closes_at": offering.registration_closes_at,
        "facilitators": tuple((one.facilitator, one.role) for one in offering.facilitators),
        "agenda": tuple(
            Part(
                item.length_minutes,
                item.title,
                item.summary,
                tuple(Named(one.name, one.affiliation, one.role, one.facilitator) for one in item.credits),
            )
            for item in offering.agenda
        ),
    }
    return NewOffering(**(facts | changes))


def _when(offering: Offering, changes: dict[str, Any]) -> Any:
    told = {name: changes.pop(name) for name in ("wall", "timezone", "fold", "length") if name in changes}
    promise = promise_of(offering)
    if promise is None:
        return days_of(offering)
    return Promise(
        told.get("wall", promise.starts_wall),
        told.get("timezone", promise.timezone),
        told.get("fold", promise.fold),
        told.get("length", promise.length_minutes),
    )


def changes_of(offering: Offering) -> list[OfferingChange]:
    """Its records, in order."""
    return list(
        db.scalars(
            select(OfferingChange)
            .where(OfferingChange.offering_id == offering.id)
            .order_by(OfferingChange.id)
        )
    )


def derived_under_other_rules(offering: Offering, **values: Any) -> None:
    """Store what an older edition of the zone data would have derived."""
    table = Offering.__table__
    db.execute(update(table).where(table.c.id == offering.id).values(values))  # type: ignore[arg-type]
    db.refresh(offering)
