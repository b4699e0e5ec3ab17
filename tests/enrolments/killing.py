"""People at real servers that are killed under them (SIGKILL) and started again.

Whoever gets no answer presses the same button once more, as people do. Everything that was answered is noted.
"""

import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from flask import Flask

from app.domain.seats import PlaceStatus
from app.enrolments.views.places import HAS_ONE
from bench.servers import Server

AT_A_TIME = 8
PATIENCE = 120
"""Seconds until somebody who is not answered gives up; a server starts in a few."""

PAUSE = 0.1
PANEL = re.compile(r'<aside class="panel".*?</aside>', re.DOTALL)
STATUS = re.compile(r'class="status status-(confirmed|waiting)"')
RELEASE = re.compile(r'href="(/me/places/\d+/release)"')
SHOWN = {"confirmed": PlaceStatus.CONFIRMED, "waiting": PlaceStatus.WAITING}


@dataclass(frozen=True)
class Visitor:
    """Somebody with a page open: their cookie, the token of its forms, and what they are going to do."""

    participant_id: int
    cookie: str
    csrf_token: str
    page: str
    take: str
    """The address of the form that asks for a place."""
    diary: tuple[str, ...]
    """Of "take" and "release", one after the other."""


@dataclass
class Notes:
    """What was answered: what became of each person's presses, in order, and with which status."""

    told: dict[int, list[PlaceStatus]] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    unanswered: int = 0
    """How often something was sent that nobody answered."""


def live_through(
    server: Server, app: Flask, visitors: Sequence[Visitor], deaths: int, chance: random.Random
) -> Notes:
    """Let all visitors press all their buttons, eight at a time, while the server dies `deaths` times.

    In turns the whole of it is killed, and one of its workers, at random moments of the load.
    """
    notes, presses = Notes(), sum(len(one.diary) for one in visitors)
    threads = [
        threading.Thread(target=_live, args=(server.port, app, visitors[n::AT_A_TIME], notes), daemon=True)
        for n in range(AT_A_TIME)
    ]
    for thread in threads:
        thread.start()
    for number, moment in enumerate(sorted(chance.sample(range(presses // 10, presses * 9 // 10), deaths))):
        while len(notes.statuses) < moment and any(thread.is_alive() for thread in threads):
            time.sleep(0.001)
        time.sleep(chance.random() / 50)
        if number % 2:
            server.kill_one(chance.choice(_workers(server)))
        else:
            server.kill()
            server.start()
    for thread in threads:
        thread.join(4 * PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return notes


def _workers(server: Server) -> list[int]:
    """The processes that answer. A server that has just been started listens before it has any."""
    deadline = time.monotonic() + PATIENCE
    while not (found := server.pids()[1:]):
        assert time.monotonic() < deadline, "the server has no workers"
        time.sleep(0.01)
    return found


def _live(port: int, app: Flask, visitors: Sequence[Visitor], notes: Notes) -> None:
    for visitor in visitors:
        browser = _Browser(port, app, visitor, notes)
        told = notes.told[visitor.participant_id] = []
        for act in visitor.diary:
            told.append(browser.take() if act == "take" else browser.release())


class _Browser:
    """One visitor's."""

    def __init__(self, port: int, app: Flask, visitor: Visitor, notes: Notes) -> None:
        self._port, self._app, self._visitor, self._notes = port, app, visitor, notes
        self._presses = 0

    def take(self) -> PlaceStatus:
        """Ask for a place; what the answer says has become of it."""
        self._presses += 1
        number = self._visitor.participant_id
        token = {"once": f"{number}-{self._presses}"} if number % 2 else {}
        texts = self._press(self._visitor.take, {"way": "online", **token})
        return PlaceStatus.CONFIRMED if HAS_ONE in texts else self._shown()

    def release(self) -> PlaceStatus:
        """Give up what the page shows."""
        link = RELEASE.search(self._panel())
        assert link is not None, "there is nothing to give up"
        texts = self._press(link.group(1), {})
        return PlaceStatus.RELEASED if texts else self._shown()

    def _shown(self) -> PlaceStatus:
        """What the page says of the place."""
        found = STATUS.search(self._panel())
        return SHOWN[found.group(1)] if found else PlaceStatus.RELEASED

    def _panel(self) -> str:
        _, _, text = self._until_answered("GET", self._visitor.page)
        found = PANEL.search(text)
        assert found is not None, "the page has no panel of places"
        return found.group()

    def _press(self, path: str, fields: dict[str, str]) -> list[str]:
        """Press until there is an answer; the sentences that come with it."""
        body = urlencode({**fields, "csrf_token": self._visitor.csrf_token})
        status, cookies, _ = self._until_answered("POST", path, body)
        self._notes.statuses.append(status)
        return [sentence for _, sentence in _said(self._app, cookies)]

    def _until_answered(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """(status, cookies, text) of the first answer that is whole."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._ask(method, path, body)
            except (OSError, HTTPException):
                self._notes.unanswered += 1
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        headers = {"Cookie": self._visitor.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Set-Cookie", ""), answer.read().decode()
        finally:
            connection.close()


def _said(app: Flask, cookies: str) -> list[tuple[str, str]]:
    """What the next page will say, as it is kept in the visit's cookie."""
    found = SimpleCookie(cookies).get(app.config["SESSION_COOKIE_NAME"])
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return list(serializer.loads(found.value).get("_flashes", ())) if found is not None else []
