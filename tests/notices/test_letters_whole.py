"""Every letter about places and requests, for people in four cities, compared whole with `golden/`."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from app.accounts.models import User
from app.calendars import receiving
from app.database import db
from app.domain.admission import Admission
from app.domain.attendance import Attendance, Way
from app.domain.availability import Availability
from app.domain.place_rules import Giving
from app.enrolments import approving, entering, naming, operations
from app.enrolments.interest import say_interest
from app.enrolments.rules import EnrolmentPolicy
from app.journeys.matter import Contact
from app.messages import operations as messages
from app.messages.models import OutboxMessage
from app.notices.entering import ABOUT_REQUESTS
from app.notices.groups import BLOCK_RESERVED
from app.notices.places import ABOUT_PLACES
from app.notices.views import ABOUT_JOURNEYS, ABOUT_SITTINGS
from app.scheduling.answering import Answer, answer_interest
from app.scheduling.operations import revise
from tests.enrolments.grouping import make_block
from tests.enrolments.reading import several
from tests.enrolments.ruled import BY_COUNTRY, OFFERS, let_time_pass, lottery, ruled
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.notices.golden import CITIES, FILES, check, four, in_accra, mail_to, text_in
from tests.people import seat
from tests.scheduling.telling import as_it_is

pytestmark = pytest.mark.engine("sqlite")
EVENING = datetime(2027, 4, 22, 19, 0)
DRAW = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _sending(app, database, time_machine, monkeypatch):
    """A site that asks calendars for answers, at the moment of the tests."""
    time_machine.move_to(NOW)
    asking = replace(app.config["SETTINGS"], reply_to="replies@meridian.example")
    monkeypatch.setitem(app.config, "SETTINGS", asking)
    with app.app_context():
        yield


def journey(**facts):
    made = make_journey(**facts)
    made.contacts.append(Contact(name="Ada Owusu", email="ada@example.org", position=1))
    db.flush()
    return made


def sessions():
    return make_learning_session(journey())


def sitting(**facts):
    return make_offering(sessions(), **facts)


@four
def test_enrolled(person_in):
    person = person_in()
    operations.enrol(journey(), person, NOW)
    check(mail_to(person, "enrolled"), "enrolled")


@four
def test_place_confirmed(person_in):
    person = person_in()
    seat(person, sitting())
    check(mail_to(person, "place-confirmed"), "place-confirmed")


@four
def test_place_confirmed_in_person(person_in):
    person, venue = person_in(), make_venue(address="12 Ridge Road", city="Accra")
    offering = ruled(
        {"cancel_hours": 48}, sessions(), attendance=Attendance.BOTH, timezone="Africa/Accra", venue=venue
    )
    seat(person, offering, Way.IN_PERSON)
    check(mail_to(person, "place-confirmed"), "place-confirmed-in-person")


@four
def test_waiting(person_in):
    person, offering = person_in(), sitting(capacity_online=1)
    for one in [*several(3), person]:
        seat(one, offering)
    check(mail_to(person, "waiting"), "waiting")


@four
def test_waiting_in_a_lottery(person_in):
    person, offering = person_in(), ruled(lottery(DRAW), sessions(), capacity_online=1)
    seat(person, offering)
    check(mail_to(person, "waiting"), "waiting-in-a-lottery")


@four
def test_waiting_after_the_draw(person_in, time_machine):
    person, offering = person_in(), ruled(lottery(DRAW), sessions(), capacity_online=0)
    seat(person, offering)
    db.execute(delete(OutboxMessage))
    time_machine.move_to(DRAW)
    let_time_pass(offering.id, DRAW)
    check(mail_to(person, "waiting"), "waiting-after-the-draw")


@four
def test_waiting_in_balance(person_in):
    offering = ruled(
        {**BY_COUNTRY, "giving": Giving.OFFER, "balanced_until_at": DRAW}, sessions(), capacity_online=4
    )
    first, person = several(1)[0], person_in()
    first.country = person.country
    for one in (first, person):
        seat(one, offering)
    check(mail_to(person, "waiting"), "waiting-in-balance")


@four
def test_unseated(person_in):
    person, offering = person_in(), sitting(capacity_online=1)
    seat(person, offering)
    revise(offering, as_it_is(offering, capacity_online=0), NOW, may_unseat=True)
    check(mail_to(person, "waiting"), "unseated")


@four
def test_promoted(person_in):
    person, offering = person_in(), sitting(capacity_online=1)
    held = seat(several(1)[0], offering)
    seat(person, offering)
    operations.release_place(held, NOW)
    check(mail_to(person, "promoted"), "promoted")


@four
def test_promoted_by_a_swap(person_in):
    person, learning_session = person_in(), sessions()
    seat(person, make_offering(learning_session, wall=EVENING))
    offering = make_offering(learning_session, capacity_online=1)
    held = seat(several(1)[0], offering)
    seat(person, offering)
    operations.release_place(held, NOW)
    check(mail_to(person, "promoted"), "promoted-by-a-swap")
    check(mail_to(person, "calendar-update"), "calendar-update")


@four
def test_promoted_by_approval(person_in):
    person, offering = person_in(), ruled({"needs_approval": True}, sessions())
    approving.approve(seat(person, offering), None, NOW, "Welcome.\nBring your questions.")
    check(mail_to(person, "promoted"), "promoted-by-approval")


def offered_to(person, learning_session=None):
    offering = ruled(OFFERS, learning_session or sessions(), capacity_online=1)
    held, mine = seat(several(1)[0], offering), seat(person, offering)
    operations.release_place(held, NOW)
    return mine


@four
def test_offered(person_in):
    person = person_in()
    offered_to(person)
    check(mail_to(person, "offered"), "offered")


@four
def test_offered_beside_a_twin(person_in):
    person, learning_session = person_in(), sessions()
    seat(person, make_offering(learning_session, wall=EVENING))
    offered_to(person, learning_session)
    check(mail_to(person, "offered"), "offered-beside-a-twin")


@four
def test_offer_lapsed(person_in, time_machine):
    person = person_in()
    mine, late = offered_to(person), NOW + timedelta(hours=48)
    time_machine.move_to(late)
    let_time_pass(mine.offering_id, late)
    check(mail_to(person, "offer-lapsed"), "offer-lapsed")


@four
def test_place_declined(person_in):
    person, offering = person_in(), ruled({"needs_approval": True}, sessions())
    approving.decline(seat(person, offering), "It is for finance officers.", None, NOW)
    check(mail_to(person, "place-declined"), "place-declined")


@four
def test_place_removed(person_in):
    person = person_in()
    approving.take_out(seat(person, sitting()), "You told us that you are ill.", None, NOW)
    check(mail_to(person, "place-removed"), "place-removed")


@four
def test_place_moved(person_in):
    person, learning_session = person_in(), sessions()
    mine = seat(person, make_offering(learning_session))
    evening = make_offering(learning_session, wall=EVENING)
    approving.move(mine, evening, None, NOW, "The morning is too full.")
    check(mail_to(person, "place-moved"), "place-moved")


@four
def test_place_back_to_request(person_in):
    person, offering = person_in(), ruled({"needs_approval": True}, sessions())
    mine = seat(person, offering)
    approving.approve(mine, None, NOW)
    approving.withdraw_approval(mine, None, NOW, "We look at it again.")
    check(mail_to(person, "place-back-to-request"), "place-back-to-request")


@four
def test_place_released(person_in):
    person, offering = person_in(), sitting(capacity_online=1)
    mine = seat(person, offering)
    seat(several(1)[0], offering)
    operations.release_place(mine, NOW)
    check(mail_to(person, "place-released"), "place-released")


@four
def test_place_released_late_by_the_calendar(person_in, time_machine):
    person, offering = person_in(), ruled({"cancel_hours": 48}, sessions())
    mine, late = seat(person, offering), offering.starts_at - timedelta(hours=5)
    time_machine.move_to(late)
    operations.release_place(mine, late, by_calendar=True)
    check(mail_to(person, "place-released"), "place-released-late")


@four
def test_left_the_line(person_in):
    person, offering = person_in(), sitting(capacity_online=0)
    operations.release_place(seat(person, offering), NOW)
    check(mail_to(person, "place-released"), "left-the-line")


@four
def test_journey_left(person_in):
    person, whole = person_in(), journey()
    for title, hour in (("What capitation pays for", 13), ("Costing the unit", 16)):
        seat(person, make_offering(make_learning_session(whole, title), wall=datetime(2027, 4, 22, hour)))
    operations.leave(whole, person, NOW)
    check(mail_to(person, "journey-left"), "journey-left")


@four
def test_named_and_unnamed(person_in):
    person, offering = person_in(), sitting(capacity_online=5)
    block = make_block(offering)
    place = naming.name(block, person, NOW)
    check(mail_to(person, "named"), "named")
    naming.unname(place, NOW)
    check(mail_to(person, "unnamed"), "unnamed")


@four
def test_block_reserved(person_in):
    person, offering = person_in(), sitting(capacity_online=5)
    make_block(offering, focal=person)
    check(mail_to(person, "block-reserved"), "block-reserved")


@four
def test_reply_question(person_in):
    person = person_in()
    mine = seat(person, sitting())
    messages.queue(
        receiving.QUESTION, "nobody@example.org", person.name, {"place_id": mine.id, "sequence": 0}, NOW
    )
    mail = mail_to(person, "reply-question")
    mail.replace_header("To", f"{person.name} <{db.get(User, person.user_id).email}>")
    check(mail, "reply-question")


@four
def test_session_dated(person_in):
    person, one = person_in(), sessions()
    say_interest(one, person, Availability(), "", NOW)
    answer_interest(make_offering(one), Answer.INVITE, NOW)
    check(mail_to(person, "session-dated"), "session-dated")


def asking_to_join(person):
    made = journey()
    db.add(
        EnrolmentPolicy(
            journey_id=made.id, admission=Admission.APPROVAL, question="Why?", timezone="Europe/London"
        )
    )
    db.flush()
    return entering.ask_to_join(made, person, NOW, answer="To learn.")


@four
def test_enrolment_requested_and_declined(person_in):
    person = person_in()
    asked = asking_to_join(person)
    check(mail_to(person, "enrolment-requested"), "enrolment-requested")
    entering.decline_enrolment(asked, "It is for ministries of health.", None, NOW)
    check(mail_to(person, "enrolment-declined"), "enrolment-declined")


@four
def test_enrolment_back_to_request_and_removed(person_in):
    person = person_in()
    asked = asking_to_join(person)
    entering.approve_enrolment(asked, None, NOW)
    one = make_learning_session(asked.journey)
    operations.take_place(make_offering(one), person, Way.ONLINE, NOW)
    entering.withdraw_enrolment_approval(asked, None, NOW, "A word with your ministry first.")
    check(mail_to(person, "enrolment-back-to-request"), "enrolment-back-to-request")
    entering.approve_enrolment(asked, None, NOW)
    entering.remove(asked, "The ministry sends somebody else.", None, NOW)
    check(mail_to(person, "enrolment-removed"), "enrolment-removed")


def test_nobody_reads_a_time_twice_where_it_is_the_same():
    """Who lives in the zone of the session is told one time."""
    person = in_accra()
    seat(person, sitting(timezone="Africa/Accra"))
    assert "That is" not in text_in(mail_to(person, "place-confirmed"))


def test_every_kind_of_these_has_a_file_for_each_of_the_four():
    kinds = {
        *ABOUT_PLACES, *ABOUT_REQUESTS, *ABOUT_JOURNEYS, *ABOUT_SITTINGS, BLOCK_RESERVED, receiving.QUESTION,
    }  # fmt: skip
    wanted = {f"{kind}.{city}.txt" for kind in kinds for city in CITIES.values()}
    assert wanted - {file.name for file in FILES.iterdir()} == set()
