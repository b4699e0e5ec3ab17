"""Getting into a journey, and out of it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.enrolments import operations, queries, rooms
from app.enrolments.blueprint import bp
from app.enrolments.models import Place
from app.enrolments.views.loading import ask_again, current_participant, profile_first
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.participants.models import Participant
from app.web import clock
from app.web.access import current_actor, requires
from app.web.forms import ActionForm


@bp.post("/journeys/<slug>/enrolment")
@requires(Permission.JOURNEY_ENROL, of=journey_at)
def enrol(journey: Journey) -> ResponseReturnValue:
    form = ActionForm()
    if not form.validate_on_submit():
        return ask_again(form, "Enrol in this journey", f"Enrol in “{journey.title}”", journey)
    participant = current_participant()
    if participant is None:
        return profile_first()
    operations.enrol(journey, participant, clock.now())
    flash(f"You are enrolled in “{journey.title}”. Now choose your sessions.", "ok")
    return redirect(url_for("journeys.show", slug=journey.slug), 303)


@bp.route("/journeys/<slug>/leave", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ENROL, of=journey_at)
def leave(journey: Journey) -> ResponseReturnValue:
    """Says what leaving frees, then does it."""
    participant, here = current_participant(), redirect(url_for("journeys.show", slug=journey.slug), 303)
    form = ActionForm()
    if form.validate_on_submit():
        if participant is not None and journey.id in current_actor().enrolled_in:
            operations.leave(journey, participant, clock.now())
            flash(f"You have left “{journey.title}”. Your coming places in it are free for others.", "ok")
        return here
    if not form.is_submitted() and journey.id not in current_actor().enrolled_in:
        return here
    count = len(_coming(participant, journey)) if participant is not None else 0
    page = render_template("enrolments/leave.html", journey=journey, form=form, count=count)
    return page, 422 if form.is_submitted() else 200


def _coming(participant: Participant, journey: Journey) -> list[Place]:
    """What leaving gives up: the live places of a participant in a journey whose sittings are not over."""
    return [
        place
        for place in queries.learning_of(participant.id)
        if place.offering.learning_session.journey_id == journey.id
        and not rooms.is_over(place.offering, clock.now())
    ]
