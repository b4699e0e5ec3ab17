"""Many people pressing their buttons at the same moment, in several real processes.

Each process makes the application anew, as a server's worker does, and every person has a browser and a
thread. Everybody is signed in and has a form's token before the first button is pressed.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask

from app import create_app
from app.accounts.models import User
from app.config import Settings
from app.database import db
from app.participants.models import Participant
from app.web.csrf import BYTES
from tests.people import sign_in
from tests.processes import real_processes
from tests.reader import Client

PATIENCE = 90
"""Seconds; nothing here takes nearly so long unless it hangs."""


@dataclass(frozen=True)
class Answer:
    """What was answered to a person's press, and how long after it."""

    user_id: int
    form: str
    status: int
    location: str
    seconds: float
    is_done: bool
    """Whether it was what the button promises."""


class Act(Protocol):
    """What one person does in a thread of their own."""

    @property
    def user_id(self) -> int: ...
    @property
    def after(self) -> float:
        """Seconds from the start."""

    def do(self, browser: Client, csrf_token: str) -> Iterator[Answer]: ...


@dataclass(frozen=True)
class Press:
    """One person (an account's number), the form that is sent, and the page that follows when it is done."""

    user_id: int
    form: str
    lands_on: str
    fields: dict[str, str] = field(default_factory=dict)
    after: float = 0.0

    def do(self, browser: Client, csrf_token: str) -> Iterator[Answer]:
        began = time.monotonic()
        answer = browser.post(self.form, data={**self.fields, "csrf_token": csrf_token})
        location = answer.headers.get("Location", "")
        yield Answer(
            self.user_id, self.form, answer.status_code, location, time.monotonic() - began,
            (answer.status_code, location) == (303, self.lands_on),
        )  # fmt: skip


def press(participant: Participant, form: str, lands_on: str, after: float = 0.0, **fields: str) -> Press:
    assert participant.user_id is not None
    return Press(participant.user_id, form, lands_on, fields, after)


def all_at_once(
    settings: Settings, acts: Sequence[Act], processes: int = 4, at_start: Callable[[], object] | None = None
) -> list[Answer]:
    """What everybody is answered; the acts are dealt out to the processes in turn.

    `at_start` is called when everybody is ready, just before they begin. What the caller has read
    is forgotten.
    """
    db.remove()
    processing = real_processes()
    everybody_ready, start = processing.Barrier(processes + 1), processing.Event()
    answers = processing.Queue()
    workers = [
        processing.Process(
            target=_work,
            args=(settings, acts[number::processes], everybody_ready, start, answers),
            daemon=True,
        )
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    everybody_ready.wait(PATIENCE)
    if at_start is not None:
        at_start()
    start.set()
    found = [answer for _ in workers for answer in answers.get(timeout=PATIENCE)]
    for worker in workers:
        worker.join(PATIENCE)
    assert [worker.exitcode for worker in workers] == [0] * processes
    return found


def _work(settings: Settings, acts: Sequence[Act], everybody_ready: Any, start: Any, answers: Any) -> None:
    found: list[Answer] = []
    try:
        app = create_app(settings)
        app.test_client_class = Client
        browsers = [_open_browser(app, one) for one in acts]
        here = threading.Event()
        threads = [
            threading.Thread(target=_live, args=(here, browser, one, csrf_token, found))
            for one, (browser, csrf_token) in zip(acts, browsers, strict=True)
        ]
        for thread in threads:
            thread.start()
        everybody_ready.wait(PATIENCE)
        start.wait(PATIENCE)
        here.set()
        for thread in threads:
            thread.join(PATIENCE)
    finally:
        answers.put(found)


def _open_browser(app: Flask, one: Act) -> tuple[Client, str]:
    """A browser in which somebody is signed in, and the token of the forms on its pages."""
    browser = app.test_client()
    assert isinstance(browser, Client)
    sign_in(browser, db.get_one(User, one.user_id))
    secret = secrets.token_hex(BYTES)
    with browser.session_transaction(base_url=app.config["SITE_URL"]) as cookie:
        cookie["csrf"] = secret
    return browser, "00" * BYTES + secret  # masked with nothing


def _live(start: threading.Event, browser: Client, one: Act, csrf_token: str, found: list[Answer]) -> None:
    start.wait(PATIENCE)
    time.sleep(one.after)
    try:
        found.extend(one.do(browser, csrf_token))
    finally:
        db.remove()
