"""The public page of a lottery: what was promised, what was drawn, and how to check it."""

from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.moments import moment
from app.domain.permissions import Permission
from app.enrolments.blueprint import bp
from app.enrolments.drawing import Draw, Ticket, draw_of
from app.enrolments.views.loading import Target, offering_at
from app.learning_sessions.views import learning_session_at
from app.sheets.writing import csv_bytes, type_of_csv
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader
from app.web.sittings import shown

PAGE = 100


def sitting_at(slug: str, learning_session_slug: str, offering_id: int) -> Any:
    """A sitting at the address of its session; raises Moved for an address it had before."""
    learning_session = learning_session_at(slug, learning_session_slug)
    found = offering_at(offering_id)
    if learning_session is None or found is None:
        return None
    return found if found.offering.learning_session_id == learning_session.id else None


ADDRESS = "/journeys/<slug>/sessions/<learning_session_slug>/draw/<int:offering_id>"


@bp.get(ADDRESS)
@requires(Permission.LEARNING_SESSION_SEE, of=sitting_at)
def draw(target: Target) -> ResponseReturnValue:
    offering, now = target.offering, clock.now()
    found = draw_of(offering.id, current_actor().participant_id)
    if found is None:
        abort(404)
    zone = reader().timezone or offering.timezone
    pages = max(1, -(-len(found.tickets) // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "enrolments/draw.html",
        offering=offering,
        learning_session=offering.learning_session,
        journey=target.journey,
        draw=found,
        draw_at=moment(found.draw_at, zone),
        drawn_at=moment(found.drawn_at, zone) if found.drawn_at is not None else None,
        is_due=found.draw_at <= now,
        times=shown(offering, reader(), now),
        tickets=_page_of(found, page),
        page=page,
        pages=pages,
        own_page=-(-found.own.rank // PAGE) if found.own is not None else None,
    )


@bp.get(f"{ADDRESS}.csv")
@requires(Permission.LEARNING_SESSION_SEE, of=sitting_at)
def draw_csv(target: Target) -> ResponseReturnValue:
    """Everything drawn, as a table: rank, place number, SHA-256. No names."""
    found = draw_of(target.offering.id, None)
    if found is None or not found.tickets:
        abort(404)
    rows = ((one.rank, one.number, one.digest) for one in found.tickets)
    answer = Response(csv_bytes(["rank", "place", "sha256"], rows), content_type=type_of_csv)
    answer.headers["Content-Disposition"] = f'attachment; filename="draw-{target.offering.id}.csv"'
    return answer


def _page_of(found: Draw, page: int) -> list[Ticket]:
    return list(found.tickets[(page - 1) * PAGE : page * PAGE])
