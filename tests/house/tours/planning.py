"""A session on the desk, the forms of it and of its sittings, and the order of sessions."""

from tests.people import browser_of

JOURNEY = "/organise/journeys/financing-and-payment-models/"


def visit(app, people, offering_id):
    browser = browser_of(app, people.ada)
    here = f"{JOURNEY}sessions/what-capitation-pays-for/"
    for path in (
        f"{JOURNEY}new-session",
        here,
        f"{here}edit",
        f"{here}new-sitting",
        f"/organise/offerings/{offering_id}/edit",
    ):
        assert browser.get(path).status_code == 200, path
