"""An offer, a lottery, a request that is declined: the pages of their holder, and what they are written."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db
from app.enrolments import approving, operations
from app.learning_sessions.models import Offering
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed, compose
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.enrolments.ruled import OFFERS, let_time_pass, lottery, ruled
from tests.factories import NOW, make_learning_session, make_offering
from tests.people import browser_of, seat


def visit(app, people, offering_id):
    will, pat = (db.get_one(Participant, one.id) for one in (people.will, people.pat))
    journey = db.get_one(Offering, offering_id).learning_session.journey
    draw = ruled(
        lottery(NOW + timedelta(days=1)), make_learning_session(journey, "By lot"), capacity_online=1
    )
    offering = ruled(OFFERS, make_learning_session(journey, "Offered"), capacity_online=1)
    held, mine = seat(pat, offering), seat(will, offering)
    seat(will, draw)
    operations.release_place(held, NOW)
    let_time_pass(draw.id, NOW + timedelta(days=1))
    pages = (
        f"/me/places/{mine.id}/accept", f"/me/places/{mine.id}/", f"/me/places/{mine.id}/release", "/me/",
        f"/journeys/{journey.slug}/sessions/by-lot/draw/{draw.id}",
        f"/journeys/{journey.slug}/sessions/offered/",
    )  # fmt: skip
    offered_id = offering.id
    for path in pages:
        assert browser_of(app, will).get(path).status_code == 200, path
    write(app)
    let_time_pass(offered_id, NOW + timedelta(days=3))
    write(app)
    asked = make_learning_session(db.get_one(Offering, offering_id).learning_session.journey, "Asked")
    decide(app, db.get_one(Participant, people.will.id), asked)


def decide(app, will, learning_session):
    """Everything that organisers decide about one person's places, and the letters about it."""
    first = ruled({"needs_approval": True}, learning_session)
    second = make_offering(learning_session, wall=datetime(2027, 4, 23, 13, 0))
    place = seat(will, first)
    approving.approve(place, None, NOW)
    approving.withdraw_approval(place, None, NOW)
    write(app)
    there = approving.move(place, second, None, NOW)
    write(app)
    approving.take_out(there, "Two of them are yours already.", None, NOW)
    approving.decline(seat(will, first), "It is full of finance officers.", None, NOW)
    write(app)


def write(app):
    """Compose every message that is true now."""
    db.commit()
    with app.app_context():
        for message in db.scalars(select(OutboxMessage)).all():
            with suppress(NoLongerNeeded, Postponed):
                compose(message, "Meridian <meridian@example.org>")
