"""Deleting a journey: says what goes with it, and asks."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.journeys import queries
from app.journeys.blueprint import bp
from app.journeys.deleting import delete_journey, why_not
from app.journeys.furniture import furniture
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.scheduling import queries as scheduling
from app.web.access import requires
from app.web.forms import ActionForm


@bp.route("/organise/journeys/<slug>/delete", methods=["GET", "POST"])
@requires(Permission.JOURNEY_OWN, of=journey_at)
def delete(journey: Journey) -> ResponseReturnValue:
    if request.method == "POST":
        lock(journey, and_what_refers_to_it=True)
    form, title = ActionForm(), journey.title
    holds = scheduling.journey_holds(journey.id)
    if form.validate_on_submit():
        try:
            delete_journey(journey, holds)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"“{title}” is deleted.", "ok")
            return redirect(url_for("journeys.desk"), 303)
    page = render_template(
        "journeys/delete.html",
        journey=journey,
        form=form,
        holds=holds,
        lists=furniture(journey.id),
        activities=len(queries.activities(journey.id)),
        publications=len(queries.publications(journey.id)),
        reason=why_not(journey, holds),
    )
    return page, form.status
