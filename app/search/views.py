"""The catalogue: what there is to learn, narrowed and searched."""

from datetime import datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.calendars.assembling import Assembled, Telling, assemble
from app.calendars.states import state, summed_up
from app.calendars.views.answers import answer, site
from app.domain.permissions import Permission
from app.journeys.models import JourneyKind, JourneyStatus
from app.search import catalogue, entries
from app.search.filters import STATUS_NAMES, Filters, facets
from app.search.shown import ShownEntry, shown
from app.search.soonest import about, soonest
from app.web import clock
from app.web.access import can, current_actor, requires
from app.web.reader import reader
from app.web.sittings import backgrounds

bp = Blueprint("search", __name__)


@bp.get("/journeys/", endpoint="catalogue")
@bp.get("/", endpoint="catalogue")
@requires(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """The catalogue, 20 journeys a page; the same at both addresses."""
    asked = Filters.of(request.args)
    page = catalogue.page(asked, current_actor(), clock.now(), _page_number())
    if page is None:
        abort(404)
    parts = _parts(page)
    strips = backgrounds(one.sitting.times for part in parts.values() for one in part if one.sitting)
    return render_template(
        "search/catalogue.html",
        asked=asked,
        page=page,
        parts=parts,
        facets=facets(),
        statuses=_statuses(asked),
        kinds=[(kind.value, kind.label) for kind in JourneyKind],
        strips=strips,
    )


@bp.get("/journeys/calendar.ics")
@requires(Permission.PUBLIC)
def calendar() -> ResponseReturnValue:
    """The sittings of the catalogue, narrowed like the page; the same whoever asks."""
    asked, where = Filters.of(request.args), site()
    scope = soonest(asked, clock.now())

    def build(at: datetime) -> Assembled:
        return assemble(about(asked, where.url), scope, None, Telling(), where, at)

    state_of_it = (asked, state(summed_up(scope)), where)
    return answer(build, state_of_it, "inline", "meridian-sessions", "public, max-age=300")


def _page_number() -> int:
    """The page asked for; 0, which does not exist, for anything but a plain number."""
    text = request.args.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _parts(page: catalogue.Page) -> dict[str, list[ShownEntry]]:
    ids = [number for part in page.ids.values() for number in part]
    if not ids:
        return {part: [] for part in page.ids}
    found = entries.entries(ids, current_actor())
    partners = entries.partners(ids)
    now = clock.now()
    sittings = entries.next_sittings(ids, now)
    return {
        part: [
            shown(entry, partners.get(entry.id, []), sittings.get(entry.id), reader(), now)
            for entry in entries.ordered(numbers, found)
        ]
        for part, numbers in page.ids.items()
    }


def _statuses(asked: Filters) -> list[tuple[str, str]]:
    """Drafts are offered to those who may have some."""
    offered: list[JourneyStatus] = [status for status in STATUS_NAMES if status is not JourneyStatus.DRAFT]
    if can("desk:see") or asked.status == JourneyStatus.DRAFT:
        offered.append(JourneyStatus.DRAFT)
    return [(status.value, STATUS_NAMES[status]) for status in offered]
