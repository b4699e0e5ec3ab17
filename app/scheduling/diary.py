"""The sittings that are somebody's: those they lead, organise, hold a place in or wait for."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, literal, or_, select

from app.database import db
from app.domain.attendance import Attendance
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.facilitators.models import Facilitator
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator, OfferingStatus, Venue


class AgendaRow(NamedTuple):
    """A sitting with where it belongs and what the person is to it."""

    offering_id: int
    title: str
    slug: str
    journey: str
    journey_slug: str
    status: OfferingStatus
    attendance: Attendance
    timezone: str
    starts_wall: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    first_on: date | None
    last_on: date | None
    venue: str | None
    coming: int
    leads: bool
    organises: bool
    place: PlaceStatus | None

    @property
    def roles(self) -> str:
        """`you lead`, `you organise`, `you hold a place`, `you wait for a place`; joined by commas."""
        held = {PlaceStatus.CONFIRMED: "you hold a place", PlaceStatus.WAITING: "you wait for a place"}
        words = ["you lead" if self.leads else "", "you organise" if self.organises else ""]
        words.append(held.get(self.place, "") if self.place else "")
        return ", ".join(word for word in words if word)

    @property
    def is_cancelled(self) -> bool:
        return self.status is OfferingStatus.CANCELLED


def sittings_of(
    user_id: int, participant_id: int | None, organised: Collection[int], period: tuple[datetime, datetime]
) -> Sequence[AgendaRow]:
    """A person's sittings that touch a period, in order of time; one query.

    `organised`: the journeys they organise. Sittings known by their days are found by the UTC days of the
    period, a day wider on both sides.
    """
    leads = exists().where(
        OfferingFacilitator.offering_id == Offering.id,
        OfferingFacilitator.facilitator_id == Facilitator.id,
        Facilitator.user_id == user_id,
    )
    organises: Any = Journey.id.in_(organised) if organised else literal(False)
    own = and_(
        Place.offering_id == Offering.id,
        Place.participant_id == participant_id,
        Place.status.in_((PlaceStatus.CONFIRMED, PlaceStatus.WAITING)),
    )
    rows = db.execute(
        select(
            Offering.id, LearningSession.title, LearningSession.slug,
            func.coalesce(func.nullif(Journey.short_title, ""), Journey.title), Journey.slug, Offering.status,
            Offering.attendance, Offering.timezone, Offering.starts_wall, Offering.starts_at,
            Offering.ends_at, Offering.first_on, Offering.last_on,
            func.coalesce(func.nullif(Venue.city, ""), Venue.name),
            Offering.confirmed_online + Offering.confirmed_in_person, leads, organises, Place.status,
        )
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .outerjoin(Venue, Venue.id == Offering.venue_id)
        .outerjoin(Place, own)
        .where(_touches(*period), or_(leads, organises, Place.id.is_not(None)))
        .order_by(Offering.starts_at, Offering.first_on, Offering.id)
    )  # fmt: skip
    return [AgendaRow._make(row) for row in rows]


def _touches(starts_at: datetime, ends_at: datetime) -> Any:
    a_day = timedelta(days=1)
    by_the_day = and_(
        Offering.first_on <= (ends_at + a_day).date(), Offering.last_on >= (starts_at - a_day).date()
    )
    return or_(and_(Offering.starts_at < ends_at, Offering.ends_at > starts_at), by_the_day)
