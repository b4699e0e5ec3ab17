"""Every permission × every person, in one table, and who sees a join link."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.permissions import (
    RULES,
    SEEN_FIRST,
    STRANGER,
    Actor,
    OrganiserRole,
    Permission,
    awaits_confirmation,
    may,
    may_see_join_link,
)


@dataclass(frozen=True)
class AJourney:
    id: int = 1
    status: str = "open"


@dataclass(frozen=True)
class ALearningSession:
    journey: AJourney = AJourney()


@dataclass(frozen=True)
class AnOffering:
    id: int = 11
    learning_session: ALearningSession = ALearningSession()


@dataclass(frozen=True)
class AToolkit:
    journeys: tuple[AJourney, ...] = ()


@dataclass(frozen=True)
class AFacilitatorsPage:
    user_id: int | None = None
    journey_ids: frozenset[int] = frozenset({1})


@dataclass(frozen=True)
class AVenue:
    journey_ids: frozenset[int] = frozenset({1})
    coming_journey_ids: frozenset[int] = frozenset({1})


@dataclass(frozen=True)
class ABlock:
    id: int = 21
    offering: AnOffering = AnOffering()


DRAFT = AJourney(status="draft")
BOTH = frozenset({1, 2})
"""The journeys of ada and of olga."""

PEOPLE = {
    "ada": Actor(1, 101, True, organises={1: OrganiserRole.OWNER}),
    "eddy": Actor(2, 102, True, organises={1: OrganiserRole.EDITOR}),
    "petra": Actor(3, 103, True, organises={1: OrganiserRole.PEOPLE}),
    "cora": Actor(4, 104, True, organises={1: OrganiserRole.READER}),
    "olga": Actor(5, 105, True, organises={2: OrganiserRole.OWNER}),  # of another journey
    "fran": Actor(6, None, True, facilitates=frozenset({11})),
    "fred": Actor(7, None, True, facilitates=frozenset({12})),  # of the twin sitting
    "pat": Actor(8, 108, True, enrolled_in=frozenset({1}), confirmed_in=frozenset({11})),
    "will": Actor(9, 109, True, enrolled_in=frozenset({1})),
    "fola": Actor(
        12, 112, True, enrolled_in=frozenset({1}), focal_for=frozenset({21})
    ),  # names a group's people
    "una": Actor(13, 113, enrolled_in=frozenset({1})),  # her address is not confirmed
    "otto": Actor(11, None, True, is_organiser=True),  # has started none yet
    "root": Actor(10, None, True, is_administrator=True),
    "stan": STRANGER,
}

EVERYBODY = set(PEOPLE)
SIGNED_IN = EVERYBODY - {"stan"}
ORGANISERS = {"ada", "eddy", "petra", "cora"}

TABLE = [
    (Permission.PUBLIC, None, EVERYBODY),
    (Permission.ACCOUNT, None, SIGNED_IN),
    (Permission.ADMINISTER, None, {"root"}),
    (Permission.DESK_SEE, None, ORGANISERS | {"olga", "otto", "root"}),
    (Permission.JOURNEY_CREATE, None, {"ada", "olga", "otto", "root"}),
    (Permission.JOURNEY_DESK, AJourney(), ORGANISERS | {"root"}),
    (Permission.JOURNEY_EDIT, AJourney(), {"ada", "eddy", "root"}),
    (Permission.JOURNEY_OWN, AJourney(), {"ada", "root"}),
    (Permission.LEARNING_SESSION_DESK, ALearningSession(), ORGANISERS | {"root"}),
    (Permission.LEARNING_SESSION_EDIT, ALearningSession(), {"ada", "eddy", "root"}),
    (Permission.OFFERING_SEE, AnOffering(), EVERYBODY),
    (Permission.OFFERING_SEE, AnOffering(12, ALearningSession(DRAFT)), ORGANISERS | {"root"}),
    (Permission.OFFERING_EDIT, AnOffering(), {"ada", "eddy", "root"}),
    (Permission.JOURNEY_SEE, AJourney(), EVERYBODY),
    (Permission.JOURNEY_SEE, AJourney(status="published"), EVERYBODY),
    (Permission.JOURNEY_SEE, AJourney(status="closed"), EVERYBODY),
    (Permission.JOURNEY_SEE, AJourney(status="archived"), EVERYBODY),
    (Permission.JOURNEY_SEE, DRAFT, ORGANISERS | {"root"}),
    (Permission.JOURNEY_ENROL, AJourney(), SIGNED_IN),
    (Permission.JOURNEY_ENROL, DRAFT, ORGANISERS | {"root"}),
    (Permission.JOURNEY_RUN, AJourney(), {"ada", "eddy", "root"}),
    (Permission.JOURNEY_PEOPLE, AJourney(), ORGANISERS | {"root"}),
    (Permission.JOURNEY_ROSTER, AJourney(), {"ada", "eddy", "petra", "root"}),
    (Permission.OFFERING_ROSTER, AnOffering(), {"ada", "eddy", "petra", "root"}),
    (Permission.BLOCK_NAME, ABlock(), {"ada", "eddy", "petra", "fola", "root"}),
    (Permission.BLOCK_NAME, ABlock(22), {"ada", "eddy", "petra", "root"}),
    (Permission.LEARNING_SESSION_SEE, ALearningSession(), EVERYBODY),
    (Permission.LEARNING_SESSION_SEE, ALearningSession(DRAFT), ORGANISERS | {"root"}),
    (Permission.PLACE_TAKE, ALearningSession(), SIGNED_IN - {"una"}),
    (Permission.PLACE_TAKE, ALearningSession(DRAFT), ORGANISERS | {"root"}),
    (Permission.INTEREST_SAY, ALearningSession(), SIGNED_IN),
    (Permission.INTEREST_SAY, ALearningSession(DRAFT), ORGANISERS | {"root"}),
    (Permission.PARTICIPANTS_SEE, AnOffering(), ORGANISERS | {"fran", "root"}),
    (Permission.PARTICIPANTS_SEE, AnOffering(11, ALearningSession(DRAFT)), ORGANISERS | {"fran", "root"}),
    (Permission.TOOLKIT_SEE, AToolkit((AJourney(),)), EVERYBODY),
    (Permission.TOOLKIT_SEE, AToolkit((DRAFT, AJourney(2))), EVERYBODY),
    (Permission.TOOLKIT_SEE, AToolkit((DRAFT,)), ORGANISERS | {"root"}),
    (Permission.TOOLKIT_SEE, AToolkit(), {"root"}),
    (Permission.FACILITATOR_EDIT, AFacilitatorsPage(), {"ada", "eddy", "root"}),
    (Permission.FACILITATOR_EDIT, AFacilitatorsPage(6), {"ada", "eddy", "fran", "root"}),
    (Permission.FACILITATOR_EDIT, AFacilitatorsPage(6, frozenset()), {"fran", "root"}),
    (Permission.FACILITATOR_EDIT, AFacilitatorsPage(None, BOTH), {"ada", "eddy", "olga", "root"}),
    (Permission.FACILITATOR_LINK, AFacilitatorsPage(6), {"ada", "eddy", "root"}),
    (Permission.FACILITATOR_LINK, AFacilitatorsPage(6, frozenset()), {"root"}),
    (Permission.FACILITATOR_LINK, AFacilitatorsPage(None, BOTH), {"root"}),
    (Permission.VENUE_DESK, AVenue(BOTH), {"ada", "eddy", "olga", "root"}),
    (Permission.VENUE_DESK, AVenue(frozenset(), frozenset()), {"root"}),
    (Permission.VENUE_EDIT, AVenue(), {"ada", "eddy", "root"}),
    (Permission.VENUE_EDIT, AVenue(BOTH), {"ada", "eddy", "root"}),  # the other journey's are over
    (Permission.VENUE_EDIT, AVenue(BOTH, BOTH), {"root"}),
    (Permission.VENUE_EDIT, AVenue(BOTH, frozenset()), {"ada", "eddy", "olga", "root"}),
]


def case(row) -> str:
    permission, target, _ = row
    return f"{permission}, {target}"


@pytest.mark.parametrize(("permission", "target", "allowed"), TABLE, ids=[case(row) for row in TABLE])
def test_exactly_these_people_have_the_permission(permission, target, allowed):
    assert {name for name, actor in PEOPLE.items() if may(actor, permission, target)} == allowed


def test_the_table_and_the_rules_name_every_permission():
    assert {permission for permission, _, _ in TABLE} == set(Permission)
    assert set(RULES) == set(Permission)


def test_what_must_be_seen_first_is_a_permission_of_seeing():
    assert set(SEEN_FIRST.values()) == {
        Permission.JOURNEY_SEE,
        Permission.LEARNING_SESSION_SEE,
        Permission.OFFERING_SEE,
    }


@pytest.mark.parametrize(("permission", "target", "_allowed"), TABLE, ids=[case(row) for row in TABLE])
def test_nobody_may_do_anything_with_what_they_do_not_see(permission, target, _allowed):
    """But a facilitator: before the journey is published they may read who comes."""
    seen = SEEN_FIRST.get(permission, permission)
    blind = {
        name for name, one in PEOPLE.items() if may(one, permission, target) and not may(one, seen, target)
    }

    assert blind == set() or (permission, blind) == (Permission.PARTICIPANTS_SEE, {"fran"})


def test_a_confirmed_address_is_missing_for_taking_places_and_for_nothing_else():
    missing = {
        (name, permission)
        for permission, target, _ in TABLE
        for name, actor in PEOPLE.items()
        if awaits_confirmation(actor, permission, target)
    }

    assert missing == {("una", Permission.PLACE_TAKE)}


def test_a_role_in_one_journey_conveys_nothing_in_its_child():
    child = AJourney(id=5, status="draft")

    assert not may(PEOPLE["ada"], Permission.JOURNEY_SEE, child)
    assert not may(PEOPLE["ada"], Permission.JOURNEY_RUN, child)


STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
OPENS = STARTS - timedelta(minutes=15)


def those_who_see_the_link(now: datetime, starts_at: datetime | None = STARTS) -> set[str]:
    return {
        name
        for name, actor in PEOPLE.items()
        if may_see_join_link(
            actor, journey_id=1, offering_id=11, starts_at=starts_at, from_minutes=15, now=now
        )
    }


ALWAYS = ORGANISERS | {"fran", "root"}


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (OPENS - timedelta(days=30), ALWAYS),
        (OPENS - timedelta(microseconds=1), ALWAYS),
        (OPENS, ALWAYS | {"pat"}),
        (STARTS, ALWAYS | {"pat"}),
        (STARTS + timedelta(days=1), ALWAYS | {"pat"}),
    ],
)
def test_a_holder_sees_the_join_link_from_the_minute_the_organiser_set(now, allowed):
    assert those_who_see_the_link(now) == allowed


def test_a_sitting_known_only_by_its_days_shows_the_link_to_its_holders_at_once():
    assert those_who_see_the_link(OPENS - timedelta(days=30), starts_at=None) == ALWAYS | {"pat"}


def test_a_place_in_the_twin_sitting_shows_no_link_of_this_one():
    holder = Actor(20, 120, enrolled_in=frozenset({1}), confirmed_in=frozenset({12}))

    assert not may_see_join_link(
        holder, journey_id=1, offering_id=11, starts_at=STARTS, from_minutes=15, now=STARTS
    )
