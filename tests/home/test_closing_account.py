"""Closing an account: the person goes, the seat goes on, the counts stay."""

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts.models import User
from app.calendars.models import Feed, FeedKind
from app.database import db
from app.domain.attendance import Way
from app.domain.permissions import OrganiserRole
from app.domain.seats import PlaceStatus
from app.enrolments import invitations
from app.enrolments import operations as enrolments
from app.enrolments.invitations import Terms
from app.enrolments.models import Enrolment, EnrolmentStatus, Invitation, Place
from app.home import operations
from app.journeys.models import JourneyStatus, OrganiserAssignment
from app.messages import operations as messages
from app.messages.models import OutboxMessage
from app.organisations.models import Organisation
from app.participants.models import Participant
from tests.factories import (
    NOW,
    PASSWORD,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_user,
)

PAGE = "/me/account/close"
CLOSE = {"password": PASSWORD}


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def efua(client):
    make_participant(user=make_user(), organisation="Ghana Health Service", cadre="Nurse")
    client.submit("/sign-in", {"email": "efua@example.org", "password": PASSWORD})
    return client


def seat_two(efua: Participant) -> tuple[Participant, int]:
    """Efua holds the only place of a sitting; Kwame is next in line."""
    kwame = make_participant("Kwame Boateng", user=make_user("Kwame Boateng"))
    journey = make_journey()
    offering = make_offering(make_learning_session(journey), capacity_online=1)
    for person in (efua, kwame):
        enrolments.enrol(journey, person, NOW)
        enrolments.take_place(offering, person, Way.ONLINE, NOW)
    return kwame, offering.id


def test_strangers_are_sent_to_sign_in(client):
    assert client.get(PAGE).status_code == 303
    assert client.post(PAGE).status_code == 303


def test_the_page_says_what_happens(efua):
    page = efua.get(PAGE)
    assert page.status_code == 200
    assert "the next in line moves up" in page.text
    assert 'autocomplete="current-password"' in page.text


