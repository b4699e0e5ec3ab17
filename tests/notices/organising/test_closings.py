"""When an organiser closes a journey, its people are told ten minutes later, once, with what came of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.enrolments import entering
from app.enrolments import operations as enrolments
from app.enrolments.models import EnrolmentStatus
from app.jobs import worker
from app.jobs.models import Job, JobState
from app.journeys.composing import NewPublication, add_publication
from app.journeys.matter import Contact
from app.journeys.operations import CLOSED_FOR, TELL_CLOSED, close, take_step
from app.journeys.revising import About, revise
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.kinds import Rank
from app.messages.models import MessageState, OutboxMessage
from app.notices import closings, queries
from app.notices.closings import KIND, UNDECIDED
from app.toolkits.operations import link_journey
from tests.factories import (
    NOW,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_toolkit,
)
from tests.notices.golden import check, four, mail_to
from tests.people import nora, pat, seat, will

LATER = NOW + CLOSED_FOR
MINUTE = timedelta(minutes=1)
SENDER = "Meridian <meridian@example.org>"


def work(now):
    """What the worker does about closed journeys until nothing is due; messages stay where they are."""
    db.commit()
    sources, periodic = worker.sources[:], dict(worker.periodic)
    worker.sources.clear()
    worker.periodic.clear()
    try:
        worker.run_until_idle(lambda: now)
    finally:
        worker.sources[:] = sources
        worker.periodic.update(periodic)
    return told()


def told():
    """Whom the outbox tells, in order."""
    return addresses(KIND)


def addresses(kind):
    found = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id))
    return [one.to_address for one in found]


def latest(kind=KIND):
    return db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()[-1]


def asks(person, journey):
    """They ask to join; the organisers have not decided."""
    enrolments.enrol(journey, person, NOW)
    queries.enrolment(journey.id, person.id).status = EnrolmentStatus.REQUESTED


@pytest.fixture
def journey(database):
    made = make_journey()
    for person in (pat(), will()):
        enrolments.enrol(made, person, NOW)
    return made


def test_everybody_enrolled_is_told_ten_minutes_later(journey):
    take_step(journey, "close", NOW, "Thank you.")
    assert work(LATER - MINUTE) == []
    assert work(LATER) == ["pat@example.org", "will@example.org"]
    assert work(LATER + MINUTE) == ["pat@example.org", "will@example.org"]


def test_what_is_written_to_the_outbox(journey):
    take_step(journey, "close", NOW)
    work(LATER)
    message = latest()
    who = message.payload["participant_id"]
    closed_at = NOW.isoformat()
    assert message.payload == {"journey_id": journey.id, "participant_id": who, "closed_at": closed_at}
    assert message.unique_key == f"closed:{journey.id}:{closed_at}:{who}"
    assert message.scope == f"journey:{journey.id}"
    assert message.rank == Rank.MANY


def test_nobody_where_it_is_open_again_by_then(journey):
    take_step(journey, "close", NOW)
    take_step(journey, "open", NOW + 5 * MINUTE)
    assert work(LATER) == []


def test_closed_open_and_closed_again_is_told_ten_minutes_after_the_last(journey):
    take_step(journey, "close", NOW)
    take_step(journey, "open", NOW + MINUTE)
    take_step(journey, "close", NOW + 5 * MINUTE)
    assert work(LATER) == []
    assert work(LATER + 5 * MINUTE) == ["pat@example.org", "will@example.org"]


def test_closed_again_another_day_is_told_again(journey):
    take_step(journey, "close", NOW)
    work(LATER)
    tomorrow = NOW + timedelta(days=1)
    take_step(journey, "open", tomorrow)
    take_step(journey, "close", tomorrow)
    assert len(work(tomorrow + CLOSED_FOR)) == 4


def test_who_still_asks_to_join_is_told_that_it_is_not_decided_any_more(journey):
    asks(nora(), journey)
    take_step(journey, "close", NOW)
    assert work(LATER) == ["pat@example.org", "will@example.org"]
    assert addresses(UNDECIDED) == ["nora@example.org"]
    message = latest(UNDECIDED)
    assert message.unique_key == f"closed:{journey.id}:{NOW.isoformat()}:{message.payload['participant_id']}"
    assert message.rank == Rank.MANY


def test_who_was_declined_is_not_told(journey):
    person = nora()
    asks(person, journey)
    entering.decline_enrolment(queries.enrolment(journey.id, person.id), "No room.", None, NOW)
    take_step(journey, "close", NOW)
    work(LATER)
    assert addresses(UNDECIDED) == []


def closed_and_told(journey):
    """Closed, told, and opened again an hour later."""
    take_step(journey, "close", NOW)
    work(LATER)
    take_step(journey, "open", NOW + 60 * MINUTE)


def again(journey):
    """Closed once more, two hours after the first time: whom that tells."""
    take_step(journey, "close", NOW + 120 * MINUTE)
    return work(NOW + 120 * MINUTE + CLOSED_FOR)[2:]


def test_closed_again_while_the_letters_of_the_first_time_wait_is_told(journey):
    """Those of the first time are not sent: they came from a closing that was taken back."""
    closed_and_told(journey)
    assert again(journey) == ["pat@example.org", "will@example.org"]


def test_who_was_told_shortly_before_is_not_told_again(journey):
    closed_and_told(journey)
    first = db.scalars(select(OutboxMessage).where(OutboxMessage.to_address == "pat@example.org")
                       .where(OutboxMessage.kind == KIND)).one()  # fmt: skip
    first.state, first.sent_at = MessageState.SENT, LATER
    assert again(journey) == ["will@example.org"]


def test_closing_twice_is_one_job(journey):
    assert take_step(journey, "close", NOW)
    assert not take_step(journey, "close", NOW + MINUTE)
    assert db.scalar(select(func.count()).select_from(Job).where(Job.kind == TELL_CLOSED)) == 1


def test_a_journey_brought_in_as_closed_tells_nobody(journey):
    close(journey, "It was over long ago.", None, NOW)
    assert work(LATER) == []


def test_who_left_or_has_no_address_is_not_told_who_gave_one_is(journey):
    gone = nora()
    enrolments.enrol(journey, gone, NOW)
    enrolments.leave(journey, gone, NOW)
    enrolments.enrol(journey, make_participant("Abena Kra"), NOW)
    without_account = make_participant("Yaw Boateng")
    without_account.email = without_account.email_folded = "yaw@example.org"
    enrolments.enrol(journey, without_account, NOW)
    take_step(journey, "close", NOW)
    assert work(LATER) == ["pat@example.org", "will@example.org", "yaw@example.org"]


def test_a_worker_that_was_lost_leaves_whole_chunks_and_the_next_goes_on(journey, monkeypatch):
    monkeypatch.setattr(closings, "CHUNK", 2)
    for number in range(3):
        person = make_participant(f"Somebody {number}")
        person.email = person.email_folded = f"s{number}@example.org"
        enrolments.enrol(journey, person, NOW)
    take_step(journey, "close", NOW)
    asked = []

    def lost(journey_id, after, original=closings.enrolled):
        asked.append(after)
        if len(asked) == 2:
            raise RuntimeError("the worker was lost")
        return original(journey_id, after)

    monkeypatch.setattr(closings, "enrolled", lost)
    assert work(LATER) == ["pat@example.org", "will@example.org"]
    assert len(work(LATER + MINUTE)) == 5
    assert asked[1] == asked[2] > 0
    job = db.scalars(select(Job).where(Job.kind == TELL_CLOSED)).one()
    assert (job.state, job.tries) == (JobState.DONE, 2)


# The letter


@pytest.fixture
def sending(app, database):
    with app.app_context():
        yield


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
@four
def test_the_letter(person_in, time_machine):
    journey, person = make_journey(), person_in()
    journey.contacts.append(Contact(name="Ada Owusu", email="ada@example.org", position=1))
    first = make_offering(
        make_learning_session(journey, "The first"),
        wall=datetime(2027, 3, 2, 13, 0),  # noqa: DTZ001
    )
    second = make_offering(
        make_learning_session(journey, "The second"),
        wall=datetime(2027, 3, 4, 23, 0),  # noqa: DTZ001
    )
    for offering in (second, first):
        seat(person, offering)
    new = NewPublication(title="Paying for primary care", publisher="Institute of Development Studies",
                         url="https://example.org/paying")  # fmt: skip
    add_publication(journey, new, NOW)
    add_publication(journey, NewPublication(title="Notes of the round"), NOW)
    link_journey(make_toolkit(), journey, NOW)
    ended = datetime(2027, 3, 31, 12, 0, tzinfo=UTC)
    take_step(journey, "close", ended, "We met twice.\n\nThe notes are below.")
    work(ended + CLOSED_FOR)
    time_machine.move_to(ended + CLOSED_FOR)
    check(mail_to(person, KIND), "journey-closed")


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_who_has_no_account_and_nothing_came_of_it(time_machine):
    journey = make_journey()
    person = make_participant("Yaw Boateng")
    person.email = person.email_folded = "yaw@example.org"
    enrolments.enrol(journey, person, NOW)
    take_step(journey, "close", NOW)
    work(LATER)
    time_machine.move_to(LATER)
    check(mail_to(person, KIND), "journey-closed-without-account")


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
@four
def test_the_letter_to_who_still_asks(person_in, time_machine):
    journey, person = make_journey(), person_in()
    journey.contacts.append(Contact(name="Ada Owusu", email="ada@example.org", position=1))
    asks(person, journey)
    take_step(journey, "close", NOW, "We met twice.")
    work(LATER)
    time_machine.move_to(LATER)
    check(mail_to(person, UNDECIDED), "enrolment-undecided")


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
@pytest.mark.parametrize("what", ["open", "withdrawn", "declined"])
def test_no_word_about_a_request_that_is_none_any_more(what, time_machine):
    journey, person = make_journey(), pat()
    asks(person, journey)
    take_step(journey, "close", NOW)
    work(LATER)
    time_machine.move_to(LATER)
    compose(latest(UNDECIDED), SENDER)
    if what == "open":
        take_step(journey, "open", LATER)
    if what == "withdrawn":
        enrolments.leave(journey, person, LATER)
    if what == "declined":
        entering.decline_enrolment(queries.enrolment(journey.id, person.id), "No room.", None, LATER)
    db.commit()
    with pytest.raises(NoLongerNeeded):
        compose(latest(UNDECIDED), SENDER)


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
@pytest.mark.parametrize("what", ["open", "left", "closed another time"])
def test_silent_where_it_is_not_so_any_more(what, time_machine):
    journey, person = make_journey(), pat()
    enrolments.enrol(journey, person, NOW)
    take_step(journey, "close", NOW)
    work(LATER)
    time_machine.move_to(LATER)
    compose(latest(), SENDER)
    take_step(journey, "open", LATER)
    if what == "left":
        enrolments.leave(journey, person, LATER)
    if what == "closed another time":
        take_step(journey, "close", LATER + MINUTE)
    if what == "left":
        close(journey, "", None, LATER)
    db.commit()
    with pytest.raises(NoLongerNeeded):
        compose(latest(), SENDER)


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_a_day_that_is_corrected_while_letters_wait_is_told_once_as_it_is(time_machine):
    journey = make_journey()
    enrolments.enrol(journey, pat(), NOW)
    take_step(journey, "close", NOW)
    work(LATER)
    about = About(kind=journey.kind, title=journey.title, slug=journey.slug,
                  closing=(date(2027, 2, 26), "Thank you."))  # fmt: skip
    revise(journey, about, LATER + MINUTE)
    time_machine.move_to(LATER + MINUTE)
    assert work(LATER + MINUTE) == ["pat@example.org"]
    assert "closed on 26 February 2027" in str(compose(latest(), SENDER)["Subject"])
