from app.database import db
from app.jobs import worker
from app.learning_sessions.models import Offering
from app.web.clock import now
from tests.enrolments.importing.tables import ONE, Importer
from tests.people import browser_of


def visit(app, people, offering_id):
    """A table of people on its way: uploaded, at work, checked, and one that is none."""
    journey = db.get_one(Offering, offering_id).learning_session.journey
    importer = Importer(browser_of(app, people.ada), journey, now)
    assert importer.browser.get(importer.home).status_code == 200
    unreadable = "Name,E-mail\n" + "a,b\n" * 5 + '"never closed,b\n'
    for content, title in ((ONE, "What would happen"), (unreadable, "could not be made")):
        importer.upload(content)
        assert importer.columns().status_code == 303
        assert "being made" in importer.look().title
        with app.app_context():
            worker.run_one(now)  # imports come before the mail that waits
        assert title in importer.look().title
