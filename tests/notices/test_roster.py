import pytest
from sqlalchemy import select

from app.enrolments.roster import messages
from app.enrolments.roster.places import places_roster
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.factories import NOW, make_offering
from tests.people import ada, pat, seat


@pytest.fixture
def written(database):
    """Ada has written to Pat, who holds a place."""
    offering = make_offering()
    place = seat(pat(), offering)
    journey = offering.learning_session.journey
    organiser = ada(journey)
    text = "Read p. 3.\n\nAnd <b>this</b>."
    message = messages.write(journey.id, offering.id, "Bring a case", text, organiser, NOW)
    messages.send(message.id, places_roster(offering, journey.id, True), [place.id], NOW)
    return database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "roster-message")).one()


def test_it_says_whose_words_they_are_and_about_what(app, written):
    with app.app_context():
        mail = compose(written, "Meridian <meridian@example.org>")

    text = mail.get_content()
    assert mail["Subject"] == "Bring a case"
    assert mail["To"] == "Pat Asante <pat@example.org>"
    assert text.startswith("Dear Pat Asante,\n\nRead p. 3.\n\nAnd <b>this</b>.\n")
    assert 'Ada Owusu, for the organisers of "Financing and Payment Models"' in text
    assert "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/" in text


@pytest.mark.parametrize(("has_account", "page"), [(True, "/me/"), (False, "/")])
def test_it_ends_with_a_page_that_its_reader_can_open(app, database, written, has_account, page):
    if not has_account:
        participant = database.get_one(Participant, written.payload["participant_id"])
        participant.user_id, participant.email = None, "pat@example.org"
        database.flush()
    with app.app_context():
        mail = compose(written, "Meridian <meridian@example.org>")
    assert mail.get_content().rstrip().endswith(f"Meridian: http://127.0.0.1:8000{page}")


def test_nobody_is_written_to_whose_name_is_forgotten(app, database, written):
    written.payload = {**written.payload, "participant_id": 999_999}
    with app.app_context(), pytest.raises(NoLongerNeeded):
        compose(written, "Meridian <meridian@example.org>")
