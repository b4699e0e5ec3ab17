"""Many people pressing their buttons at the same moment, in several real processes.

Each process makes the application anew, as a server's worker does, and every person has a browser and a
thread. Everybody has a page with a form open before the first button is pressed.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from app import create_app
from app.accounts.models import User
from app.config import Settings
from app.database import db
from app.participants.models import Participant
from tests.people import sign_in
from tests.processes import real_processes
from tests.reader import CSRF, Client

PATIENCE = 90
"""Seconds; nothing here takes nearly so long unless it hangs."""


@dataclass(frozen=True)
class Press:
    """One person (an account's number), the form that is sent, and the page that follows when it is done."""

    user_id: int
    form: str
    lands_on: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What was answered to a press, and how long after the start."""

    press: Press
    status: int
    location: str
    seconds: float

    @property
    def is_done(self) -> bool:
        return (self.status, self.location) == (303, self.press.lands_on)


def press(participant: Participant, form: str, lands_on: str, **fields: str) -> Press:
    assert participant.user_id is not None
    return Press(participant.user_id, form, lands_on, fields)


def all_at_once(settings: Settings, presses: Sequence[Press], processes: int = 4) -> list[Answer]:
    """What everybody is answered; the presses are dealt out to the processes in turn."""
    processing = real_processes()
    everybody_ready, answers = processing.Barrier(processes), processing.Queue()
    workers = [
        processing.Process(
            target=_work, args=(settings, presses[number::processes], everybody_ready, answers), daemon=True
        )
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    found = [answer for _ in workers for answer in answers.get(timeout=PATIENCE)]
    for worker in workers:
        worker.join(PATIENCE)
    assert [worker.exitcode for worker in workers] == [0] * processes
    return found


def _work(settings: Settings, presses: Sequence[Press], everybody_ready: Any, answers: Any) -> None:
    found: list[Answer] = []
    try:
        app = create_app(settings)
        app.test_client_class = Client
        browsers = [_open_page(app, one) for one in presses]
        start = threading.Event()
        threads = [
            threading.Thread(target=_send, args=(start, browser, one, fields, found))
            for one, (browser, fields) in zip(presses, browsers, strict=True)
        ]
        for thread in threads:
            thread.start()
        everybody_ready.wait(PATIENCE)
        start.set()
        for thread in threads:
            thread.join(PATIENCE)
    finally:
        answers.put(found)


def _open_page(app: Flask, one: Press) -> tuple[Client, dict[str, str]]:
    browser = app.test_client()
    assert isinstance(browser, Client)
    sign_in(browser, db.get_one(User, one.user_id))
    token = CSRF.search(browser.get("/sign-out").text)
    assert token is not None
    return browser, {**one.fields, "csrf_token": token.group(1)}


def _send(
    start: threading.Event, browser: Client, one: Press, fields: dict[str, str], found: list[Answer]
) -> None:
    start.wait(PATIENCE)
    began = time.monotonic()
    answer = browser.post(one.form, data=fields)
    seconds = time.monotonic() - began
    found.append(Answer(one, answer.status_code, answer.headers.get("Location", ""), seconds))
    db.remove()
