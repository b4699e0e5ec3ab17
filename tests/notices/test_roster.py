"""What organisers write to the people of a roster, as each of them gets it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance, Way
from app.enrolments import operations
from app.enrolments.roster import messages
from app.enrolments.roster.listing import entries
from app.enrolments.roster.messages import Draft
from app.enrolments.roster.people import people_roster
from app.enrolments.roster.places import places_roster
from app.journeys.matter import Contact
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.notices.roster import about_message
from app.participants import operations as participants
from app.participants.models import Participant
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.notices.golden import check, four, mail_to, page_in, text_in
from tests.people import ada, pat, seat

FROM = "Meridian <meridian@example.org>"
TEXT = "You come {place}.\n\n{session} of {journey} begins:\n{time}\n\nBring {{one}} case."


@pytest.fixture(autouse=True)
def _sending(app, database, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def sitting(**facts):
    journey = make_journey()
    journey.contacts.append(Contact(name="Ada Owusu", email="ada@example.org", position=1))
    db.flush()
    return make_offering(make_learning_session(journey), **facts)


def write(offering, places, subject="Bring a case, {name}: {time}", text=TEXT):
    """Ada writes to the holders of these places."""
    journey = offering.learning_session.journey
    message = messages.write(Draft(journey.id, offering.id, subject, text), ada(journey), NOW)
    messages.send(message.id, places_roster(offering, journey.id, True), [one.id for one in places], NOW)
    return message


def ann() -> Participant:
    """She has no account."""
    return participants.create(
        participants.Profile("Ann", timezone="Asia/Dhaka", country="BD"), NOW, email="ann@example.org"
    )


def queued() -> OutboxMessage:
    return db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "roster-message")).one()


@pytest.mark.engine("sqlite")
@four
def test_to_people_of_a_sitting(person_in):
    person, offering = person_in(), sitting()
    write(offering, [seat(person, offering)])
    check(mail_to(person, "roster-message"), "roster-message")


@pytest.mark.engine("sqlite")
@four
def test_to_people_of_a_sitting_in_person(person_in):
    venue = make_venue(address="12 Ridge Road", city="Accra")
    person, offering = person_in(), sitting(attendance=Attendance.BOTH, timezone="Africa/Accra", venue=venue)
    write(offering, [seat(person, offering, Way.IN_PERSON)])
    check(mail_to(person, "roster-message"), "roster-message-in-person")


@pytest.mark.engine("sqlite")
@four
def test_a_test_is_read_as_one_of_them_reads_it(person_in):
    person, offering = person_in(), sitting()
    place = seat(person, offering)
    journey = offering.learning_session.journey
    draft = Draft(journey.id, offering.id, "Bring a case", TEXT)
    reader = entries(places_roster(offering, journey.id, True), [place.id])[0]
    messages.send_test(draft, reader, db.get_one(User, person.user_id), NOW)
    check(mail_to(person, "roster-test"), "roster-test")


@pytest.mark.engine("sqlite")
@four
def test_to_people_of_a_journey(person_in):
    person, journey = person_in(), sitting().learning_session.journey
    enrolment = operations.enrol(journey, person, NOW)
    message = messages.write(Draft(journey.id, None, "For {name}", "Read {journey}."), ada(journey), NOW)
    messages.send(message.id, people_roster(journey.id, True), [enrolment.id], NOW)
    check(mail_to(person, "roster-message"), "roster-message-journey")


def test_the_heading_is_what_it_is_about_and_not_the_subject_again():
    offering = sitting()
    journey = offering.learning_session.journey
    enrolment = operations.enrol(journey, pat(), NOW)
    write(offering, [seat(ann(), offering)], subject="Bring a case")
    message = messages.write(Draft(journey.id, None, "Bring a case", "Soon."), None, NOW)
    messages.send(message.id, people_roster(journey.id, True), [enrolment.id], NOW)
    mails = [compose(one, FROM) for one in db.scalars(select(OutboxMessage).filter_by(kind="roster-message"))]
    assert {str(one["Subject"]) for one in mails} == {"Bring a case"}
    headings = {str(one["To"]): text_in(one).split("\n\n")[1] for one in mails}
    assert headings == {
        "Ann <ann@example.org>": offering.learning_session.title,
        "Pat Asante <pat@example.org>": journey.title,
    }


def test_what_people_typed_stays_text_and_is_merged_once():
    offering, person = sitting(), pat()
    person.name = "<b>Pat</b> {time}\r\nBcc: eve@example.org"
    write(offering, [seat(person, offering)], "{name}", "<script>x</script> {name}\n--\nhidden?")
    mail = compose(queued(), FROM)
    assert "<script" not in page_in(mail)
    assert mail["Bcc"] is None
    assert "<b>Pat</b> {time} Bcc: eve@example.org\n—\nhidden?" in text_in(mail)
    assert text_in(mail).splitlines().count("--") == 1


def test_a_message_that_is_there_is_not_written_again():
    offering = sitting()
    place = seat(pat(), offering)
    message = write(offering, [place])
    roster = places_roster(offering, message.journey_id, True)

    again = messages.send(message.id, roster, [place.id], NOW)

    assert [one.became for one in again] == ["written"]
    assert (message.people, queued().scope) == (1, f"journey:{message.journey_id}")
    assert queued().order_key == f"participant:{place.participant_id}:offering:{offering.id}"


def test_who_has_left_meanwhile_gets_nothing_and_who_had_left_before_does():
    offering = sitting()
    stays, leaves = seat(pat(), offering), seat(ann(), offering)
    operations.release_place(stays, NOW)
    write(offering, [stays, leaves])
    operations.release_place(leaves, NOW)
    told = {
        one.to_name: one for one in db.scalars(select(OutboxMessage).filter_by(kind="roster-message")).all()
    }
    assert compose(told["Pat Asante"], FROM)["To"] == "Pat Asante <pat@example.org>"
    with pytest.raises(NoLongerNeeded, match="they have left since it was written"):
        compose(told["Ann"], FROM)


@pytest.mark.parametrize(("before", "is_urgent"), [(23, True), (25, None), (-1, None)])
def test_what_begins_soon_is_told_at_any_hour(time_machine, before, is_urgent):
    offering = sitting()
    write(offering, [seat(pat(), offering)])
    time_machine.move_to(offering.starts_at - timedelta(hours=before))
    assert about_message(queued().payload).is_urgent is is_urgent


def test_nobody_is_written_to_whose_name_is_forgotten():
    offering = sitting()
    place = seat(pat(), offering)
    write(offering, [place])
    db.get_one(Participant, place.participant_id).name = ""
    db.flush()
    with pytest.raises(NoLongerNeeded):
        compose(queued(), FROM)


def test_who_has_no_account_gets_it_too():
    offering = sitting()
    write(offering, [seat(ann(), offering)])
    mail = compose(queued(), FROM)
    assert mail["To"] == "Ann <ann@example.org>"
    assert "/me/messages" not in text_in(mail)
