"""Making learning sessions, dating them, moving and cancelling a sitting. None of these commits."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update

from app.database import Base, db
from app.domain.errors import DomainError, NotFound, Refused
from app.domain.slugs import check_slug, slug_for
from app.domain.timezones import Promise, check_wall, derive, zone_rules
from app.facilitators.models import Facilitator
from app.journeys.crediting import credit_rows
from app.journeys.models import Journey, Theme
from app.learning_sessions.models import (
    AgendaCredit,
    AgendaItem,
    LearningSession,
    LearningSessionSlug,
    Offering,
    OfferingFacilitator,
    OfferingStatus,
    Venue,
)
from app.learning_sessions.sittings import Days, NewOffering, Part, check_agenda_fits, check_new


def create_learning_session(
    journey: Journey, title: str, now: datetime, *, summary: str = "", content: str = "",
    themes: Sequence[Theme] = (), language: str = "en", slug: str | None = None,
) -> LearningSession:  # fmt: skip
    """Add a session to the journey, as the last one and without a date. Its themes are the journey's."""
    title = " ".join(title.split())
    if not title:
        raise DomainError("Give the session a title.", "title")
    if any(theme.journey_id != journey.id for theme in themes):
        raise DomainError("A session can only have themes of its own journey.", "themes")
    is_taken = _is_slug_taken_in(journey)
    last = db.scalar(
        select(func.max(LearningSession.position)).where(LearningSession.journey_id == journey.id)
    )
    learning_session = LearningSession(
        journey=journey,
        slug=check_slug(slug, is_taken) if slug else slug_for(title, is_taken, "session"),
        position=(last or 0) + 1,
        title=title,
        summary=summary,
        content=content,
        language=language,
        themes=list(themes),
        created_at=now,
        updated_at=now,
    )
    db.add(learning_session)
    journey.updated_at = now
    db.flush()
    return learning_session


def create_venue(
    name: str, timezone: str, *, address: str = "", city: str = "", country: str | None = None
) -> Venue:
    """A place to meet, with the zone its clocks show."""
    if not name.strip():
        raise DomainError("Give the venue a name.", "venue")
    zone_rules(timezone)
    venue = Venue(name=name.strip(), timezone=timezone, address=address, city=city, country=country)
    db.add(venue)
    db.flush()
    return venue


def add_offering(learning_session: LearningSession, new: NewOffering, now: datetime) -> Offering:
    """Date the session; a second offering is a twin sitting. Refuses what cannot be true of a sitting."""
    check_new(new)
    offering = Offering(
        **_time_columns(new.when),
        position=max((one.position for one in learning_session.offerings), default=0) + 1,
        uid=f"{uuid4()}@meridian.invalid",
        attendance=new.attendance,
        venue=new.venue,
        join_url=new.join_url,
        join_from_minutes=new.join_from_minutes,
        capacity_online=new.capacity_online,
        capacity_in_person=new.capacity_in_person,
        facilitators=_facilitator_rows(new.facilitators),
        agenda=_agenda_rows(new.agenda),
        created_at=now,
        updated_at=now,
    )
    learning_session.offerings.append(offering)
    learning_session.updated_at = now
    db.flush()
    refresh_next_at(learning_session.journey, now)
    return offering


def lock(learning_session_id: int, changes_journey: bool = False) -> int:
    """Lock in the one order: journey, learning session, offerings by id. Returns the journey's id.

    Unless it is to change, the journey is locked against changes only, so that places in its other sessions
    do not wait here. Raises NotFound.
    """
    journey_id = db.scalar(
        select(LearningSession.journey_id).where(LearningSession.id == learning_session_id)
    )
    if journey_id is None:
        raise NotFound("This session is no longer there.")
    its_row = select(Journey.id).where(Journey.id == journey_id)
    db.execute(
        its_row.with_for_update(key_share=True) if changes_journey else its_row.with_for_update(read=True)
    )
    db.execute(select(LearningSession.id).where(LearningSession.id == learning_session_id).with_for_update())
    db.execute(
        select(Offering.id)
        .where(Offering.learning_session_id == learning_session_id)
        .order_by(Offering.id)
        .with_for_update()
    )
    return journey_id


