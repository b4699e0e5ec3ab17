"""A calendar's validator, against random changes: 304 exactly when the bytes are the same."""

from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.calendars import assembling
from app.calendars.texts import Kept
from tests.calendars.changing import WALK, World, steps
from tests.reader import Client

UNHURRIED: Any = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@settings(max_examples=4, **UNHURRIED)
@given(st.lists(steps, max_size=10))
@example(list(WALK))
def test_a_calendar_is_never_stale(client, app, monkeypatch, some):
    play(client, app, monkeypatch, some)


@pytest.mark.long
@settings(max_examples=120, **UNHURRIED)
@given(st.lists(steps, max_size=40))
def test_a_calendar_is_never_stale_after_very_many_changes(client, app, monkeypatch, some):
    play(client, app, monkeypatch, some)


def play(client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch, some: list[tuple[Any, ...]]) -> None:
    world = World(app.config["SETTINGS"])
    known: dict[str, dict[str, bytes]] = {path: {} for path in world.paths}
    try:
        for step in (("wait", 0), *some):
            world.do(step)
            with time_machine.travel(world.now, tick=False):
                for path in world.paths:
                    look(client, path, known[path], monkeypatch)
    finally:
        world.hide()


def look(client: Client, path: str, known: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask as one who has every answer that was ever given, as a newcomer, and of a site that kept nothing."""
    asked = client.get(path, headers={"If-None-Match": ", ".join(known) or '"none"'})
    whole = client.get(path)
    with monkeypatch.context() as patch:
        patch.setattr(assembling, "TEXTS", Kept(1))
        anew = client.get(path)
    assert whole.status_code == anew.status_code == 200
    assert whole.data == anew.data
    assert whole.headers["ETag"] == anew.headers["ETag"] == asked.headers["ETag"]
    assert (asked.status_code == 304) == (anew.data in known.values())
    assert asked.data == (b"" if asked.status_code == 304 else anew.data)
    assert known.setdefault(anew.headers["ETag"], anew.data) == anew.data
