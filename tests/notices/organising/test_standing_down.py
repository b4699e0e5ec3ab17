"""Who was briefed and leads no more is told that they need not come."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.jobs import worker
from app.jobs.operations import Claim
from app.journeys import operations as journeys
from app.journeys.matter import Contact
from app.learning_sessions.models import Offering
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed, compose
from app.messages.models import MessageState, OutboxMessage
from app.notices import briefings
from app.notices.briefing_rows import STOOD_DOWN
from app.notices.briefings import FIRST, KIND, LONG_AGO, queue_briefings
from app.notices.standing_down import about_stood_down, queue_stood_down
from app.scheduling.operations import cancel, revise
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.notices.changes.telling import end
from tests.notices.golden import check, four, text_in
from tests.people import fran, lead, make_account
from tests.scheduling.telling import as_it_is

START = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
BRIEFED = START - FIRST
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SENDER = "Meridian <meridian@example.org>"


@pytest.fixture(autouse=True)
def sending(app, database, time_machine):
    time_machine.move_to(BRIEFED)
    with app.app_context():
        yield


def written(kind: str) -> list[OutboxMessage]:
    of_kind = select(OutboxMessage).where(OutboxMessage.kind == kind)
    return list(db.scalars(of_kind.order_by(OutboxMessage.id)))


def brief(now: datetime = BRIEFED) -> int:
    db.commit()
    count = queue_briefings(now)
    for one in written(KIND):
        end(one, MessageState.SENT, sent_at=now)
    return count


def scan(now: datetime = BRIEFED + HOUR) -> int:
    db.commit()
    return queue_stood_down(KIND, now - LONG_AGO, now)


def take_off(offering: Offering) -> None:
    offering.facilitators.clear()
    db.flush()


def test_who_was_briefed_and_leads_no_more_is_told_once():
    offering = make_offering()
    user = fran(offering)
    brief()
    assert scan() == 0
    take_off(offering)
    assert scan() == 1
    assert scan(BRIEFED + 2 * HOUR) == 0
    (message,) = written(STOOD_DOWN)
    assert (message.to_address, message.payload["user_id"]) == ("fran@example.org", user.id)
    assert message.order_key == written(KIND)[0].order_key
    assert message.scope == f"journey:{offering.learning_session.journey_id}"
    assert message.expires_at == START


def test_the_round_of_briefings_tells_it():
    offering = make_offering()
    fran(offering)
    brief()
    take_off(offering)
    db.commit()
    worker.handlers[briefings.BRIEF](Claim(0, briefings.BRIEF, {}, 1), BRIEFED + HOUR)
    assert len(written(STOOD_DOWN)) == 1


def test_who_was_not_briefed_is_told_nothing():
    offering = make_offering()
    fran(offering)
    db.commit()
    queue_briefings(BRIEFED)
    take_off(offering)
    assert scan() == 0


def test_the_address_is_that_of_the_account_now():
    offering = make_offering()
    user = fran(offering)
    brief()
    take_off(offering)
    user.email = user.email_folded = "fran.moyo@example.org"
    scan()
    assert written(STOOD_DOWN)[0].to_address == "fran.moyo@example.org"


def test_the_account_a_page_was_taken_from_is_told_and_the_other_is_briefed():
    offering = make_offering()
    fran(offering)
    brief()
    offering.facilitators[0].facilitator.user_id = make_account("Wanjiru Kamau").id
    assert scan() == 1
    assert brief(BRIEFED + HOUR) == 1
    assert written(STOOD_DOWN)[0].to_address == "fran@example.org"
    assert written(KIND)[-1].to_address == "wanjiru@example.org"


def test_who_leads_again_before_it_is_sent_is_not_told():
    offering = make_offering()
    fran(offering)
    brief()
    page = offering.facilitators[0].facilitator
    take_off(offering)
    scan()
    lead(offering, page)
    (message,) = written(STOOD_DOWN)
    with pytest.raises(NoLongerNeeded):
        compose(message, SENDER)
    end(message, MessageState.EXPIRED)
    assert brief(BRIEFED + HOUR) == 0
    take_off(offering)
    assert scan(BRIEFED + 2 * HOUR) == 0


def test_who_leads_again_afterwards_is_briefed_again_and_told_of_each_end():
    offering = make_offering()
    fran(offering)
    brief()
    page = offering.facilitators[0].facilitator
    for number in (1, 2):
        take_off(offering)
        assert scan(BRIEFED + number * HOUR) == 1
        end(written(STOOD_DOWN)[-1], MessageState.SENT, sent_at=BRIEFED + number * HOUR)
        lead(offering, page)
        assert brief(BRIEFED + number * HOUR + MINUTE) == 1
        assert brief(BRIEFED + number * HOUR + 2 * MINUTE) == 0
    assert len({one.unique_key for one in written(KIND)}) == 3


def test_nothing_about_what_has_begun_but_all_in_a_journey_that_closes(time_machine):
    offering = make_offering()
    fran(offering)
    brief()
    take_off(offering)
    assert scan(START) == 0
    scan()
    time_machine.move_to(START)
    with pytest.raises(NoLongerNeeded):
        compose(written(STOOD_DOWN)[0], SENDER)
    time_machine.move_to(BRIEFED)
    journeys.close(offering.learning_session.journey, "", None, NOW)
    assert compose(written(STOOD_DOWN)[0], SENDER)["Subject"].startswith("You no longer lead")


def test_an_hour_that_may_be_taken_back_is_not_told():
    offering = make_offering()
    fran(offering)
    brief()
    revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 17, 0)), BRIEFED)
    take_off(offering)
    scan()
    with pytest.raises(Postponed):
        compose(written(STOOD_DOWN)[0], SENDER)


def test_it_is_sent_at_any_hour_once_the_sitting_is_near(time_machine):
    offering = make_offering()
    fran(offering)
    brief()
    take_off(offering)
    scan()
    payload = written(STOOD_DOWN)[0].payload
    for hours, is_urgent in ((25, False), (24, True)):
        time_machine.move_to(START - timedelta(hours=hours))
        assert about_stood_down(payload).is_urgent is is_urgent


def test_who_has_no_profile_reads_the_hour_of_their_page():
    offering = make_offering()
    lead(offering, make_facilitator("Fran Moyo", user=make_account("Fran Moyo"), timezone="Asia/Tokyo"))
    brief()
    take_off(offering)
    scan()
    assert "21:00–22:30" in text_in(compose(written(STOOD_DOWN)[0], SENDER))


def test_that_it_is_cancelled_too_is_said():
    offering = make_offering()
    fran(offering)
    brief()
    take_off(offering)
    scan()
    cancel(offering, "", NOW)
    text = text_in(compose(written(STOOD_DOWN)[0], SENDER))
    assert "This sitting is cancelled." in text


def test_the_queries_do_not_grow_with_who_leads(query_counter):
    def cost() -> int:
        db.commit()
        with query_counter() as counted:
            queue_stood_down(KIND, NOW, BRIEFED + HOUR)
        return int(counted.count)

    def another(number: int) -> None:
        offering = make_offering(make_learning_session(make_journey(f"Journey {number}")))
        user = make_account(f"Leader{number} Moyo")
        lead(offering, make_facilitator(user.name, user=user))
        brief()
        take_off(offering)

    another(0)
    first = cost()
    for number in range(1, 20):
        another(number)
    assert cost() == first


@pytest.mark.engine("sqlite")
@four
def test_the_letter(person_in):
    journey = make_journey()
    journey.contacts.append(Contact(name="Ada Owusu", email="ada@example.org", position=1))
    offering, person = make_offering(make_learning_session(journey)), person_in()
    lead(offering, make_facilitator(person.name, user=db.get_one(User, person.user_id)))
    brief()
    take_off(offering)
    scan()
    check(compose(written(STOOD_DOWN)[0], SENDER), STOOD_DOWN)
