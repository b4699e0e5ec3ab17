"""The same mail delivered several times at once, and contradicting answers, in real processes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.calendars.models import CalendarReply
from app.calendars.receiving import QUESTION
from app.database import db, writing
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.models import Place
from app.messages.models import OutboxMessage
from tests.calendars.mail.racing import heard_at_once
from tests.calendars.mail.writing import AUTHSERV, answer_to, like_gmail, like_outlook, vouched
from tests.enrolments.aftermath import check_aftermath
from tests.enrolments.racing import coming_sitting, people, seat_all

RELEASED, CONFIRMED, OFFERED = PlaceStatus.RELEASED, PlaceStatus.CONFIRMED, PlaceStatus.OFFERED


@pytest.fixture
def racing(real_database, settings):
    """Settings that ask for answers, on a database of the test's own."""
    url = real_database.url.render_as_string(hide_password=False)
    return replace(settings, database_url=url, reply_to="replies@meridian.example", trusted_authserv=AUTHSERV)


def decided(place_id, what):
    return db.query(PlaceDecision).filter_by(place_id=place_id, what=what).count()


def test_one_mail_delivered_by_two_processes_at_once_acts_once(racing):
    with writing():
        offering = coming_sitting(1)
        held, waits, _last = seat_all(offering, people(1, 3))
    raw = like_outlook(vouched(answer_to(held, racing, "DECLINED", stamped_at=datetime.now(UTC))))

    came = heard_at_once(racing, [[raw] * 5] * 2)

    assert came == ["acted"] + ["heard before"] * 9
    assert (db.get_one(Place, held.id).status, db.get_one(Place, held.id).sequence) == (RELEASED, 1)
    assert db.get_one(Place, waits.id).status is CONFIRMED
    assert (decided(held.id, Decided.RELEASED), db.query(CalendarReply).count()) == (1, 1)
    check_aftermath(offering.learning_session_id, [])


def test_yes_and_no_at_once_are_one_after_the_other_and_questions_one(racing):
    with writing():
        offering = coming_sitting(1, giving="offer")
        held, offered = seat_all(offering, people(1, 2))
        asked = seat_all(coming_sitting(5, "Another"), people(4, 1))[0]
        operations.release_place(held, datetime.now(UTC))
    now = datetime.now(UTC)
    yes = answer_to(offered, racing, "ACCEPTED", stamped_at=now)
    no = vouched(yes.but(says="DECLINED"))
    unsure = [like_gmail(answer_to(asked, racing, "DECLINED", stamped_at=now)) for _ in range(4)]

    came = heard_at_once(
        racing, [[like_outlook(one), *two] for one, two in ((yes, unsure[:2]), (no, unsure[2:]))]
    )

    assert came == sorted(["acted", "stale", "asked", "nothing", "nothing", "nothing"])
    assert db.get_one(Place, offered.id).status in {CONFIRMED, RELEASED}
    assert decided(offered.id, Decided.ACCEPTED) + decided(offered.id, Decided.OFFER_DECLINED) == 1
    assert db.query(OutboxMessage).filter_by(kind=QUESTION).count() == 1
    check_aftermath(offering.learning_session_id, [])
