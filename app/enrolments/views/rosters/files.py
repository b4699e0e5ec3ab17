"""A roster as a file: what the list shows, filters and order included, on every page of it."""

import re

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.domain.timezones import local
from app.domain.zone_names import canonical, city
from app.enrolments.blueprint import bp
from app.enrolments.roster import listing, table
from app.enrolments.roster.asked import Asked
from app.enrolments.roster.places import positions
from app.enrolments.views.loading import Target, offering_at
from app.enrolments.views.rosters.where import Where, of_journey, of_offering
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.sheets.writing import csv_bytes, type_of_csv, type_of_xlsx, xlsx_bytes
from app.web import clock
from app.web.access import requires
from app.web.reader import reader

_UNSAFE = re.compile(r"[^a-z0-9-]")


@bp.get("/organise/offerings/<int:offering_id>/roster.csv")
@requires(Permission.LEARNING_SESSION_DESK, of=offering_at)
def offering_roster_csv(target: Target) -> ResponseReturnValue:
    return _file(of_offering(target), "csv")


@bp.get("/organise/offerings/<int:offering_id>/roster.xlsx")
@requires(Permission.LEARNING_SESSION_DESK, of=offering_at)
def offering_roster_xlsx(target: Target) -> ResponseReturnValue:
    return _file(of_offering(target), "xlsx")


@bp.get("/organise/journeys/<slug>/roster.csv")
@requires(Permission.JOURNEY_PEOPLE, of=journey_at)
def roster_csv(journey: Journey) -> ResponseReturnValue:
    return _file(of_journey(journey), "csv")


@bp.get("/organise/journeys/<slug>/roster.xlsx")
@requires(Permission.JOURNEY_PEOPLE, of=journey_at)
def roster_xlsx(journey: Journey) -> ResponseReturnValue:
    return _file(of_journey(journey), "xlsx")


def zones_offered(where: Where) -> list[tuple[str, str]]:
    """(zone, what it is called) of those a file's times can be in; the journey's first."""
    own = where.offering.timezone if where.offering is not None else None
    found = dict.fromkeys(zone for zone in (where.journey.timezone, own, reader().timezone, "UTC") if zone)
    return [(zone, f"{city(zone)} ({zone})" if "/" in zone else zone) for zone in found]


def _file(where: Where, kind: str) -> Response:
    asked = Asked.of(request.args)
    zone = canonical(request.args["zone"]) if request.args.get("zone") else where.journey.timezone
    offering = where.offering
    wanted = table.columns(where.roster, offering, zone, positions(offering.id) if offering else {})
    heads = [head for head, _ in wanted]
    rows = table.rows(wanted, listing.every_entry(where.roster, asked))
    if kind == "csv":
        answer = Response(stream_with_context(csv_bytes(heads, rows)), content_type=type_of_csv)
    else:
        answer = Response(xlsx_bytes(heads, rows, "Roster"), content_type=type_of_xlsx)
    answer.headers["Content-Disposition"] = f'attachment; filename="{_name(where)}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _name(where: Where) -> str:
    """Of letters, figures and hyphens only: which roster, and the day it is from."""
    learning_session = where.offering.learning_session if where.offering is not None else None
    of = learning_session.slug if learning_session is not None else where.journey.slug
    today = local(clock.now(), where.journey.timezone).date()
    return f"roster-{_UNSAFE.sub('', of)}-{today.isoformat()}"
