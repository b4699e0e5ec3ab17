"""What else happens on the dates of a series: a fixed number of queries, however many dates there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, func, literal, or_, select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain.permissions import Actor
from app.domain.timezones import Span
from app.facilitators.models import Absence, Facilitator
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator, OfferingStatus
from app.scheduling.clashes import Asked, Clashes, DoubleBooking, Sitting
from app.scheduling.things_to_know import Thing, leading_in, thing, things_about_clashes


class _Held(NamedTuple):
    """A sitting that is planned already, and how long it takes up its time."""

    sitting: Sitting
    span: Span


def things_on(
    spans: Mapping[str, Span], journey_id: int, timezone: str, facilitator_ids: Collection[int], actor: Actor
) -> dict[str, list[Thing]]:
    """What else happens during each span, by its key; four queries at most."""
    if not spans:
        return {}
    whole = Span(min(one.starts_at for one in spans.values()), max(one.ends_at for one in spans.values()))
    held = _held(journey_id, facilitator_ids, whole)
    names = _names(held, facilitator_ids)
    absences = _absences(facilitator_ids, whole)
    leading = leading_in(journey_id, absences)
    among_them = overlapping(spans)
    found = {}
    for key, span in spans.items():
        then = [one.sitting for one in held if one.span.overlaps(span)]
        clashes = Clashes(
            tuple(DoubleBooking(names[one.offering_id], one) for one in then if one.offering_id in names),
            tuple(one for one in absences if one.starts_at < span.ends_at and span.starts_at < one.ends_at),
            same_journey=tuple(
                one for one in then if one.journey_id == journey_id and one.offering_id not in names
            ),
        )
        asked = Asked(span, journey_id, facilitator_ids=facilitator_ids, actor=actor)
        found[key] = list(things_about_clashes(clashes, asked, timezone, leading))
        if key in among_them:
            found[key].append(thing("Overlap", "another of these dates has not ended when it begins."))
    return found


def _held(journey_id: int, facilitator_ids: Collection[int], whole: Span) -> list[_Held]:
    """Sittings of the journey and of these facilitators, by the clock, in order of time."""
    by_them = exists().where(
        OfferingFacilitator.offering_id == Offering.id,
        OfferingFacilitator.facilitator_id.in_(facilitator_ids),
    )
    rows: Iterable[Sequence[Any]] = db.execute(
        select(
            Offering.starts_at, Offering.ends_at,
            Offering.id, LearningSession.id, LearningSession.position, LearningSession.slug, Journey.id,
            func.coalesce(func.nullif(Journey.short_title, ""), Journey.title), Journey.slug, Journey.status,
            Offering.timezone, Offering.starts_at, Offering.first_on, Offering.last_on, literal(False),
        )
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(
            Offering.status == OfferingStatus.SCHEDULED,
            Offering.starts_at < whole.ends_at,
            Offering.ends_at > whole.starts_at,
            or_(Journey.id == journey_id, by_them) if facilitator_ids else Journey.id == journey_id,
        )
        .order_by(Offering.starts_at, Offering.id)
    )  # fmt: skip
    return [_Held(Sitting._make(facts), Span(starts_at, ends_at)) for starts_at, ends_at, *facts in rows]


def _names(held: Sequence[_Held], facilitator_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Offering id → who of these leads it, by name."""
    if not held or not facilitator_ids:
        return {}
    names: dict[int, tuple[str, ...]] = {}
    for offering_id, name in db.execute(
        select(OfferingFacilitator.offering_id, Facilitator.name)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(
            OfferingFacilitator.offering_id.in_([one.sitting.offering_id for one in held]),
            OfferingFacilitator.facilitator_id.in_(facilitator_ids),
        )
        .order_by(Facilitator.name_folded, Facilitator.id)
    ):
        names[offering_id] = (*names.get(offering_id, ()), name)
    return names


def _absences(facilitator_ids: Collection[int], whole: Span) -> Sequence[Absence]:
    if not facilitator_ids:
        return ()
    return db.scalars(
        select(Absence)
        .join(Absence.facilitator)
        .where(
            Absence.facilitator_id.in_(facilitator_ids),
            Absence.starts_at < whole.ends_at,
            Absence.ends_at > whole.starts_at,
        )
        .order_by(Facilitator.name_folded, Absence.starts_at, Absence.id)
        .options(contains_eager(Absence.facilitator))
    ).all()


def overlapping(spans: Mapping[str, Span]) -> set[str]:
    """The keys of spans that begin before the one before them has ended."""
    found: set[str] = set()
    ends_at: datetime | None = None
    for key, span in sorted(spans.items(), key=lambda row: row[1].starts_at):
        if ends_at is not None and span.starts_at < ends_at:
            found.add(key)
        ends_at = max(ends_at, span.ends_at) if ends_at else span.ends_at
    return found
