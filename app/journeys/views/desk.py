"""The organisers' desk: their journeys, a new one, and the steps of a journey's life."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import queries as accounts
from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import OrganiserRole, Permission
from app.enrolments import queries as enrolments
from app.journeys import operations, queries
from app.journeys.blueprint import bp
from app.journeys.forms import NewJourneyForm, StatusForm
from app.journeys.life import NEXT, Step
from app.journeys.models import Journey
from app.journeys.views.checklist import matter_of, missing_in
from app.journeys.views.loading import journey_at
from app.scheduling import queries as scheduling
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader


@bp.get("/organise/")
@requires(Permission.DESK_SEE)
def desk() -> ResponseReturnValue:
    now = clock.now()
    journeys = queries.organised_by(current_actor())
    numbers = [one.id for one in journeys]
    return render_template(
        "journeys/desk.html",
        journeys=journeys,
        counts=enrolments.counts_by_journey(numbers),
        attention=scheduling.attention(numbers, now),
        zone_data=scheduling.zone_data_status(now),
        next_step=NEXT,
    )


@bp.route("/organise/new-journey", methods=["GET", "POST"])
@requires(Permission.JOURNEY_CREATE)
def create() -> ResponseReturnValue:
    """Start a journey from nothing; whoever starts it owns it."""
    form = NewJourneyForm(
        queries.possible_parents(None, current_actor()), data={"timezone": reader().timezone or ""}
    )
    if form.validate_on_submit():
        try:
            journey = _create(form)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                f"“{journey.title}” is a draft now; only you see it. Below stands what it still lacks.", "ok"
            )
            return redirect(url_for("journeys.manage", slug=journey.slug), 303)
    return render_template("journeys/new.html", form=form), form.status


def _create(form: NewJourneyForm) -> Journey:
    now = clock.now()
    with db.begin_nested():
        journey = operations.create_journey(form.journey(), now)
        user = accounts.by_id(current_user.id)
        assert user is not None  # noqa: S101  # it is signed in
        operations.assign_organiser(journey, user, OrganiserRole.OWNER, now)
    return journey


@bp.route("/organise/journeys/<slug>/status", methods=["GET", "POST"])
@requires(Permission.JOURNEY_RUN, of=journey_at)
def change_status(journey: Journey) -> ResponseReturnValue:
    """Says what the step means, then takes it."""
    form = StatusForm(request.form if request.method == "POST" else request.args)
    back = url_for("journeys.manage", slug=journey.slug)
    if form.validate_on_submit():
        try:
            was_taken = operations.take_step(journey, form.step.data, clock.now(), form.note.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            how = "now" if was_taken else "already; nothing changed"
            flash(f"“{journey.title}” is {journey.status.value} {how}.", "ok")
            return redirect(back, 303)
    if form.step.data not in set(Step):
        if form.is_submitted():
            abort(422)
        return redirect(back, 303)
    step = Step(form.step.data)
    missing = missing_in(journey, matter_of(journey)) if step in (Step.PUBLISH, Step.OPEN) else []
    to_come = scheduling.number_to_come(journey.id, clock.now()) if step is Step.CLOSE else 0
    page = render_template(
        "journeys/status.html", journey=journey, form=form, step=step, missing=missing, to_come=to_come
    )
    return page, form.status
