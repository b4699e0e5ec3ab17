"""From an empty desk to the K4D journey through the screens alone; then compared with the seeded one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import bind, db, make_engine
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from tests.browser.acting import WORDS, press
from tests.browser.conftest import PATIENCE, LiveServer, serving
from tests.browser.watching import watch

K4D = "health-systems-strengthening"
OLIVE, OMAR = "olive@example.org", "omar@example.org"


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A site whose one journey is another's, and two accounts that may start some."""
    with serving(tmp_path_factory.mktemp("empty"), ("seed", "k4d")) as server:
        for email in (OLIVE, OMAR):
            create = ("user", "create", email, "--name", email.split("@")[0].title(), "--organiser")
            server.flask(*create, "--password-stdin", told=WORDS + "\n")
        yield server


@pytest.fixture(
    params=[
        pytest.param(OLIVE, id="with script", marks=pytest.mark.long),
        pytest.param(OMAR, id="without script"),
    ]
)
def desk(request, browser, empty_site: LiveServer) -> Iterator[Page]:
    """An organiser at a desk that is empty: Olive's browser runs scripts, Omar's does not."""
    context = browser.new_context(
        base_url=empty_site.url,
        locale="en-GB",
        timezone_id="Europe/London",
        java_script_enabled=request.param == OLIVE,
    )
    complaints: list[str] = []
    page = watch(context.new_page(), complaints)
    page.set_default_timeout(PATIENCE)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(request.param)
    page.get_by_label("Password").fill(WORDS)
    press(page.get_by_role("button", name="Sign in"))
    yield page
    context.close()
    assert complaints == []


def test_an_organiser_builds_the_k4d_journey_from_an_empty_desk(desk: Page, empty_site: LiveServer, request):
    facts = described(empty_site, K4D)
    slug = f"built-{request.node.callspec.id.replace(' ', '-')}"
    desk.goto("/organise/")
    expect(desk.get_by_role("heading", name="No journeys yet")).to_be_visible()

    start(desk, slug, facts["journey"])
    say_what_it_is(desk, facts)
    hold_parts(desk, slug, facts)
    for (_, _, title, summary, _), sitting in zip(facts["sessions"], facts["sittings"], strict=True):
        add_session(desk, slug, title, summary, sitting)
    publish_and_close(desk, slug, facts["journey"])

    built = described(empty_site, slug)
    assert {name: built[name] for name in facts} == facts
    ours, theirs = (desk.request.get(f"/journeys/{one}/calendar.ics").text() for one in (slug, K4D))
    assert same_for_all(ours, slug) == same_for_all(theirs, K4D)
    assert ours.count("BEGIN:VEVENT") == 7


def start(desk: Page, slug: str, facts: dict[str, Any]) -> None:
    desk.get_by_role("link", name="Start a journey").first.click()
    desk.get_by_label("Kind").select_option(facts["kind"].value)
    desk.get_by_label("Title", exact=True).fill(facts["title"])
    desk.get_by_label("Address").fill(slug)
    desk.get_by_label("Summary").fill(facts["summary"])
    desk.get_by_label("Time zone of its organisers").fill("London")
    desk.get_by_role("button", name="Start it").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(facts["title"])


def say_what_it_is(desk: Page, facts: dict[str, Any]) -> None:
    desk.get_by_role("link", name="Edit its texts and facts").click()
    names = (
        "short_title",
        "purpose",
        "audience",
        "outcomes_lead",
        "approach",
        "sessions_note",
        "period",
        "place",
    )
    for name in names:
        desk.locator(f"[name={name}]").fill(facts["journey"][name])
    for name in ("starts_on", "ends_on"):
        desk.locator(f"[name={name}]").fill(facts["journey"][name].isoformat())
    topics = facts["topics"]
    lists = {
        "audiences": facts["audiences"],
        "topics": [name for name, is_cross_cutting in topics if not is_cross_cutting],
        "throughout": [name for name, is_cross_cutting in topics if is_cross_cutting],
    }
    for name, lines in lists.items():
        desk.locator(f"[name={name}]").fill("\n".join(lines))
    save(desk)


def save(desk: Page) -> None:
    press(desk.get_by_role("button", name="Save", exact=True).last)
    expect(desk.get_by_role("status").first).to_be_visible()


def hold_parts(desk: Page, slug: str, facts: dict[str, Any]) -> None:
    for text in facts["outcomes"]:
        add_part(desk, slug, "outcomes", {"text": text})
    for name, role, note in facts["partners"]:
        add_part(desk, slug, "partners", {"organisation": name, "role": role, "note": note})
    for name, post, institution, email in facts["contacts"]:
        person = {"name": name, "post": post, "institution": institution, "email": email}
        add_part(desk, slug, "contacts", person)
    for name in ("activities", "publications"):
        for one in facts[name]:
            add_part(desk, slug, name, one)


def add_part(desk: Page, slug: str, part: str, facts: dict[str, Any]) -> None:
    desk.goto(f"/organise/journeys/{slug}/parts/{part}/new")
    for name, value in facts.items():
        if name == "credits":
            name_people(desk, value)
        elif name in {"role", "month", "language"} or (name, part) == ("kind", "activities"):
            desk.locator(f"[name={name}]").select_option(str(value or ""))
        else:
            desk.locator(f"[name={name}]").fill(str(value or ""))
    save(desk)