def reschedule(offering: Offering, when: Promise | Days, now: datetime) -> bool:
    """Move a sitting. False, and nothing changes, when it stands there already.

    The agenda must still fit. Refuses a sitting that has been cancelled.
    """
    lock(offering.learning_session_id, changes_journey=True)
    db.refresh(offering)
    if offering.is_cancelled:
        raise Refused("This sitting has been cancelled; restore it before you move it.")
    check_agenda_fits((item.length_minutes for item in offering.agenda), when)
    columns = _time_columns(when)
    if all(getattr(offering, name) == value for name, value in columns.items()):
        return False
    for name, value in columns.items():
        setattr(offering, name, value)
    _changed(offering, now)
    return True


def cancel(offering: Offering, note: str, now: datetime) -> None:
    """Cancel a sitting; it stays where people look for it. Cancelling twice is cancelling once."""
    lock(offering.learning_session_id, changes_journey=True)
    db.refresh(offering)
    if offering.is_cancelled:
        return
    offering.status, offering.cancelled_at = OfferingStatus.CANCELLED, now
    offering.cancellation_note = note.strip()
    _changed(offering, now)


def promise_of(offering: Offering) -> Promise | None:
    """What was promised; None for a sitting known only by its days."""
    if offering.starts_wall is None or offering.length_minutes is None:
        return None
    return Promise(offering.starts_wall, offering.timezone, offering.fold, offering.length_minutes)


def refresh_next_at(journey: Journey, now: datetime) -> None:
    """Note when the journey meets next, which orders the catalogue.

    Written beside the journey's version, which belongs to its editors.
    """
    next_at = db.scalar(
        select(func.min(Offering.starts_at))
        .join(LearningSession)
        .where(
            LearningSession.journey_id == journey.id,
            Offering.status == OfferingStatus.SCHEDULED,
            Offering.ends_at > now,
        )
    )
    if next_at != journey.next_at:
        table = Base.metadata.tables["journeys"]
        db.execute(update(table).where(table.c.id == journey.id).values(next_at=next_at))
        db.refresh(journey, ["next_at"])


def refresh_passed(now: datetime) -> int:
    """Bring `next_at` of journeys on whose noted session has ended meanwhile; returns how many moved on."""
    passed = db.scalars(select(Journey).where(Journey.next_at < now).order_by(Journey.id)).all()
    for journey in passed:
        refresh_next_at(journey, now)
    return len(passed)


def _changed(offering: Offering, now: datetime) -> None:
    """What calendars need to notice a change of time or status (RFC 5546, 2.1.4)."""
    offering.sequence += 1
    offering.updated_at = offering.learning_session.updated_at = now
    db.flush()
    refresh_next_at(offering.learning_session.journey, now)


def _time_columns(when: Promise | Days) -> dict[str, Any]:
    if isinstance(when, Days):
        zone_rules(when.timezone)
        columns: dict[str, Any] = {"starts_wall": None, "fold": 0, "length_minutes": None}
        columns |= {"starts_at": None, "ends_at": None, "first_on": when.first_on, "last_on": when.last_on}
        return columns | {"timezone": when.timezone}
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
    }


def _facilitator_rows(people: Sequence[tuple[Facilitator, str]]) -> list[OfferingFacilitator]:
    return [
        OfferingFacilitator(facilitator_id=person.id, position=position, role=role)
        for position, (person, role) in enumerate(people, start=1)
    ]


def _agenda_rows(parts: Sequence[Part]) -> list[AgendaItem]:
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


def _is_slug_taken_in(journey: Journey) -> Callable[[str], bool]:
    def is_taken(slug: str) -> bool:
        has = select(LearningSession.id).where(
            LearningSession.journey_id == journey.id, LearningSession.slug == slug
        )
        had = select(LearningSessionSlug.learning_session_id).where(
            LearningSessionSlug.journey_id == journey.id, LearningSessionSlug.slug == slug
        )
        return db.scalar(has.union_all(had).limit(1)) is not None

    return is_taken
