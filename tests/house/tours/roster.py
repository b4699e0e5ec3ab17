"""The rosters of a journey and of a sitting: found nobody, decided about many, written to."""

import re

from app.database import db
from app.learning_sessions.models import Offering
from tests.people import browser_of
from tests.reader import CSRF


def visit(app, people, offering_id):
    journey, ada = db.get_one(Offering, offering_id).learning_session.journey, browser_of(app, people.ada)
    sitting = f"/organise/offerings/{offering_id}/roster"
    for path in (sitting, f"{sitting}?q=zzzz", f"/organise/journeys/{journey.slug}/roster", f"{sitting}.csv"):
        assert ada.get(path).status_code == 200, path
    assert ada.get(f"{sitting}/act?whom=all&do=take-out").status_code == 200
    shown = ada.get(f"{sitting}/message?whom=all")
    words = {"subject": "Bring a case", "text": "One is enough: {time}."}
    read = ada.post(f"{sitting}/message", data=unseen(shown) | words)
    sent = ada.post(f"{sitting}/message", data=unseen(read) | words | {"step": "send"})
    assert ada.get(sent.headers["Location"]).status_code == 200
    assert ada.get(f"{sitting}/messages").status_code == 200


def unseen(page):
    token = CSRF.search(page.text)
    assert token is not None
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return found | {"csrf_token": token.group(1)}
