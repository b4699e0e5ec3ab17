"""The page of a learning session."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.moves import MARKED_FOR
from app.domain.permissions import Actor, Permission, may, may_see_join_link
from app.enrolments import queries as enrolments
from app.journeys import queries as journeys
from app.journeys.views.previewing import Preview, begin_preview, finished
from app.learning_sessions import queries
from app.learning_sessions.change_log import log, moves_of
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.page import (
    Sitting,
    bands_of,
    places_of_the_enrolled,
    sitting_shown,
)
from app.learning_sessions.place_panel import PlaceFacts, in_balance
from app.scheduling import queries as scheduling
from app.toolkits import queries as toolkits
from app.web import clock
from app.web.access import current_actor, requires
from app.web.errors import Moved
from app.web.moves import was
from app.web.reader import reader
from app.web.sittings import shown

bp = Blueprint("learning_sessions", __name__)


def learning_session_at(slug: str, learning_session_slug: str) -> LearningSession | None:
    """The learning session at an address; raises Moved for an address it had before."""
    found = queries.learning_session(slug, learning_session_slug)
    if found is not None:
        return found
    actor = current_actor()
    if (moved := journeys.new_slug(slug, actor)) is not None:
        raise Moved(_same_page(moved, learning_session_slug))
    if (new := queries.new_address(slug, learning_session_slug, actor)) is not None:
        raise Moved(_same_page(*new))
    return None


def _same_page(slug: str, learning_session_slug: str) -> str:
    """The address of the page that was asked for, under other names."""
    names = {"slug": slug, "learning_session_slug": learning_session_slug}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **names})


@bp.get("/journeys/<slug>/sessions/<learning_session_slug>/")
@requires(Permission.LEARNING_SESSION_SEE, of=learning_session_at)
def show(learning_session: LearningSession) -> ResponseReturnValue:
    return _page_of(learning_session)


@bp.get("/organise/journeys/<slug>/sessions/<learning_session_slug>/preview")
@requires(Permission.LEARNING_SESSION_DESK, of=learning_session_at)
def preview(learning_session: LearningSession) -> ResponseReturnValue:
    """As a stranger or as somebody enrolled would see it."""
    begun = begin_preview(learning_session.journey)
    return finished(_page_of(learning_session, begun), learning_session.journey, begun)


def _page_of(learning_session: LearningSession, preview: Preview | None = None) -> str:
    actor, now = current_actor(), clock.now()
    offerings = queries.offerings(learning_session.id)
    agendas = queries.agenda(learning_session.id)
    changes = scheduling.public_changes(learning_session.id)
    moves = moves_of(changes, now - MARKED_FOR)
    places = places_of(actor, learning_session, offerings, now)
    sittings = [
        sitting_shown(
            one, reader(), now, places, agendas.get(one.id, []), _join_link(one, actor, now),
            was(moves, one.id, one, reader(), now),
        )
        for one in offerings
    ]  # fmt: skip
    everyone = enrolments.people_by_zone(learning_session.journey_id)
    people = _people(actor, learning_session, everyone)
    return render_template(
        "learning_sessions/show.html",
        learning_session=learning_session,
        journey=learning_session.journey,
        sittings=sittings,
        bands=bands_of(sittings, reader(), people),
        neighbours=queries.neighbours(learning_session),
        themes=queries.theme_titles(learning_session.id),
        entries=toolkits.entries_for_session(learning_session.id, actor),
        interest=None if offerings else enrolments.interest_in(learning_session.id, actor.participant_id),
        rosters=_rosters(offerings, actor),
        changes=log(changes, offerings, reader(), now),
        instead=_instead(actor, learning_session, sittings, now),
        holds=next((one.place for one in sittings if one.is_held), None),
        holds_begun=any(
            one.place is not None and one.place.status == "confirmed" and one.shown.has_begun
            for one in sittings
            if not one.offering.is_cancelled
        ),
        is_enrolled=learning_session.journey_id in actor.enrolled_in,
        joining=_joining(actor, learning_session, sum(one[-1] for one in everyone), now),
        preview=preview,
    )


def places_of(
    actor: Actor, learning_session: LearningSession, offerings: Sequence[Offering], now: datetime
) -> PlaceFacts:
    """The places of its sittings; two queries for strangers, and two more where a balance is in force."""
    waiting, offered = enrolments.waiting_and_offered(learning_session.id)
    rules = enrolments.rules_of([one.id for one in offerings])
    own: Mapping[int, Any] = {}
    shares: Mapping[Any, Any] = {}
    if actor.participant_id is not None:
        own = enrolments.own_places_in(actor.participant_id, learning_session.id)
        balanced = in_balance(offerings, rules, now)
        shares = enrolments.shares_of(
            actor.participant_id,
            {number: (learning_session.journey_id, balance) for number, balance in balanced.items()},
        )
    is_open = learning_session.journey.status == "open"
    return PlaceFacts(own, waiting, offered, rules, shares, is_open)


def _joining(actor: Actor, learning_session: LearningSession, people: int, now: datetime) -> Any:
    """What stands before a place for who is signed in and not enrolled; a query only for them."""
    journey = learning_session.journey
    if not actor.is_signed_in or journey.id in actor.enrolled_in or journey.status != "open":
        return None
    return enrolments.joining(journey.id, actor.participant_id, people, reader().timezone, now)


def _instead(
    actor: Actor, learning_session: LearningSession, sittings: Sequence[Sitting], now: datetime
) -> Sequence[Any]:
    """Where to go instead, for who had a place in a sitting that is cancelled; a query only for them."""
    if not any(one.is_lost for one in sittings):
        return []
    lost = {learning_session.id: learning_session.journey_id}
    found = scheduling.instead_of(lost, actor.participant_id, now)
    return [(one, shown(one, reader(), now)) for one in found.get(learning_session.id, [])]


def _join_link(offering: Offering, actor: Actor, now: datetime) -> str:
    """The join link when this reader may see it now."""
    visible = may_see_join_link(
        actor,
        journey_id=offering.learning_session.journey_id,
        offering_id=offering.id,
        starts_at=offering.starts_at,
        from_minutes=offering.join_from_minutes,
        now=now,
    )
    return offering.join_url if visible else ""


def _people(actor: Actor, learning_session: LearningSession, everyone: Sequence[Any]) -> Sequence[Any]:
    """Zones and head counts this reader may know of."""
    journey_id = learning_session.journey_id
    sees_all = journey_id in actor.enrolled_in or may(
        actor, Permission.JOURNEY_PEOPLE, learning_session.journey
    )
    expected = [] if sees_all else enrolments.expected_zones(journey_id)
    return places_of_the_enrolled(everyone, expected, sees_all)


def _rosters(offerings: Sequence[Offering], actor: Actor) -> Mapping[int, Sequence[Any]]:
    """Who is coming, for organisers and facilitators; one query, none for others."""
    visible = [one.id for one in offerings if may(actor, Permission.PARTICIPANTS_SEE, one)]
    return enrolments.confirmed_names(visible) if visible else {}
