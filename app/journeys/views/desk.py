"""The organisers' desk: their journeys, and the steps of a journey's life."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.timezones import local
from app.enrolments import queries as enrolments
from app.journeys import operations, queries
from app.journeys.blueprint import bp
from app.journeys.forms import STEPS, StatusForm
from app.journeys.models import Journey, JourneyStatus
from app.journeys.views.loading import journey_at
from app.web import clock
from app.web.access import current_actor, requires

NEXT_STEP = {
    JourneyStatus.DRAFT: ("publish",),
    JourneyStatus.PUBLISHED: ("open", "close"),
    JourneyStatus.OPEN: ("close",),
    JourneyStatus.CLOSED: ("open", "archive"),
    JourneyStatus.ARCHIVED: (),
}


@bp.get("/organise/")
@requires(Permission.DESK_SEE)
def desk() -> ResponseReturnValue:
    journeys = queries.organised_by(current_actor())
    counts = enrolments.counts_by_journey([one.id for one in journeys])
    return render_template(
        "journeys/desk.html",
        journeys=journeys,
        counts=counts,
        next_step=NEXT_STEP,
        steps=STEPS,
        form=StatusForm(),
    )


@bp.route("/organise/journeys/<slug>/status", methods=["GET", "POST"])
@requires(Permission.JOURNEY_RUN, of=journey_at)
def change_status(journey: Journey) -> ResponseReturnValue:
    """Says what the step means, then takes it."""
    form = StatusForm(request.form if request.method == "POST" else request.args)
    if form.validate_on_submit():
        try:
            _take_step(journey, form.step.data, form.note.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"“{journey.title}” is {journey.status.value} now.", "ok")
            return redirect(url_for("journeys.desk"), 303)
    if form.step.data not in STEPS:
        if form.is_submitted():
            abort(422)
        return redirect(url_for("journeys.desk"), 303)
    page = render_template(
        "journeys/status.html", journey=journey, form=form, step=form.step.data, steps=STEPS
    )
    return page, 422 if form.is_submitted() else 200


def _take_step(journey: Journey, step: str, note: str) -> None:
    now = clock.now()
    if step == "close":
        operations.close(journey, note, local(now, journey.timezone).date(), now)
    else:
        take = {"publish": operations.publish, "open": operations.open_journey, "archive": operations.archive}
        take[step](journey, now)
