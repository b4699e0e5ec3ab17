"""Making learning sessions and dating them; `app.scheduling` changes a sitting. None of these commits."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select, update

from app.database import Base, db
from app.domain.errors import DomainError, NotFound, Stale
from app.domain.slugs import check_slug, slug_for
from app.domain.timezones import zone_rules
from app.journeys.locking import lock_all, share
from app.journeys.models import Journey, Theme
from app.learning_sessions.models import (
    LearningSession,
    LearningSessionSlug,
    Offering,
    OfferingStatus,
    Venue,
)
from app.learning_sessions.sittings import NewOffering, check_new
from app.learning_sessions.storing import agenda_rows, facilitator_rows, time_columns


def create_learning_session(
    journey: Journey, title: str, now: datetime, *, summary: str = "", content: str = "",
    themes: Sequence[Theme] = (), language: str = "en", text_direction: str = "ltr", slug: str | None = None,
) -> LearningSession:  # fmt: skip
    """Add a session to the journey, as the last one and without a date. Its themes are the journey's."""
    title = _checked_title(title)
    _check_themes(journey.id, themes)
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
        text_direction=text_direction,
        themes=list(themes),
        created_at=now,
        updated_at=now,
    )
    db.add(learning_session)
    journey.updated_at = now
    db.flush()
    return learning_session


def revise_learning_session(
    learning_session: LearningSession, title: str, now: datetime, *, summary: str = "", content: str = "",
    themes: Sequence[Theme] = (), language: str = "en", text_direction: str = "ltr", slug: str | None = None,
) -> None:  # fmt: skip
    """Make the session say this. Another address leaves a redirect; without one it is made from the title.

    Lock the session first.
    """
    title = _checked_title(title)
    _check_themes(learning_session.journey_id, themes)
    is_taken = _is_slug_taken_in(learning_session.journey, learning_session)
    _move_to(learning_session, check_slug(slug, is_taken) if slug else slug_for(title, is_taken, "session"))
    learning_session.title = title
    learning_session.summary, learning_session.content = summary, content
    learning_session.language, learning_session.text_direction = language, text_direction
    if {theme.id for theme in learning_session.themes} != {theme.id for theme in themes}:
        learning_session.themes = list(themes)
    learning_session.updated_at = now
    db.flush()


def reorder(journey: Journey, ids: Sequence[int], now: datetime) -> None:
    """Put the sessions of the journey into this order. Lock the journey first.

    Refuses an order that does not name each of them once: somebody added or deleted one meanwhile.
    """
    table = Base.metadata.tables["learning_sessions"]
    its_own = table.c.journey_id == journey.id
    if sorted(ids) != sorted(db.scalars(select(table.c.id).where(its_own))):
        raise Stale("Sessions were added or deleted meanwhile. Look at the list again, then move it.")
    db.execute(update(table).where(its_own).values(position=-table.c.position))  # a position is taken once
    for position, number in enumerate(ids, start=1):
        db.execute(update(table).where(its_own, table.c.id == number).values(position=position))
    journey.updated_at = now
    db.flush()
    db.expire_all()


def create_venue(
    name: str, timezone: str, *, address: str = "", city: str = "", country: str | None = None
) -> Venue:
    """A place to meet, with the zone its clocks show."""
    venue = Venue()
    revise_venue(venue, name, timezone, address=address, city=city, country=country)
    db.add(venue)
    db.flush()
    return venue


def revise_venue(
    venue: Venue, name: str, timezone: str, *, address: str = "", city: str = "", country: str | None = None
) -> None:
    """Make a venue what this says. Its sittings stay promised in the zones they are promised in."""
    if not name.strip():
        raise DomainError("Give the venue a name.", "venue")
    zone_rules(timezone)
    venue.name, venue.timezone = name.strip(), timezone
    venue.address, venue.city, venue.country = address, city, country


def add_offering(learning_session: LearningSession, new: NewOffering, now: datetime) -> Offering:
    """Date the session; a second offering is a twin sitting. Refuses what cannot be true of a sitting."""
    check_new(new)
    offering = Offering(
        **time_columns(new.when),
        position=max((one.position for one in learning_session.offerings), default=0) + 1,
        uid=f"{uuid4()}@meridian.invalid",
        attendance=new.attendance,
        venue=new.venue,
        join_url=new.join_url,
        join_from_minutes=new.join_from_minutes,
        capacity_online=new.capacity_online,
        capacity_in_person=new.capacity_in_person,
        registration_opens_at=new.registration_opens_at,
        registration_closes_at=new.registration_closes_at,
        facilitators=facilitator_rows(new.facilitators),
        agenda=agenda_rows(new.agenda),
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
    if changes_journey:
        lock_all([journey_id])
    else:
        share(journey_id)
    db.execute(select(LearningSession.id).where(LearningSession.id == learning_session_id).with_for_update())
    db.execute(
        select(Offering.id)
        .where(Offering.learning_session_id == learning_session_id)
        .order_by(Offering.id)
        .with_for_update()
    )
    return journey_id


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


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise DomainError("Give the session a title.", "title")
    return title


def _check_themes(journey_id: int, themes: Sequence[Theme]) -> None:
    if any(theme.journey_id != journey_id for theme in themes):
        raise DomainError("A session can only have themes of its own journey.", "themes")


def _move_to(learning_session: LearningSession, slug: str) -> None:
    """Give it another address; the one it has redirects."""
    if slug == learning_session.slug:
        return
    returned_to = db.get(LearningSessionSlug, (learning_session.journey_id, slug))
    if returned_to is not None:
        db.delete(returned_to)
        db.flush()
    db.add(
        LearningSessionSlug(
            journey_id=learning_session.journey_id,
            slug=learning_session.slug,
            learning_session_id=learning_session.id,
        )
    )
    learning_session.slug = slug


def _is_slug_taken_in(journey: Journey, own: LearningSession | None = None) -> Callable[[str], bool]:
    """Whether another session of the journey than `own` has, or had, an address."""
    own_id = own.id if own is not None else None

    def is_taken(slug: str) -> bool:
        has = select(LearningSession.id).where(
            LearningSession.journey_id == journey.id, LearningSession.slug == slug
        )
        had = select(LearningSessionSlug.learning_session_id).where(
            LearningSessionSlug.journey_id == journey.id, LearningSessionSlug.slug == slug
        )
        return any(found != own_id for found in db.scalars(has.union_all(had)))

    return is_taken