def name_people(desk: Page, people: list[tuple[str, str, str]]) -> None:
    for number, (name, affiliation, role) in enumerate(people):
        if not desk.locator(f"[name=credits-{number}-name]").count():
            desk.get_by_role("button", name="Add a person").click()
        desk.locator(f"[name=credits-{number}-name]").fill(name)
        desk.locator(f"[name=credits-{number}-affiliation]").fill(affiliation)
        desk.locator(f"[name=credits-{number}-role]").fill(role)


def add_session(desk: Page, slug: str, title: str, summary: str, sitting: dict[str, Any]) -> None:
    wall = sitting["starts_wall"]
    desk.goto(f"/organise/journeys/{slug}/")
    desk.get_by_role("link", name="Add a session").click()
    desk.get_by_label("Title", exact=True).fill(title)
    desk.get_by_label("Summary").fill(summary)
    desk.get_by_label("A day and a time").check()
    for name, value in (
        ("day", f"{wall:%Y-%m-%d}"),
        ("begins", f"{wall:%H:%M}"),
        ("length", str(sitting["length_minutes"])),
    ):
        desk.locator(f"[name={name}]").fill(value)
    desk.get_by_role("button", name="Check this time").click()
    expect(desk.get_by_role("heading", level=2).filter(has_text=f"{wall:%H:%M}")).to_be_visible()
    expect(desk.get_by_label("Title", exact=True)).to_have_value(title)
    press(desk.get_by_role("button", name="Save session"))
    expect(desk.get_by_role("status").first).to_be_visible()


def publish_and_close(desk: Page, slug: str, facts: dict[str, Any]) -> None:
    for step in ("Publish", "Close"):
        desk.goto(f"/organise/journeys/{slug}/")
        desk.get_by_role("link", name=f"{step} …").click()
        if step == "Close":
            desk.get_by_label("Closing note").fill(facts["closing_note"])
        press(desk.get_by_role("button", name=f"{step} it"))
        expect(desk.get_by_role("status").first).to_be_visible()


def same_for_all(calendar: str, slug: str) -> str:
    """A calendar file without what belongs to one journey or one moment: addresses, numbers, stamps."""
    whole = calendar.replace("\r\n ", "").replace("\r\n", "\n").replace(slug, "JOURNEY")
    return re.sub(r"(?m)^(UID|DTSTAMP|CREATED|LAST-MODIFIED):.*$", r"\1", whole)


@contextmanager
def reading(server: LiveServer) -> Iterator[None]:
    """The site's database, to look at."""
    engine, before = make_engine(server.database_url), db.session_factory.kw.get("bind")
    bind(engine)
    try:
        yield
    finally:
        db.remove()
        db.configure(bind=before)
        engine.dispose()


def described(server: LiveServer, slug: str) -> dict[str, Any]:
    """Everything stored of a journey that a person has said."""
    with reading(server):
        journey = db.scalars(select(Journey).where(Journey.slug == slug)).one()
        return {"journey": columns(journey, WORDS_OF_A_JOURNEY), **parts_of(journey), **dates_of(journey)}


WORDS_OF_A_JOURNEY = (
    "kind", "status", "title", "short_title", "summary", "purpose", "audience", "approach", "outcomes_lead",
    "sessions_note", "language", "text_direction", "timezone", "starts_on", "ends_on", "period", "place",
    "closing_note",
)  # fmt: skip


def columns(row: Any, names: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def parts_of(journey: Journey) -> dict[str, Any]:
    dated = ("year", "month", "day")
    return {
        "outcomes": [one.text for one in journey.outcomes],
        "topics": [(one.topic.name, one.is_cross_cutting) for one in journey.topics],
        "audiences": [one.audience for one in journey.audiences],
        "partners": [(one.organisation.name, one.role, one.note) for one in journey.partners],
        "contacts": [(one.name, one.post, one.institution, one.email) for one in journey.contacts],
        "activities": [
            columns(one, ("kind", "title", "summary", "url", "link_text", "language", *dated))
            | {"credits": [(who.name, who.affiliation, who.role) for who in one.credits]}
            for one in journey.activities
        ],
        "publications": [
            columns(one, ("title", "kind", "publisher", "doi", "url", "summary", *dated))
            for one in journey.publications
        ],
    }


def dates_of(journey: Journey) -> dict[str, Any]:
    found = db.scalars(
        select(LearningSession)
        .where(LearningSession.journey_id == journey.id)
        .order_by(LearningSession.position)
    ).all()
    promised = (
        "status", "attendance", "timezone", "starts_wall", "fold", "length_minutes", "starts_at", "ends_at",
        "first_on", "last_on", "zone_data_version", "capacity_online", "join_from_minutes", "sequence",
    )  # fmt: skip
    return {
        "sessions": [(one.slug, one.position, one.title, one.summary, one.language) for one in found],
        "sittings": [columns(sitting, promised) for one in found for sitting in one.offerings],
    }
