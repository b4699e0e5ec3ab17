"""Who may do what, on one page.

A rule takes an Actor of plain facts and the thing asked about, and answers yes or no. Views, templates and
feeds ask here and nowhere else.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class OrganiserRole(StrEnum):
    """What an organiser of one journey may do with it."""

    OWNER = "owner"
    EDITOR = "editor"
    PEOPLE = "people"
    READER = "reader"


@dataclass(frozen=True)
class Actor:
    """Who asks: the facts that rules may use, loaded once per request."""

    user_id: int | None = None
    participant_id: int | None = None
    has_confirmed_address: bool = False
    """Mail to the account's address has been shown to reach its owner."""
    mail_comes_back: bool = False
    """The account's address refuses mail, and its owner has not said that they know."""
    is_administrator: bool = False
    is_organiser: bool = False
    """May start journeys."""
    organises: Mapping[int, OrganiserRole] = field(default_factory=dict)
    """Journey id → role."""
    enrolled_in: frozenset[int] = frozenset()
    """Journey ids with an active enrolment."""
    confirmed_in: frozenset[int] = frozenset()
    """Offering ids with a confirmed place."""
    focal_for: frozenset[int] = frozenset()
    """Ids of the reserved blocks whose places they give to people."""
    facilitates: frozenset[int] = frozenset()
    """Offering ids."""

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None


STRANGER = Actor()


class Permission(StrEnum):
    PUBLIC = "public"
    ACCOUNT = "account"
    """Anything that needs only an account: one's own profile, calendar and learning."""
    ADMINISTER = "administer"
    DESK_SEE = "desk:see"
    JOURNEY_SEE = "journey:see"
    JOURNEY_ENROL = "journey:enrol"
    JOURNEY_CREATE = "journey:create"
    """Start a journey, from nothing or as a copy."""
    JOURNEY_DESK = "journey:desk"
    """See it on the desk, with what only organisers see of it."""
    JOURNEY_EDIT = "journey:edit"
    """Change what it says, what it holds, and its sessions."""
    JOURNEY_RUN = "journey:run"
    """Publish, open and close it."""
    JOURNEY_OWN = "journey:own"
    """Choose its organisers; delete it."""
    JOURNEY_PEOPLE = "journey:people"
    """See who is enrolled."""
    JOURNEY_ROSTER = "journey:roster"
    """Approve, decline, invite, import and write to the people of a journey."""
    LEARNING_SESSION_SEE = "learning-session:see"
    LEARNING_SESSION_DESK = "learning-session:desk"
    LEARNING_SESSION_EDIT = "learning-session:edit"
    OFFERING_SEE = "offering:see"
    OFFERING_EDIT = "offering:edit"
    """Plan, move, cancel and restore a sitting."""
    OFFERING_ROSTER = "offering:roster"
    """Approve, decline, move and release places, and reserve them for groups."""
    BLOCK_NAME = "block:name"
    """Give the places of a reserved block to people."""
    PLACE_TAKE = "place:take"
    """Ask for a place, which needs a confirmed address."""
    INTEREST_SAY = "interest:say"
    """Say that one would come to a session without a date."""
    PARTICIPANTS_SEE = "participants:see"
    """See the names of those who hold a place in an offering."""
    TOOLKIT_SEE = "toolkit:see"
    FACILITATOR_EDIT = "facilitator:edit"
    """Change what a facilitator's page tells."""
    FACILITATOR_LINK = "facilitator:link"
    """Say whose account the page is; that account sees what facilitators see."""
    VENUE_DESK = "venue:desk"
    """See on the desk which sittings a venue has."""
    VENUE_EDIT = "venue:edit"


Rule = Callable[[Actor, Any], bool]

RUNNERS = frozenset({OrganiserRole.OWNER, OrganiserRole.EDITOR})
KEEPERS = RUNNERS | {OrganiserRole.PEOPLE}
"""Who decides about the people of a journey."""


def _signed_in(actor: Actor, _target: Any) -> bool:
    return actor.is_signed_in


