"""The places of a group under a rush: real processes, a real database. Nothing is faked, not even time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.config import Settings
from app.database import db
from app.domain.attendance import Way
from app.enrolments import group_links, naming, operations, reserving
from app.enrolments.reserved import ReservedBlock
from app.enrolments.reserving import Wanted
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from tests.enrolments.crowd import Answer, Press, all_at_once, press
from tests.enrolments.invariants import check_session
from tests.factories import make_journey, make_learning_session, make_offering, make_participant
from tests.people import make_account


@pytest.fixture
def racing(real_database: Engine, settings: Settings) -> Settings:
    """The settings of an application on a database of the test's own."""
    return replace(settings, database_url=real_database.url.render_as_string(hide_password=False))


def people(first: int, count: int) -> list[Participant]:
    return [
        make_participant(f"P{number} Test", user=make_account(f"P{number} Test"))
        for number in range(first, first + count)
    ]


def coming_sitting(capacity: int) -> Offering:
    now = datetime.now(UTC)
    wall = (now + timedelta(days=60)).replace(tzinfo=None, microsecond=0)
    learning_session = make_learning_session(make_journey("For groups", now=now), "For groups", now=now)
    return make_offering(learning_session, wall=wall, timezone="UTC", capacity_online=capacity, now=now)


def reserve(offering: Offering, places: int, focal: Participant | None = None) -> ReservedBlock:
    now = datetime.now(UTC)
    release_at = now + timedelta(days=30)
    return reserving.reserve(
        offering, Wanted("Ghana", Way.ONLINE, places, release_at, "UTC", focal), None, now
    )


def by_link(block: ReservedBlock, person: Participant, settings: Settings) -> Press:
    one = block.offering.learning_session
    page = f"/journeys/{one.journey.slug}/sessions/{one.slug}/"
    return press(person, f"/join-group/{group_links.token_of(block, settings)}", page)


def answered_without_error(answers: list[Answer]) -> bool:
    return all(one.status < 500 for one in answers)


def stands(offering_id: int, block_id: int) -> tuple[int, int, int, int]:
    """Places and names of the block, confirmed and held of the sitting, after everything was checked."""
    db.remove()
    offering, block = db.get_one(Offering, offering_id), db.get_one(ReservedBlock, block_id)
    check_session(offering.learning_session_id, datetime.now(UTC), timedelta(seconds=30))
    return block.places, block.named, offering.confirmed_online, offering.held_online


def test_ten_press_the_link_for_five_places(racing):
    offering = coming_sitting(6)
    block = reserve(offering, 5)
    presses = [by_link(block, person, racing) for person in people(1, 10)]
    numbers = offering.id, block.id
    db.commit()
    answers = all_at_once(racing, presses)
    assert sorted(one.status for one in answers) == [303] * 5 + [422] * 5
    assert stands(*numbers) == (5, 5, 5, 0)


def test_two_name_somebody_for_the_last_place(racing):
    offering, (focal, other) = coming_sitting(3), people(1, 2)
    block = reserve(offering, 3, focal)
    for number in range(2):
        naming.name(block, make_participant(f"Named {number}"), datetime.now(UTC))
    group = f"/groups/{block.id}/"
    presses = [
        press(focal, group, f"{group}#names", email=f"new{number}@example.org", person_name=f"New {number}")
        for number in range(2)
    ] + [by_link(block, other, racing)]
    numbers = offering.id, block.id
    db.commit()
    answers = all_at_once(racing, presses, 3)
    assert sorted(one.status for one in answers) == [303, 422, 422]
    assert stands(*numbers) == (3, 3, 3, 0)


def test_the_link_requests_and_releases_at_once_leave_every_counter_true(racing):
    offering, everybody = coming_sitting(8), people(1, 24)
    block, now = reserve(offering, 4), datetime.now(UTC)
    one = offering.learning_session
    page = f"/journeys/{one.journey.slug}/sessions/{one.slug}/"
    for person in everybody[8:]:
        operations.enrol(one.journey, person, now)
    named = [naming.name(block, person, now) for person in everybody[8:12]]
    seated = [operations.take_place(offering, person, Way.ONLINE, now) for person in everybody[12:16]]
    presses = [by_link(block, person, racing) for person in everybody[:8]]
    presses += [
        press(place.participant, f"/me/places/{place.id}/release", "/me/") for place in named + seated
    ]
    presses += [
        press(person, f"/offerings/{offering.id}/places", page, way="online") for person in everybody[16:]
    ]
    numbers = offering.id, block.id
    db.commit()
    assert answered_without_error(all_at_once(racing, presses))
    places, names, confirmed, held = stands(*numbers)
    assert (places, confirmed + held) == (4, 8)
    assert held == places - names
