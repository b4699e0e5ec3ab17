"""What a sitting is stored as: columns and rows made of its facts, and the facts read back. No queries."""

from collections.abc import Sequence
from typing import Any

from app.domain.timezones import Promise, check_wall, derive, zone_data_version, zone_rules
from app.facilitators.models import Facilitator
from app.journeys.crediting import credit_rows
from app.learning_sessions.models import AgendaCredit, AgendaItem, Offering, OfferingFacilitator
from app.learning_sessions.sittings import Days, Part


def promise_of(offering: Offering) -> Promise | None:
    """What was promised; None for a sitting known only by its days."""
    if offering.starts_wall is None or offering.length_minutes is None:
        return None
    return Promise(offering.starts_wall, offering.timezone, offering.fold, offering.length_minutes)


def days_of(offering: Offering) -> Days | None:
    """The day or days of a sitting of which no more is known; None for one with a promise."""
    if offering.first_on is None or offering.last_on is None:
        return None
    return Days(offering.first_on, offering.last_on, offering.timezone)


def time_columns(when: Promise | Days) -> dict[str, Any]:
    """A promise with its instants, derived now, and the version of the zone data they were derived with.

    Refuses a wall time that does not exist and a zone that is not known.
    """
    if isinstance(when, Days):
        zone_rules(when.timezone)
        columns: dict[str, Any] = {"starts_wall": None, "fold": 0, "length_minutes": None}
        columns |= {"starts_at": None, "ends_at": None, "first_on": when.first_on, "last_on": when.last_on}
        return columns | {"timezone": when.timezone, "zone_data_version": "", "zone_flag": None}
    span = derive(when)
    return {
        "starts_wall": when.starts_wall,
        "timezone": when.timezone,
        "fold": check_wall(when.starts_wall, when.timezone, when.fold),
        "length_minutes": when.length_minutes,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "first_on": None,
        "last_on": None,
        "zone_data_version": zone_data_version(),
        "zone_flag": None,
    }


def facilitator_rows(people: Sequence[tuple[Facilitator, str]]) -> list[OfferingFacilitator]:
    """Who leads, in this order, each with the role."""
    return [
        OfferingFacilitator(facilitator_id=person.id, position=position, role=role)
        for position, (person, role) in enumerate(people, start=1)
    ]


def agenda_rows(parts: Sequence[Part]) -> list[AgendaItem]:
    """The agenda, in this order."""
    return [
        AgendaItem(
            position=position,
            length_minutes=part.length_minutes,
            title=part.title,
            summary=part.summary,
            credits=credit_rows(AgendaCredit, part.people),
        )
        for position, part in enumerate(parts, start=1)
    ]
