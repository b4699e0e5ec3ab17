"""What a journey says of itself: the form, with a preview of its texts."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.zone_names import city
from app.journeys import queries, revising
from app.journeys.blueprint import bp
from app.journeys.forms import JourneyForm
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.web import clock
from app.web.access import current_actor, requires


@bp.route("/organise/journeys/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def edit(journey: Journey) -> ResponseReturnValue:
    """Shows a preview of the texts when asked for one, and saves nothing then."""
    if request.method == "POST":
        lock(journey)
    stored = _stored(journey)
    form = JourneyForm.opened_on(stored)
    form.offer(
        queries.possible_parents(journey, current_actor()),
        journey.language,
        has_closed="closing_note" in stored,
    )
    is_preview = "preview" in request.form
    if form.validate_on_submit() and not is_preview:
        try:
            form.refuse_if_changed(stored)
            with db.begin_nested():
                revising.revise(journey, form.about(), clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"“{journey.title}” is saved.", "ok")
            return redirect(url_for("journeys.manage", slug=journey.slug), 303)
    status = 200 if is_preview and not form.errors else form.status
    page = render_template(
        "journeys/edit.html",
        journey=journey,
        form=form,
        is_preview=is_preview,
        zone_place=city(journey.timezone),
    )
    return page, status


def _stored(journey: Journey) -> dict[str, Any]:
    """What the journey says; its closing only where the form that was sent asks for it."""
    stored = revising.said_of(journey)
    if request.method == "POST" and "closing_note" not in request.form:
        stored = {name: value for name, value in stored.items() if name not in {"closed_on", "closing_note"}}
    return stored