def _sees_journey(actor: Actor, journey: Any) -> bool:
    return journey.status != "draft" or actor.is_administrator or journey.id in actor.organises


def _starts_journeys(actor: Actor, _target: Any) -> bool:
    """Whoever owns one may start another."""
    return actor.is_administrator or actor.is_organiser or OrganiserRole.OWNER in actor.organises.values()


def _runs_journey(actor: Actor, journey: Any) -> bool:
    return actor.is_administrator or actor.organises.get(journey.id) in RUNNERS


def _owns_journey(actor: Actor, journey: Any) -> bool:
    return actor.is_administrator or actor.organises.get(journey.id) is OrganiserRole.OWNER


def _keeps_people(actor: Actor, journey: Any) -> bool:
    return actor.is_administrator or actor.organises.get(journey.id) in KEEPERS


def _takes_places(actor: Actor, target: Any) -> bool:
    return actor.is_signed_in and actor.has_confirmed_address and _sees_journey(actor, target.journey)


def _names_people(actor: Actor, block: Any) -> bool:
    return block.id in actor.focal_for or _keeps_people(actor, block.offering.learning_session.journey)


def _sees_people(actor: Actor, journey: Any) -> bool:
    return actor.is_administrator or journey.id in actor.organises


def _sees_participants(actor: Actor, offering: Any) -> bool:
    return offering.id in actor.facilitates or _sees_people(actor, offering.learning_session.journey)


def _sees_toolkit(actor: Actor, toolkit: Any) -> bool:
    """A toolkit is as public as the most public of its journeys."""
    return actor.is_administrator or any(_sees_journey(actor, journey) for journey in toolkit.journeys)


def _runs_all(actor: Actor, journey_ids: Collection[int]) -> bool:
    return all(actor.organises.get(journey_id) in RUNNERS for journey_id in journey_ids)


def _runs_one(actor: Actor, journey_ids: Collection[int]) -> bool:
    return any(actor.organises.get(journey_id) in RUNNERS for journey_id in journey_ids)


def _edits_facilitator(actor: Actor, page: Any) -> bool:
    """Who runs a journey they lead in, and they themselves. `page`: its `user_id`, its `journey_ids`."""
    is_own = actor.is_signed_in and actor.user_id == page.user_id
    return actor.is_administrator or is_own or _runs_one(actor, page.journey_ids)


def _links_facilitator(actor: Actor, page: Any) -> bool:
    """The account sees join links and names: who runs every journey they lead in may grant that."""
    return actor.is_administrator or (bool(page.journey_ids) and _runs_all(actor, page.journey_ids))


def _sees_venue_on_desk(actor: Actor, venue: Any) -> bool:
    return actor.is_administrator or _runs_one(actor, venue.journey_ids)


def _edits_venue(actor: Actor, venue: Any) -> bool:
    """Nobody changes where a sitting of others is still to meet."""
    runs_coming = _sees_venue_on_desk(actor, venue) and _runs_all(actor, venue.coming_journey_ids)
    return actor.is_administrator or runs_coming


