"""What the demonstration data lack, made in the live site's database through the screens' operations."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.calendars.addressing import attendee_of, question_token
from app.calendars.models import CalendarReply, ReplyOutcome
from app.calendars.receiving import sequence_of
from app.config import Settings
from app.database import begin_writing, bind, db, make_engine
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.participants.models import Participant
from app.scheduling.operations import cancel
from tests.browser.conftest import LiveServer
from tests.factories import make_journey, make_learning_session, make_offering


def cancel_sittings(server: LiveServer, journey: str, learning_session: str, note: str) -> None:
    """Cancel every sitting of a learning session."""
    with _writing(server):
        statement = (
            select(LearningSession)
            .join(LearningSession.journey)
            .where(Journey.slug == journey, LearningSession.slug == learning_session)
        )
        for offering in db.scalars(statement).one().offerings:
            cancel(offering, note, datetime.now(UTC))


def add_long_journey(server: LiveServer, count: int) -> str:
    """A journey with many sessions, a week apart from tomorrow on; its address."""
    with _writing(server):
        now = datetime.now(UTC)
        journey = make_journey("Four years of Thursdays", now=now, summary="A session every week.")
        wall = now.replace(tzinfo=None, hour=13, minute=0, second=0, microsecond=0) + timedelta(days=1)
        for number in range(count):
            learning_session = make_learning_session(
                journey, f"Thursday {number + 1}", now=now, summary="What the week brought, and what it asks."
            )
            make_offering(learning_session, wall=wall + timedelta(weeks=number), now=now, capacity_online=40)
        return f"/journeys/{journey.slug}/"


def zone_of(server: LiveServer, email: str) -> str:
    """The time zone of the participant whose account has this address."""
    with _writing(server):
        found = select(Participant.timezone).join(User, User.id == Participant.user_id)
        return db.scalars(found.where(User.email == email)).one()


def answer_from_calendars(server: LiveServer, offering_id: int) -> str:
    """Answers of every kind about a sitting; the address of the question about one of its places."""
    with _writing(server):
        now = datetime.now(UTC)
        taken = select(Place).filter_by(offering_id=offering_id, status=PlaceStatus.CONFIRMED)
        place = db.scalars(taken.order_by(Place.id)).first()
        assert place is not None
        for outcome in ReplyOutcome:
            db.add(
                CalendarReply(
                    message_id=outcome, received_at=now, place_id=place.id, answer="declined",
                    sequence=0, outcome=outcome, detail="Nobody vouched for its sender; a mail asks.",
                )
            )  # fmt: skip
        who = attendee_of(place)
        assert who is not None
        settings = Settings(secret_key=server.environment["SECRET_KEY"])
        return f"/replies/{question_token(place, sequence_of(place, place.offering), who, settings)}"


@contextmanager
def _writing(server: LiveServer) -> Iterator[None]:
    engine, before = make_engine(server.database_url), db.session_factory.kw.get("bind")
    bind(engine)
    try:
        begin_writing()
        yield
        db.commit()
    finally:
        db.remove()
        db.configure(bind=before)
        engine.dispose()
