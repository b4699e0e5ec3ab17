"""Two organisers at the same moment: they take turns, and nothing is lost."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from app.config import Settings
from app.database import db
from app.domain.permissions import OrganiserRole
from app.journeys.models import Journey, JourneyKind, JourneyStatus, OrganiserAssignment
from app.journeys.operations import assign_organiser
from app.journeys.revising import said_of
from app.web.editing import fingerprint
from tests.enrolments.crowd import Press, all_at_once
from tests.factories import NOW, make_journey
from tests.people import make_account

DESK = "/organise/journeys/financing-and-payment-models/"


@pytest.fixture
def racing(real_database: Engine, settings: Settings) -> Settings:
    """The settings of an application on a database of the test's own."""
    return replace(settings, database_url=real_database.url.render_as_string(hide_password=False))


def two_owners(*journeys: Journey) -> list[int]:
    owners = [make_account("Ada Owusu"), make_account("Bela Bartos")]
    for journey in journeys:
        for owner in owners:
            assign_organiser(journey, owner, OrganiserRole.OWNER, NOW)
    db.commit()
    return [owner.id for owner in owners]


def test_two_owners_who_remove_each_other_leave_one(racing):
    one, other = two_owners(make_journey())
    presses = [
        Press(who, f"{DESK}organisers", "/me/", {"act": "remove", "user_id": str(whom)})
        for who, whom in ((one, other), (other, one))
    ]

    answers = all_at_once(racing, presses, processes=1)

    assert sorted(answer.status for answer in answers) in ([303, 403], [303, 422])
    db.remove()
    assert len(db.scalars(select(OrganiserAssignment)).all()) == 1


def test_a_step_pressed_by_two_is_taken_once(racing):
    users = two_owners(make_journey(status=JourneyStatus.DRAFT))

    presses = [Press(who, f"{DESK}status", DESK, {"step": "publish"}) for who in users]
    answers = all_at_once(racing, presses, processes=1)

    assert [answer.is_done for answer in answers] == [True, True]
    db.remove()
    assert db.scalar(select(Journey.status)) is JourneyStatus.PUBLISHED


def test_two_journeys_placed_under_each_other_make_no_circle(racing):
    one = make_journey("One", kind=JourneyKind.NETWORK)
    other = make_journey("Other", kind=JourneyKind.NETWORK)
    users = two_owners(one, other)
    plain = {"kind": "network", "language": "en", "text_direction": "ltr"}
    presses = [
        Press(
            who,
            f"/organise/journeys/{journey.slug}/edit",
            f"/organise/journeys/{journey.slug}/",
            plain
            | {"title": journey.title, "slug": journey.slug, "parent": str(parent.id)}
            | {"seen": fingerprint(said_of(journey))},
        )
        for who, journey, parent in zip(users, (one, other), (other, one), strict=True)
    ]

    answers = all_at_once(racing, presses, processes=1)

    assert [answer.is_done for answer in answers].count(True) == 1
    db.remove()
    above = dict(db.execute(select(Journey.id, Journey.parent_id)).all())
    assert list(above.values()).count(None) == 1
