"""What the tests of mail share: settings with an address for answers, and places in each state."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.calendars.models import CalendarReply
from app.calendars.receiving import receive
from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.models import Place
from tests.calendars.mail.writing import AUTHSERV, like_outlook
from tests.enrolments.reading import several
from tests.enrolments.ruled import OFFERS, ruled
from tests.factories import NOW, make_offering
from tests.people import pat, seat

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def asking(settings):
    """Settings of a site that asks for answers, and believes its own mail server."""
    return replace(settings, reply_to="replies@meridian.example", trusted_authserv=AUTHSERV)


@pytest.fixture
def confirmed(database) -> Place:
    return seat(pat(), make_offering(capacity_online=5))


@pytest.fixture
def offered(database) -> Place:
    """Pat is offered the place that somebody gave up."""
    offering = ruled(OFFERS, capacity_online=1)
    held, mine = seat(several(1)[0], offering), seat(pat(), offering)
    operations.release_place(held, NOW)
    assert mine.status is PlaceStatus.OFFERED
    return mine


@pytest.fixture
def waiting(database) -> Place:
    offering = make_offering(capacity_online=1)
    seat(several(1)[0], offering)
    return seat(pat(), offering)


@pytest.fixture
def hear(asking):
    """Hear an answer as Outlook would send it: what came of it, in one word."""

    def hear_it(answer, recipient=None, now=LATER, write=like_outlook):
        outcome = receive(write(answer), recipient, asking, now).outcome
        return str(outcome) if outcome is not None else "heard before"

    return hear_it


def last_reply() -> CalendarReply:
    return db.query(CalendarReply).order_by(CalendarReply.id.desc()).limit(1).one()
