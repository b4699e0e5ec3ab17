"""Nobody reads an hour that does not stay: letters wait until a change is told, or taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.calendars import receiving
from app.database import db
from app.domain.attendance import Way
from app.domain.availability import Availability
from app.enrolments.interest import say_interest
from app.enrolments.operations import enrol, take_place
from app.enrolments.roster import messages as roster
from app.enrolments.roster.messages import Draft
from app.enrolments.roster.places import places_roster
from app.learning_sessions.models import Offering
from app.messages import delivery, operations
from app.messages.delivery import Postponed, compose
from app.messages.models import MessageState, OutboxMessage
from app.notices.briefings import FIRST, queue_briefings
from app.scheduling.answering import Answer, answer_interest
from app.scheduling.operations import cancel, restore
from app.scheduling.revising import revise
from app.web import clock
from tests.enrolments.grouping import make_block
from tests.factories import NOW, make_learning_session, make_offering
from tests.notices.changes.telling import told
from tests.notices.golden import text_in
from tests.people import ada, fran, pat, seat, will
from tests.scheduling.telling import as_it_is

MINUTE = timedelta(minutes=1)
FROM = "Meridian <meridian@example.org>"
NEAR = datetime(2027, 4, 22, 12, 0, tzinfo=NOW.tzinfo) - FIRST
"""Three days before the sitting: facilitators are briefed."""


@pytest.fixture(autouse=True)
def _sending(app, database, time_machine):
    time_machine.move_to(NEAR)
    with app.app_context():
        yield


def confirmed() -> tuple[Offering, str]:
    offering = make_offering(capacity_online=4)
    seat(pat(), offering)
    return offering, "place-confirmed"


def waiting() -> tuple[Offering, str]:
    offering = make_offering(capacity_online=1)
    seat(pat(), offering)
    seat(will(), offering)
    return offering, "waiting"


def dated() -> tuple[Offering, str]:
    learning_session = make_learning_session()
    say_interest(learning_session, pat(), Availability(), "", NEAR)
    offering = make_offering(learning_session)
    answer_interest(offering, Answer.INVITE, NEAR)
    return offering, "session-dated"


def reserved() -> tuple[Offering, str]:
    offering = make_offering(capacity_online=4)
    make_block(offering, 1, focal=pat(), release_at=NEAR + FIRST)
    return offering, "block-reserved"


def asked_back(offering: Offering) -> str:
    place = seat(pat(), offering)
    facts = {"place_id": place.id, "sequence": receiving.sequence_of(place, offering)}
    operations.queue(receiving.QUESTION, "pat@example.org", "Pat", facts, NEAR)
    return receiving.QUESTION


def briefed() -> tuple[Offering, str]:
    offering = make_offering(capacity_online=4)
    fran(offering)
    db.commit()
    queue_briefings(NEAR)
    return offering, "facilitator-briefing"


def write(offering: Offering, text: str) -> str:
    journey, place = offering.learning_session.journey, seat(pat(), offering)
    message = roster.write(Draft(journey.id, offering.id, "Bring a case", text), ada(journey), NEAR)
    roster.send(message.id, places_roster(offering, journey.id, True), [place.id], NEAR)
    return roster.KIND


def written_to() -> tuple[Offering, str]:
    offering = make_offering()
    return offering, write(offering, "It begins: {time}")


def message_of(kind: str) -> OutboxMessage:
    return db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).one()


def later(offering: Offering, now: datetime) -> None:
    revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 17, 0)), now)


def as_before(offering: Offering, now: datetime) -> None:
    revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 13, 0)), now)


def off(offering: Offering, now: datetime) -> None:
    cancel(offering, "Strike", now)


def on(offering: Offering, now: datetime) -> None:
    restore(offering, now)


Letters = Callable[[], tuple[Offering, str]]
ALL: tuple[Letters, ...] = (confirmed, waiting, dated, reserved, briefed, written_to)


@pytest.mark.parametrize("letter", ALL)
@pytest.mark.parametrize(("happens", "is_undone_by"), [(later, as_before), (off, on)])
def test_a_change_taken_back_before_it_is_told_is_in_no_letter(time_machine, letter, happens, is_undone_by):
    offering, kind = letter()
    happens(offering, NEAR + MINUTE)
    time_machine.move_to(NEAR + MINUTE)
    with pytest.raises(Postponed) as waits:
        compose(message_of(kind), FROM)
    assert waits.value.until == NEAR + 12 * MINUTE

    is_undone_by(offering, NEAR + 5 * MINUTE)
    told(NEAR)

    time_machine.move_to(NEAR + 40 * MINUTE)
    text = text_in(compose(message_of(kind), FROM))
    assert "13:00–14:30" in text or "12:00–13:30 in Accra" in text
    assert "16:00" not in text
    assert "17:00" not in text
    assert list(db.scalars(select(OutboxMessage.id).where(OutboxMessage.unique_key.like("change:%")))) == []


def test_who_asks_for_a_place_after_the_move_reads_the_hour_that_stays(time_machine):
    """Whoever asks between a move and its undoing is told of neither: their letter must wait."""
    offering = make_offering()
    later(offering, NEAR)
    person = pat()
    enrol(offering.learning_session.journey, person, NOW)
    take_place(offering, person, Way.ONLINE, NEAR + MINUTE)
    time_machine.move_to(NEAR + 2 * MINUTE)
    db.commit()
    delivery.deliver(clock.now)
    assert message_of("place-confirmed").due_at == NEAR + 11 * MINUTE
    as_before(offering, NEAR + 3 * MINUTE)
    told(NEAR)
    time_machine.move_to(NEAR + 40 * MINUTE)
    delivery.deliver(clock.now)
    message = message_of("place-confirmed")
    assert (message.state, message.tries) == (MessageState.SENT, 1)
    assert "12:00–13:30 Accra" in (message.subject or "")


def test_what_tells_no_hour_waits_for_nothing(time_machine):
    offering = make_offering()
    kind = write(offering, "Bring {name} and {{time}}")
    later(offering, NEAR)
    assert "{time}" in text_in(compose(message_of(kind), FROM))


def test_an_announcement_that_nobody_tells_is_not_waited_for_without_end(time_machine):
    offering, kind = confirmed()
    later(offering, NEAR)
    time_machine.move_to(NEAR + 71 * MINUTE)
    assert "17:00–18:30" in text_in(compose(message_of(kind), FROM))


def test_a_question_waits_as_well(time_machine):
    """An answer from a calendar to a time that was never told: the question is of the time that stays."""
    offering = make_offering()
    later(offering, NEAR)
    kind = asked_back(offering)
    with pytest.raises(Postponed):
        compose(message_of(kind), FROM)
