"""Taking and releasing places."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import DomainError, NotOpen, Refused
from app.domain.permissions import Permission
from app.domain.seats import PlaceStatus
from app.enrolments import operations, queries
from app.enrolments.blueprint import bp
from app.enrolments.forms import TakeForm
from app.enrolments.models import Place
from app.enrolments.views.loading import (
    Target,
    address_of,
    ask_again,
    current_participant,
    offering_at,
    place_at,
    profile_first,
)
from app.web import clock
from app.web.access import current_actor, requires
from app.web.forms import ActionForm

WHAT_RELEASING_DID = {
    PlaceStatus.CONFIRMED: "Your place is free for the next in line.",
    PlaceStatus.WAITING: "You have left the line.",
    PlaceStatus.RELEASED: "You had given this place up already.",
}


@bp.post("/offerings/<int:offering_id>/places")
@requires(Permission.PLACE_TAKE, of=offering_at)
def take(target: Target) -> ResponseReturnValue:
    """Take a place, enrolling first where needed: one press for what is meant as one thing."""
    offering, journey = target.offering, target.journey
    learning_session = offering.learning_session
    form = TakeForm()
    form.offer(offering.attendance)
    if not form.validate_on_submit():
        return ask_again(
            form, "Take a place", f"Take a place in “{learning_session.title}”", journey, form.way.data
        )
    participant = current_participant()
    if participant is None:
        return profile_first()
    here, now = redirect(address_of(learning_session), 303), clock.now()
    try:
        if journey.id not in current_actor().enrolled_in:
            operations.enrol(journey, participant, now)
        _say_what_came_of_it(operations.take_place(offering, participant, Way(form.way.data), now))
    except NotOpen:
        raise
    except Refused as refusal:
        db.rollback()
        flash(str(refusal), "bad")
    return here


@bp.route("/me/places/<int:place_id>/release", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, of=place_at)
def release(place: Place) -> ResponseReturnValue:
    """Says what giving the place up means, then does it."""
    learning_session = place.offering.learning_session
    here = redirect(address_of(learning_session), 303)
    form, had = ActionForm(), place.status
    if form.validate_on_submit():
        try:
            operations.release_place(place, clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(WHAT_RELEASING_DID.get(had, "Your place is given up."), "ok")
            return here
    elif not form.is_submitted() and not had.is_live:
        return here
    page = render_template(
        "enrolments/release.html", place=place, learning_session=learning_session, form=form,
        waiting=queries.waiting_counts(learning_session.id).get((place.offering_id, place.way), 0),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _say_what_came_of_it(place: Place) -> None:
    if place.status is PlaceStatus.CONFIRMED:
        flash(
            "You have a place. It stands in My learning, and in your calendar if you subscribe to it.", "ok"
        )
    elif place.status is PlaceStatus.WAITING:
        own = queries.own_places(place.participant_id, [place.learning_session_id])[place.offering_id]
        flash(
            f"The sitting is full. You are number {own.position} of {own.in_line} in line; "
            "a freed place is yours at once.",
            "warn",
        )
