"""The rule of a sitting and the log of its decisions, on the desk."""

from tests.factories import make_journey, make_learning_session, make_offering
from tests.people import browser_of


def visit(app, people, offering_id):
    browser = browser_of(app, people.root)
    other = make_offering(make_learning_session(make_journey("Lots")), capacity_online=1)
    for number in (offering_id, other.id):
        for page in ("places", "decisions", "decisions?what=asked&who=pat"):
            path = f"/organise/offerings/{number}/{page}"
            assert browser.get(path).status_code == 200, path
