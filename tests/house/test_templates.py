from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from flask import abort
from sqlalchemy import select

from app.enrolments.models import Place
from app.enrolments.operations import release_place
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed, compose
from app.messages.models import OutboxMessage
from app.toolkits.operations import add_entry, add_section, link_journey
from app.web.errors import PAGES
from tests.factories import (
    NOW,
    make_learning_session,
    make_offering,
    make_resource,
    make_toolkit,
)
from tests.people import browser_of, cast

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix()
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".txt", ".xml", ".svg"}
)


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(app, name):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if not name.startswith("mail/")])
def test_no_inline_script_or_style(name):
    """The content security policy would refuse them silently."""
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert "style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert "javascript:" not in text
    assert "<script>" not in text


@pytest.fixture
def loaded(app, monkeypatch):
    """The names of the templates that are asked for: pages, what they extend, include and import."""
    names = set()
    get_template = app.jinja_env.get_template

    def note(name, *rest, **more):
        found = get_template(name, *rest, **more)
        names.add(found.name)
        return found

    monkeypatch.setattr(app.jinja_env, "get_template", note)
    kept = app.jinja_env.cache
    monkeypatch.setattr(app.jinja_env, "cache", type(kept)(kept.capacity))
    return names


@pytest.mark.engine("postgres")  # the stricter one, and what it asks for is the same
def test_no_template_is_unused(app, database, monkeypatch, time_machine, loaded):
    """A tour of every page, of every error and of every message touches all of them."""
    time_machine.move_to(NOW)
    offering = make_offering(make_learning_session(), capacity_online=1)
    toolkit = make_toolkit()
    journey = offering.learning_session.journey
    link_journey(toolkit, journey, NOW)
    add_entry(add_section(toolkit, "To read first", NOW), make_resource(), NOW)
    people = cast(offering)
    place = database.scalars(select(Place).where(Place.participant_id == people.pat.id)).one()
    place_id, offering_id = place.id, offering.id
    here = f"/journeys/{journey.slug}/"
    pages = {
        None: [
            "/", here, f"{here}sessions/{offering.learning_session.slug}/", f"/toolkits/{toolkit.slug}/",
            "/facilitators/fran-moyo/", "/sign-in", "/sign-up", "/time-zone", "/privacy", "/accessibility",
            "/nowhere",
        ],
        people.pat: [
            "/me/", "/me/profile", "/me/calendar", "/me/account/close", "/sign-out", f"{here}leave",
            f"/me/places/{place_id}/release",
        ],
        people.ada: ["/organise/", f"/organise/journeys/{journey.slug}/status?step=close"],
    }  # fmt: skip
    for who, paths in pages.items():
        browser = browser_of(app, who)
        for path in paths:
            assert browser.get(path).status_code == {"/nowhere": 404}.get(path, 200), path
    visit_by_forms(app, people, f"/offerings/{offering_id}/places")
    for one in sorted(path.stem for path in (Path(__file__).parent / "tours").glob("[a-z]*.py")):
        import_module(f"tests.house.tours.{one}").visit(app, people, offering_id)
    meet_every_error(app, monkeypatch)
    compose_every_message(app, database, place_id)
    assert sorted(set(TEMPLATES) - loaded) == []


def visit_by_forms(app, people, place):
    """Pages that only an answered form shows."""
    browser = browser_of(app, people.pat)
    assert (
        browser.submit("/me/password", {"old_password": "", "password": ""}, page="/me/profile").status_code
        == 422
    )
    browser.submit("/me/calendar")
    assert browser.get("/me/calendar/reset").status_code == 200
    assert browser.post(place, data={"way": "online"}).status_code == 422


def meet_every_error(app, monkeypatch):
    """Every status that has a page of its own."""
    monkeypatch.setattr(app, "testing", False)
    for status in PAGES:
        monkeypatch.setitem(app.view_functions, "home.accessibility", lambda status=status: abort(status))
        assert app.test_client().get("/accessibility").status_code == status


def compose_every_message(app, database, place_id):
    """Mail to those who enrol, hold and wait, and to who moves up when the place is given back."""
    for step in (lambda: None, lambda: release_place(database.get_one(Place, place_id), NOW)):
        step()
        database.commit()
        with app.app_context():
            for message in database.scalars(select(OutboxMessage)).all():
                with suppress(NoLongerNeeded, Postponed):
                    compose(message, "Meridian <meridian@example.org>")
