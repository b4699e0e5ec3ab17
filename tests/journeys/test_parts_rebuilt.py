"""What the seeds build through operations can be built through the screens, column for column."""

from typing import Any

import pytest
from sqlalchemy import inspect

from app.journeys import queries
from app.journeys.models import Journey
from seeds import jln, k4d, people
from tests.factories import NOW, make_journey
from tests.page import Page
from tests.people import browser_of, root

APART = {"id", "journey_id", "activity_id", "publication_id", "country_group_id", "parent_id"}
"""Keys, which differ."""


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def journey_at(slug: str) -> Journey:
    found = queries.journey(slug)
    assert found is not None
    return found


def facts(row: Any) -> dict[str, Any]:
    """The columns of a row that are no keys."""
    return {one.key: getattr(row, one.key) for one in inspect(type(row)).column_attrs} | dict.fromkeys(APART)


def everything(journey: Journey) -> dict[str, list[Any]]:
    """All parts of a journey, with the people in them and the organisations by name."""
    found: dict[str, list[Any]] = {}
    for name, kind in queries.PARTS.items():
        found[name] = []
        rows: list[Any] = list(queries.parts(kind, journey.id))
        for row in rows:
            people = getattr(row, "credits", None) or getattr(row, "members", None) or ()
            under = getattr(row, "parent_id", None)
            found[name].append(
                (
                    facts(row),
                    [facts(one) for one in people],
                    row.organisation.name if name == "partners" else "",
                    next((one.title for one in rows if one.id == under), ""),
                )
            )
    return found


def fields_of(name: str, row: Any, rebuilt: Journey) -> dict[str, Any]:
    """What a person types to make a row like this one."""
    skipped = {*APART, "position", "timezone", "organisation_id", "facilitator_id", "participant_id"}
    typed = {key: value for key, value in facts(row).items() if key not in skipped and value is not None}
    typed = {key: getattr(value, "value", value) for key, value in typed.items()}
    if name == "partners":
        typed["organisation"] = row.organisation.name
    if name == "expected-zones":
        typed["zone"] = row.timezone
    if name == "question-headings" and row.parent_id:
        above: Any = queries.part(queries.PARTS[name], row.journey_id, row.parent_id)
        its: list[Any] = list(queries.parts(queries.PARTS[name], rebuilt.id))
        typed["parent"] = next(one.id for one in its if one.title == above.title)
    for list_name in ("credits", "members"):
        for number, person in enumerate(getattr(row, list_name, ())):
            for key, value in facts(person).items():
                if key not in skipped and value:
                    typed[f"{list_name}-{number}-{key}"] = value
    return typed


@pytest.mark.parametrize(
    ("story", "slugs"),
    [(k4d, [k4d.SLUG]), (jln, [jln.SLUG, jln.GOVERNANCE_SLUG, "financing-and-payment"])],
    ids=["k4d", "jln"],
)
def test_the_parts_of_seeded_journeys_are_rebuilt_through_the_screens(app, database, story, slugs):
    people.load({one.email: "no password" for one in people.SIGN_INS}, NOW)
    story.load(NOW)
    browser = browser_of(app, root())

    for slug in slugs:
        rebuilt = make_journey(f"Rebuilt {slug}").slug
        for name, kind in queries.PARTS.items():
            for row_id in [row.id for row in queries.parts(kind, journey_at(slug).id)]:
                row = queries.part(kind, journey_at(slug).id, row_id)
                fields = fields_of(name, row, journey_at(rebuilt))
                answer = browser.submit(f"/organise/journeys/{rebuilt}/parts/{name}/new", fields)
                assert answer.status_code == 303, Page(answer).notices

        assert everything(journey_at(rebuilt)) == everything(journey_at(slug))
