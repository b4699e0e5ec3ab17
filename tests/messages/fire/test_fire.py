"""Every message arrives, in order, and once as far as anybody can know."""

import secrets

import pytest
from sqlalchemy import Engine

from tests.messages.fire.ordeal import Ordeal


@pytest.mark.parametrize(
    ("messages", "kills"),
    [pytest.param(150, 2, id="moderate"), pytest.param(5000, 25, id="full", marks=pytest.mark.long)],
)
def test_nothing_is_lost_under_fire(real_database: Engine, messages: int, kills: int):
    url = real_database.url.render_as_string(hide_password=False)
    workers = 1 if url.startswith("sqlite") else 3
    seed = secrets.randbits(32)
    found = Ordeal(url, messages, workers, kills, seed).run()
    print(found)
    assert found.wrong == [], f"seed {seed}"
    assert found.sent + found.dead == messages
    assert found.kills == kills
