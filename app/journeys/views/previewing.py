"""A journey's pages as a stranger or as somebody enrolled would see them, before or after they are public."""

import re
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape
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
from app.web.previewing import inert, show_as
from app.web.reader import Reader, reader

NOBODY = 0
"""The number of no account and of no participant."""


@dataclass(frozen=True)
class Preview:
    """For whom a page is shown. `zone`: where they are; None: nobody knows."""

    who: str
    zone: str | None
    zones: dict[str, str]
    """Zones to choose from, with their cities."""
    before: str
    """`published` or `open`: what the journey is not yet and is shown as; else empty."""

    @property
    def place(self) -> str:
        return city(self.zone) if self.zone else ""


@bp.get("/organise/journeys/<slug>/preview")
@requires(Permission.JOURNEY_DESK, of=journey_at)
def preview(journey: Journey) -> ResponseReturnValue:
    begun = begin_preview(journey)
    return finished(page_of(journey, begun), journey, begun)


def begin_preview(journey: Journey) -> Preview:
    """From now on this answer is for whom the query names: `as` a stranger or an adviser, in a `zone`.

    Without a zone an adviser is where the organiser is, and a stranger nobody knows where.
    """
    who = request.args.get("as", "stranger")
    if who not in {"stranger", "adviser"}:
        abort(404)
    zones = _zones(journey)
    zone = known_zone(request.args.get("zone", "")) or (reader().timezone if who == "adviser" else None)
    status, shown = journey.status, _status_for(journey.status, who)
    # Not as a change: what is only shown is not to be written.
    set_committed_value(journey, "status", shown)
    adviser = Actor(
        user_id=NOBODY, participant_id=NOBODY, has_confirmed_address=True, enrolled_in=frozenset({journey.id})
    )
    show_as(adviser if who == "adviser" else STRANGER, Reader(timezone=zone))
    return Preview(who, zone, zones, shown.value if shown is not status else "")


def finished(html: str, journey: Journey, preview: Preview) -> str:
    """The page made inert: what leads to other pages of this journey leads to their previews."""
    query: dict[str, Any] = {"as": preview.who} | ({"zone": preview.zone} if preview.zone else {})
    here = url_for("journeys.show", slug=journey.slug)
    its_session = re.compile(re.escape(here) + r"sessions/([a-z0-9-]+)/(#.*)?")

    def leads_to(href: str) -> str | None:
        if href == here or href.startswith(f"{here}#"):
            return str(escape(url_for("journeys.preview", slug=journey.slug, **query)))
        found = its_session.fullmatch(href)
        if found is None:
            return None
        address = query | {"slug": journey.slug, "learning_session_slug": found[1]}
        return str(escape(url_for("learning_sessions.preview", **address)))

    return inert(html, leads_to)


def _status_for(status: JourneyStatus, who: str) -> JourneyStatus:
    """A draft as if published; nobody is enrolled before it opens, so an adviser sees it open."""
    if who == "adviser" and status in {JourneyStatus.DRAFT, JourneyStatus.PUBLISHED}:
        return JourneyStatus.OPEN
    return JourneyStatus.PUBLISHED if status is JourneyStatus.DRAFT else status


def _zones(journey: Journey) -> dict[str, str]:
    """Where its people are or are expected, and where the organiser is."""
    enrolled = [row[0] for row in enrolments.people_by_zone(journey.id)]
    expected = [zone for zone, _ in enrolments.expected_zones(journey.id)]
    own = [zone for zone in (reader().timezone, journey.timezone) if zone]
    return {zone: city(zone) for zone in [*own, *enrolled, *expected]}
