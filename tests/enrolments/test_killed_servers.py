"""Servers killed in the middle of a load: what was answered is so, and nothing is half done."""

import random
import secrets
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.database import bind, db, writing
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, Place
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from app.web.csrf import BYTES
from bench.servers import SECRET_KEY, Server
from tests.enrolments.aftermath import check_aftermath, check_first_come
from tests.enrolments.killing import Notes, Visitor, live_through
from tests.enrolments.racing import coming_sitting, enrol_all, page_of, people
from tests.enrolments.repeating import sizes
from tests.people import sign_in
from tests.reader import Client

CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED
DIARIES = (
    ("take",),
    ("take", "release"),
    ("take",),
    ("take", "release", "take"),
    ("take", "release", "take"),
)
"""Ten presses for every five people."""


@sizes("presses, deaths", (100, 2), (2_000, 12))
def test_everybody_told_that_they_have_a_place_has_it_whenever_the_servers_were_killed(
    racing, real_database, presses, deaths
):
    with writing():
        offering = coming_sitting(presses // 4)
        everybody = people(1, presses // 2)
        enrol_all(offering, everybody[::2])  # the others enrol with the same press
    seed = secrets.randbits(32)
    print(f"chance {seed}")

    with Server("bench.served_meridian", racing.database_url) as server:
        app = create_app(_like(server, racing))
        visitors = [
            _visitor(app, offering, one, DIARIES[number % len(DIARIES)])
            for number, one in enumerate(everybody)
        ]
        bind(real_database)  # making an application has bound it to another
        app.extensions["engine"].dispose()
        began = datetime.now(UTC)
        chance = random.Random(seed)  # noqa: S311  # chance, not secrecy
        notes = live_through(server, app, visitors, deaths, chance)

    seconds = (datetime.now(UTC) - began).total_seconds()
    assert len(notes.statuses) == presses
    assert set(notes.statuses) == {303}
    check_what_was_told(notes, offering)
    check_enrolments(everybody)
    check_aftermath(offering.learning_session_id)
    check_first_come(offering.id)
    last = Counter(told[-1] for told in notes.told.values())
    cut_off = f"{notes.unanswered} tries without an answer"
    print(f"{presses} presses, {deaths} deaths, {cut_off}, {seconds:.0f} s: {last}")


def check_what_was_told(notes: Notes, offering: Offering) -> None:
    """Whoever was told last of a place has one; who was told to wait still does, or has moved up."""
    db.remove()
    rows = db.execute(select(Place.participant_id, Place.status).where(Place.offering_id == offering.id))
    found = dict(rows.all())
    for participant_id, told in notes.told.items():
        allowed = {WAITING, CONFIRMED} if told[-1] is WAITING else {told[-1]}
        assert found[participant_id] in allowed, f"participant {participant_id} was told {told}"


def check_enrolments(everybody: list[Participant]) -> None:
    """Each is enrolled once: enrolling and taking the place were one thing."""
    rows = db.scalars(select(Enrolment.participant_id)).all()
    assert sorted(rows) == sorted(one.id for one in everybody)


def _like(server: Server, racing):
    """The settings of the servers' own application, so that its cookies are theirs."""
    return replace(racing, secret_key=SECRET_KEY, site_url=f"http://127.0.0.1:{server.port}")


def _visitor(app: Flask, offering: Offering, person: Participant, diary: tuple[str, ...]) -> Visitor:
    app.test_client_class = Client
    browser, secret = app.test_client(), secrets.token_hex(BYTES)
    assert isinstance(browser, Client)
    sign_in(browser, db.get_one(User, person.user_id))
    with browser.session_transaction(base_url=app.config["SITE_URL"]) as cookie:
        cookie["csrf"] = secret
    cookies = "; ".join(f"{one.key}={one.value}" for one in (browser._cookies or {}).values())
    page, take = page_of(offering), f"/offerings/{offering.id}/places"
    return Visitor(person.id, cookies, "00" * BYTES + secret, page, take, diary)
