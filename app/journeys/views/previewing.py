"""A journey's page as a stranger or as somebody enrolled would see it, before or after it is public."""

from dataclasses import replace

from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.permissions import STRANGER, Actor, Permission
from app.domain.zone_choice import known_zone
from app.domain.zone_names import city
from app.enrolments import queries as enrolments
from app.journeys.blueprint import bp
from app.journeys.models import Journey, JourneyStatus
from app.journeys.views.loading import journey_at
from app.journeys.views.pages import page_of
from app.web.access import requires
from app.web.previewing import show_as
from app.web.reader import Reader, reader

NOBODY = 0
"""The number of no account."""


@bp.get("/organise/journeys/<slug>/preview")
@requires(Permission.JOURNEY_DESK, of=journey_at)
def preview(journey: Journey) -> ResponseReturnValue:
    """`as`: stranger or adviser. `zone`: where the adviser is; without it, where the organiser is."""
    who = request.args.get("as", "stranger")
    if who not in {"stranger", "adviser"}:
        abort(404)
    zones = _zones(journey)
    zone = known_zone(request.args.get("zone", "")) or (reader().timezone if who == "adviser" else None)
    adviser = Actor(user_id=NOBODY, participant_id=NOBODY, enrolled_in=frozenset({journey.id}))
    # Said of this copy alone, so that nothing is written: a draft is read as it will be.
    is_draft = journey.status is JourneyStatus.DRAFT
    shown_status = _status_for(journey.status, who)
    set_committed_value(journey, "status", shown_status)
    show_as(adviser if who == "adviser" else STRANGER, replace(Reader(), timezone=zone))
    return page_of(
        journey,
        preview={
            "who": who,
            "zone": zone,
            "place": city(zone) if zone else "",
            "zones": zones,
            "is_draft": is_draft,
        },
    )


def _status_for(status: JourneyStatus, who: str) -> JourneyStatus:
    """A draft as if published; nobody is enrolled before it opens, so an adviser sees it open."""
    if who == "adviser" and status in {JourneyStatus.DRAFT, JourneyStatus.PUBLISHED}:
        return JourneyStatus.OPEN
    return JourneyStatus.PUBLISHED if status is JourneyStatus.DRAFT else status


def _zones(journey: Journey) -> dict[str, str]:
    """Zone → city: where its people are or are expected, and where the organiser is."""
    enrolled = [row[0] for row in enrolments.people_by_zone(journey.id)]
    expected = [zone for zone, _ in enrolments.expected_zones(journey.id)]
    own = [zone for zone in (reader().timezone, journey.timezone) if zone]
    return {zone: city(zone) for zone in [*own, *enrolled, *expected]}
