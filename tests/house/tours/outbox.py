from sqlalchemy import select

from app.database import db
from app.jobs import operations as jobs
from app.jobs.models import Job, JobState
from app.learning_sessions.models import Offering
from app.messages.models import MessageState, OutboxMessage
from tests.factories import NOW
from tests.people import browser_of


def visit(app, people, offering_id):
    """The outbox and the messages of a journey, with one message and one piece of work that failed."""
    slug = db.get_one(Offering, offering_id).learning_session.journey.slug
    query = select(OutboxMessage).where(OutboxMessage.scope.is_not(None)).order_by(OutboxMessage.id)
    message = db.scalars(query).first()
    message.state, message.last_error = MessageState.DEAD, "550 no such user"
    number = message.id
    jobs.add("calendars.tidy", {}, NOW, unique_key="tour")
    job = db.scalars(select(Job).where(Job.unique_key == "tour")).one()
    job.state, job.finished_at, job.last_error = JobState.DEAD, NOW, "it broke"
    db.commit()
    desk, root, ada = "/organise/outbox", browser_of(app, people.root), browser_of(app, people.ada)
    for path in ("", f"/{number}", f"/{number}/letter", "/retry", "/jobs"):
        assert root.get(f"{desk}{path}").status_code == 200, path
    own = f"/organise/journeys/{slug}/messages"
    for path in ("", f"/{number}", f"/{number}/letter", "/retry"):
        assert ada.get(f"{own}{path}").status_code == 200, path
    db.delete(db.get_one(Job, job.id))
    db.get_one(OutboxMessage, number).state = MessageState.QUEUED
    db.commit()