def test_the_person_goes_and_the_next_in_line_moves_up(efua):
    person = db.scalar(select(Participant))
    kwame, offering_id = seat_two(person)
    person_id = person.id
    db.add(Feed(user_id=person.user_id, kind=FeedKind.PERSONAL, nonce="n", token_hash="h", created_at=NOW))
    db.flush()
    answer = efua.submit(PAGE, CLOSE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert db.scalars(select(User.email)).all() == ["kwame@example.org"]
    assert db.scalar(select(func.count(Feed.id))) == 0
    left = db.get_one(Participant, person_id)
    assert (left.user_id, left.name, left.name_folded, left.cadre, left.organisation_id) == (
        None,
        "",
        "",
        "",
        None,
    )
    assert (left.country, left.timezone) == ("GH", "Africa/Accra")
    states = dict(
        db.execute(select(Place.participant_id, Place.status).where(Place.offering_id == offering_id)).all()
    )
    assert states == {person_id: PlaceStatus.RELEASED, kwame.id: PlaceStatus.CONFIRMED}
    enrolment = db.scalar(select(Enrolment).where(Enrolment.participant_id == person_id))
    assert (enrolment.status, enrolment.country) == (EnrolmentStatus.LEFT, "GH")
    assert set(db.scalars(select(OutboxMessage.to_address))) == {"kwame@example.org"}
    assert db.scalar(select(Organisation.name)) == "Ghana Health Service"


def test_nobody_is_signed_in_afterwards_anywhere(app, efua):
    other = app.test_client()
    other.submit("/sign-in", {"email": "efua@example.org", "password": PASSWORD})
    efua.submit(PAGE, CLOSE)
    assert efua.get("/me/profile").status_code == 303
    assert other.get("/me/profile").status_code == 303
    again = efua.submit("/sign-in", {"email": "efua@example.org", "password": PASSWORD})
    assert again.status_code == 422
    newcomer = make_user("Kwame Boateng")
    assert newcomer.id > 0
    assert other.get("/me/profile").status_code == 303, "even if the number is given to somebody else"


@pytest.mark.parametrize("fields", [{"password": "three brown goats sleep"}, {"password": ""}, {}])
def test_the_password_is_needed(efua, fields):
    answer = efua.submit(PAGE, fields)
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    assert db.scalar(select(func.count(User.id))) == 1


def test_guessing_becomes_slow_here_too(efua):
    answers = [efua.submit(PAGE, {"password": "three brown goats sleep"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_form_without_its_token_changes_nothing(efua):
    assert efua.post(PAGE, data=CLOSE).status_code == 422
    assert db.scalar(select(func.count(User.id))) == 1


def test_the_only_owner_of_a_journey_stays(efua):
    user = db.scalar(select(User))
    journey = make_journey("Care at the edges")
    old = make_journey("Long ago", status=JourneyStatus.ARCHIVED)
    for one in (journey, old):
        db.add(OrganiserAssignment(journey_id=one.id, user_id=user.id, role=OrganiserRole.OWNER))
    db.flush()
    answer = efua.submit(PAGE, CLOSE)
    assert answer.status_code == 422
    assert "You are the only owner of “Care at the edges”." in answer.text
    assert "Long ago" not in answer.text
    other = make_user("Kwame Boateng")
    db.add(OrganiserAssignment(journey_id=journey.id, user_id=other.id, role=OrganiserRole.OWNER))
    db.flush()
    assert efua.submit(PAGE, CLOSE).status_code == 303
    assert db.scalars(select(OrganiserAssignment.user_id)).all() == [other.id]


def test_the_only_administrator_stays(efua):
    db.scalar(select(User)).is_administrator = True
    db.flush()
    answer = efua.submit(PAGE, CLOSE)
    assert answer.status_code == 422
    assert "You are the only administrator." in answer.text


def test_an_account_without_a_participant_can_be_closed(client, database):
    make_user("Root", "root@example.org")
    client.submit("/sign-in", {"email": "root@example.org", "password": PASSWORD})
    assert client.submit(PAGE, CLOSE).status_code == 303
    assert db.scalar(select(func.count(User.id))) == 0


@pytest.mark.parametrize("confirmed_at", [NOW, None])
def test_invitations_to_ones_confirmed_address_are_forgotten(database, confirmed_at):
    """Who typed another's address without confirming it takes nothing from them."""
    journey, user = make_journey(), make_user()
    user.email_confirmed_at = confirmed_at
    verdicts = invitations.judge(journey, "Efua@example.org\nkofi@example.org", NOW)
    invitations.add_addresses(journey, verdicts, Terms(), user, NOW)
    operations.close_account(user, None, NOW)
    left = [] if confirmed_at else ["Efua@example.org"]
    assert database.scalars(select(Invitation.value).order_by(Invitation.id)).all() == [
        *left,
        "kofi@example.org",
    ]


def test_letters_to_an_address_that_was_never_confirmed_stay_with_whose_they_are(database):
    """Anybody may have typed it: what goes there for its real owner is not theirs to delete."""
    person = make_participant(user=make_user(is_confirmed=False))
    journey = make_journey()
    offering = make_offering(make_learning_session(journey))
    enrolments.enrol(journey, person, NOW)
    enrolments.take_place(offering, person, Way.ONLINE, NOW)
    to = ("efua@example.org", "Efua")
    messages.queue("invitation", *to, {"invitation_id": 7}, NOW)
    messages.queue("roster-message", *to, {"roster_message_id": 1, "participant_id": person.id + 1}, NOW)
    messages.queue("confirm-address", *to, {"user_id": person.user_id}, NOW)

    operations.close_account(db.get_one(User, person.user_id), person, NOW)

    assert set(db.scalars(select(OutboxMessage.kind))) == {"invitation", "roster-message"}


def test_letters_to_a_confirmed_address_all_go(database):
    person = make_participant(user=make_user())
    db.get_one(User, person.user_id).email_confirmed_at = NOW
    messages.queue("invitation", "efua@example.org", "Efua", {"invitation_id": 7}, NOW)

    operations.close_account(db.get_one(User, person.user_id), person, NOW)

    assert db.scalar(select(func.count(OutboxMessage.id))) == 0
