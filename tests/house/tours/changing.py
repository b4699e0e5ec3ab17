from app.database import db
from app.learning_sessions.models import Offering
from tests.people import browser_of
from tests.scheduling.planning import send, typed_in


def visit(app, people, offering_id):
    """The sitting is moved and moved back, cancelled and restored; everybody looks at each step."""
    learning_session = db.get_one(Offering, offering_id).learning_session
    journey, ada = learning_session.journey, browser_of(app, people.ada)
    desk = f"/organise/journeys/{journey.slug}"
    sitting, page = (
        f"/organise/offerings/{offering_id}",
        f"/journeys/{journey.slug}/sessions/{learning_session.slug}/",
    )
    for path in (f"{sitting}/delete", f"/organise{page}delete", f"{desk}/zone", f"{desk}/zone?zone=Dhaka"):
        assert ada.get(path).status_code == 200, path
    for begins in ("15:00", "13:00"):
        asked = send(ada, f"{sitting}/edit", {"begins": begins})
        assert asked.status_code == 200
        fields = typed_in(asked) | {"confirmed": "1", "change_note": "The room was taken."}
        assert ada.post(f"{sitting}/edit", data=fields).status_code == 303
        look(app, people, page)
    assert ada.submit(f"{sitting}/cancel", {"reason": "The speaker is ill."}).status_code == 303
    look(app, people, page)
    assert ada.submit(f"{sitting}/restore", {"note": "She is well again."}).status_code == 303


def look(app, people, page):
    for path in (page, "/me/"):
        assert browser_of(app, people.pat).get(path).status_code == 200, path
