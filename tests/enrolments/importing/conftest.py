import pytest

from app.jobs import worker
from app.web.clock import now
from tests.enrolments.importing.tables import Importer
from tests.factories import NOW, make_journey
from tests.people import ada, browser_of


@pytest.fixture
def journey(database, time_machine, monkeypatch):
    """Open; its worker makes no jobs by itself and delivers no mail."""
    time_machine.move_to(NOW)
    monkeypatch.setattr(worker, "periodic", {})
    monkeypatch.setattr(worker, "sources", [])
    return make_journey()


@pytest.fixture
def importer(app, journey):
    return Importer(browser_of(app, ada(journey)), journey, now)