RULES: Mapping[Permission, Rule] = {
    Permission.PUBLIC: lambda _actor, _target: True,
    Permission.ACCOUNT: _signed_in,
    Permission.ADMINISTER: lambda actor, _target: actor.is_administrator,
    Permission.DESK_SEE: lambda actor, _: _starts_journeys(actor, None) or bool(actor.organises),
    Permission.JOURNEY_SEE: _sees_journey,
    Permission.JOURNEY_ENROL: lambda actor, journey: actor.is_signed_in and _sees_journey(actor, journey),
    Permission.JOURNEY_CREATE: _starts_journeys,
    Permission.JOURNEY_DESK: _sees_people,
    Permission.JOURNEY_EDIT: _runs_journey,
    Permission.JOURNEY_RUN: _runs_journey,
    Permission.JOURNEY_OWN: _owns_journey,
    Permission.JOURNEY_PEOPLE: _sees_people,
    Permission.JOURNEY_ROSTER: _keeps_people,
    Permission.LEARNING_SESSION_SEE: lambda actor, target: _sees_journey(actor, target.journey),
    Permission.LEARNING_SESSION_DESK: lambda actor, target: _sees_people(actor, target.journey),
    Permission.LEARNING_SESSION_EDIT: lambda actor, target: _runs_journey(actor, target.journey),
    Permission.OFFERING_SEE: lambda actor, target: _sees_journey(actor, target.learning_session.journey),
    Permission.OFFERING_EDIT: lambda actor, target: _runs_journey(actor, target.learning_session.journey),
    Permission.OFFERING_ROSTER: lambda actor, target: _keeps_people(actor, target.learning_session.journey),
    Permission.BLOCK_NAME: _names_people,
    Permission.PLACE_TAKE: _takes_places,
    Permission.INTEREST_SAY: lambda actor, target: (
        actor.is_signed_in and _sees_journey(actor, target.journey)
    ),
    Permission.PARTICIPANTS_SEE: _sees_participants,
    Permission.TOOLKIT_SEE: _sees_toolkit,
    Permission.FACILITATOR_EDIT: _edits_facilitator,
    Permission.FACILITATOR_LINK: _links_facilitator,
    Permission.VENUE_DESK: _sees_venue_on_desk,
    Permission.VENUE_EDIT: _edits_venue,
}

SEEN_FIRST: Mapping[Permission, Permission] = {
    Permission.JOURNEY_ENROL: Permission.JOURNEY_SEE,
    Permission.JOURNEY_DESK: Permission.JOURNEY_SEE,
    Permission.JOURNEY_EDIT: Permission.JOURNEY_SEE,
    Permission.JOURNEY_RUN: Permission.JOURNEY_SEE,
    Permission.JOURNEY_OWN: Permission.JOURNEY_SEE,
    Permission.JOURNEY_PEOPLE: Permission.JOURNEY_SEE,
    Permission.JOURNEY_ROSTER: Permission.JOURNEY_SEE,
    Permission.LEARNING_SESSION_DESK: Permission.LEARNING_SESSION_SEE,
    Permission.LEARNING_SESSION_EDIT: Permission.LEARNING_SESSION_SEE,
    Permission.OFFERING_EDIT: Permission.OFFERING_SEE,
    Permission.OFFERING_ROSTER: Permission.OFFERING_SEE,
    Permission.PLACE_TAKE: Permission.LEARNING_SESSION_SEE,
    Permission.INTEREST_SAY: Permission.LEARNING_SESSION_SEE,
    Permission.PARTICIPANTS_SEE: Permission.OFFERING_SEE,
}
"""Who fails both is told that the thing does not exist, not that it is forbidden."""

SIGHT = frozenset(
    {
        Permission.JOURNEY_SEE,
        Permission.LEARNING_SESSION_SEE,
        Permission.OFFERING_SEE,
        Permission.TOOLKIT_SEE,
    }
)
"""Who fails one of these is told the same."""


def may(actor: Actor, permission: Permission, target: Any = None) -> bool:
    """Whether the actor has the permission on the target."""
    return RULES[permission](actor, target)


def awaits_confirmation(actor: Actor, permission: Permission, target: Any = None) -> bool:
    """Whether all that the actor lacks for the permission is a confirmed address."""
    if not actor.is_signed_in or actor.has_confirmed_address:
        return False
    return not may(actor, permission, target) and may(
        replace(actor, has_confirmed_address=True), permission, target
    )


def may_see_join_link(
    actor: Actor, *, journey_id: int, offering_id: int, starts_at: datetime | None, from_minutes: int,
    now: datetime,
) -> bool:  # fmt: skip
    """The one rule for join links, the same on page, in mail and in feeds.

    Organisers of the journey and the offering's facilitators always; holders of a confirmed place from
    `from_minutes` before the start. An offering known only by its days shows it to its holders at once.
    """
    if actor.is_administrator or journey_id in actor.organises or offering_id in actor.facilitates:
        return True
    if offering_id not in actor.confirmed_in:
        return False
    return starts_at is None or now >= starts_at - timedelta(minutes=from_minutes)
