"""The way through the screens, as an organiser goes it."""

from sqlalchemy import select

from app.database import db
from app.enrolments.bulk import Import
from app.enrolments.decisions import EnrolmentDecided, EnrolmentDecision
from app.enrolments.models import Enrolment
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.enrolments.importing.tables import ONE
from tests.page import Page


def test_a_table_is_uploaded_looked_at_and_applied(importer):
    assert importer.upload(ONE).status_code == 303
    columns = Page(importer.browser.get(f"{importer.here}columns"))
    assert columns.title == "Which column is which?"
    assert "CSV, UTF-8, separated by commas" in columns.text
    assert "Ghana Health Service" in columns.text
    importer.columns()
    importer.work()
    dry = importer.look()
    assert dry.title == "What would happen"
    assert "Nothing has been written yet." in dry.text
    assert "New 1" in dry.text
    assert "Ama Boateng" in dry.text
    assert db.scalar(select(Participant).where(Participant.name == "Ama Boateng")) is None
    done = importer.apply()
    assert done.title == "The table is applied"
    assert "1 person was enrolled" in done.text
    ama = db.scalars(select(Participant).where(Participant.name == "Ama Boateng")).one()
    assert (ama.email, ama.country, ama.timezone, ama.user_id) == (
        "ama@example.org",
        "GH",
        "Africa/Accra",
        None,
    )
    enrolment = db.scalars(select(Enrolment).where(Enrolment.participant_id == ama.id)).one()
    assert (enrolment.country, enrolment.stakeholder_group) == ("GH", "Government")
    note = db.scalars(select(EnrolmentDecision).where(EnrolmentDecision.enrolment_id == enrolment.id)).one()
    assert note.what is EnrolmentDecided.IMPORTED
    assert note.by_id is not None
    assert db.scalars(select(OutboxMessage)).all() == []
    assert db.scalars(select(Import.content)).all() == [None]


def test_the_same_table_twice_changes_nothing(importer):
    importer.dry_run(ONE)
    importer.apply()
    again = importer.dry_run(ONE)
    assert "Already there 1" in again.text
    assert "There is nothing to apply." in again.text
