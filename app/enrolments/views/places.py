"""Taking, accepting and releasing places."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import begin_writing, db
from app.domain.attendance import Way
from app.domain.errors import DomainError, NotOpen, Refused
from app.domain.moments import Moment, moment
from app.domain.permissions import Permission
from app.domain.seats import PlaceStatus
from app.enrolments import entering, operations, queries
from app.enrolments.asked import Holder, Wanted, wanted
from app.enrolments.blueprint import bp
from app.enrolments.forms import TakeForm
from app.enrolments.models import Place
from app.enrolments.views.loading import (
    address_of,
    ask_again,
    check_address,
    place_at,
    profile_first,
    session_path,
)
from app.journeys.models import Journey
from app.learning_sessions.place_panel import PlacesShown, places_shown
from app.learning_sessions.views import places_of
from app.participants.models import Participant
from app.web import clock
from app.web.access import LATER, current_actor, requires
from app.web.forms import ActionForm
from app.web.once import is_repeated
from app.web.reader import reader
from app.web.sittings import shown as shown_at

WHAT_RELEASING_DID = {
    PlaceStatus.REQUESTED: "Your request is withdrawn.",
    PlaceStatus.CONFIRMED: "Your place is free for somebody else.",
    PlaceStatus.WAITING: "You have left the line.",
    PlaceStatus.OFFERED: "You have declined the place; somebody else can have it.",
    PlaceStatus.RELEASED: "You had given this place up already.",
}
LEFT_LOTTERY = "You no longer take part in the lottery."
GROUPS_AGAIN = "Your place is the group’s again."
HAS_ONE = "You have a place. It stands in My learning, and in your calendar if you subscribe to it."


@bp.post("/offerings/<int:offering_id>/places")
@requires(Permission.PLACE_TAKE, of=wanted, writes=LATER)
def take(sitting: Wanted) -> ResponseReturnValue:
    """Take a place, enrolling first where needed: one press for what is meant as one thing."""
    form, journey = TakeForm(), sitting.journey
    form.offer(sitting.attendance)
    if not form.validate_on_submit():
        heading = f"Take a place in “{sitting.learning_session_title}”"
        return ask_again(form, "Take a place", heading, db.get_one(Journey, journey.id), form.way.data)
    actor = current_actor()
    if actor.participant_id is None:
        return profile_first()
    here, now = redirect(session_path(journey.slug, sitting.learning_session_slug), 303), clock.now()
    begin_writing(keep=True)  # who asks, and for what, is known; all that decides is read under the locks
    if is_repeated(current_user.id, now):
        return here
    who = Holder(actor.participant_id, current_user.id, current_user.name)
    is_enrolled = journey.id in actor.enrolled_in
    if not is_enrolled and not entering.can_enrol_at_once(journey.id, current_user, now):
        flash(f"First join “{journey.title}”; then you can ask for places in its sessions.", "warn")
        return redirect(url_for("enrolments.enrol", slug=journey.slug), 303)
    try:
        if not is_enrolled:
            participant = db.get_one(Participant, actor.participant_id)
            entering.ask_to_join(db.get_one(Journey, journey.id), participant, now, user=current_user)
        place = operations.take_place(sitting, who, Way(form.way.data), now)
    except NotOpen:
        raise
    except Refused as refusal:
        db.rollback()
        flash(str(refusal), "bad")
        return here
    _say_what_came_of_it(place)
    return here


@bp.route("/me/places/<int:place_id>/accept", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, of=place_at)
def accept(place: Place) -> ResponseReturnValue:
    """Shows the offer with its deadline, where a message leads to; a press takes it."""
    learning_session, now = place.offering.learning_session, clock.now()
    here = redirect(address_of(learning_session), 303)
    form = ActionForm()
    if form.validate_on_submit():
        check_address(learning_session)
        if not is_repeated(current_user.id, now):
            _accept(place)
        return here
    shown = place_shown(place)
    if not form.is_submitted() and (place.status is not PlaceStatus.OFFERED or shown.offer_is_over):
        if place.status is not PlaceStatus.CONFIRMED:
            flash("This offer has ended. The page says where you stand now.", "warn")
        return here
    page = render_template(
        "enrolments/accept.html", place=place, learning_session=learning_session, form=form, shown=shown,
        others=_others(place), times=shown_at(place.offering, reader(), now, place.way is Way.IN_PERSON),
    )  # fmt: skip
    return page, form.status


@bp.route("/me/places/<int:place_id>/release", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, of=place_at)
def release(place: Place) -> ResponseReturnValue:
    """Says what giving the place up means, then does it."""
    learning_session, now = place.offering.learning_session, clock.now()
    here = redirect(address_of(learning_session), 303)
    form, had, block = ActionForm(), place.status, place.block
    shown = place_shown(place)
    leaves_lottery = had is PlaceStatus.WAITING and shown.awaits_draw and not _is_due(shown, now)
    if form.validate_on_submit():
        if is_repeated(current_user.id, now):
            return here
        try:
            operations.release_place(place, now)
        except DomainError as error:
            form.refuse(error)
        else:
            is_groups = block is not None and block.stands_at(now)  # as it is since that step
            flash(LEFT_LOTTERY if leaves_lottery else _what_releasing_did(place, had, is_groups), "ok")
            return here
    elif not form.is_submitted() and not had.is_live:
        return here
    page = render_template(
        "enrolments/release.html", place=place, learning_session=learning_session, form=form, shown=shown,
        leaves_lottery=leaves_lottery, back_until=_back_until(place, shown, now) if leaves_lottery else None,
        is_groups=block is not None and block.stands_at(now),
        waiting=queries.waiting_counts(learning_session.id).get((place.offering_id, place.way), 0),
    )  # fmt: skip
    return page, form.status


def _accept(place: Place) -> None:
    try:
        operations.accept_offer(place, clock.now())
    except Refused as refusal:
        flash(str(refusal), "bad")
    else:
        flash(HAS_ONE, "ok")


def place_shown(place: Place) -> PlacesShown:
    """The place as its page tells it."""
    offering, now = place.offering, clock.now()
    facts = places_of(current_actor(), offering.learning_session, [offering], now)
    return places_shown(offering, facts, reader().timezone or offering.timezone, now)


def _back_until(place: Place, shown: PlacesShown, now: datetime) -> Moment | None:
    """Until when who leaves a lottery can take part again; None: not any more."""
    offering = place.offering
    ends = [one for one in (shown.rule.draw_at, offering.registration_closes_at) if one is not None]
    return moment(min(ends), reader().timezone or offering.timezone) if ends and min(ends) > now else None


def _is_due(shown: PlacesShown, now: datetime) -> bool:
    """Whether the draw comes before whatever is done now."""
    return shown.rule.draw_at is not None and shown.rule.draw_at <= now


def _others(place: Place) -> list[Place]:
    """What accepting it gives up: places in the other sittings that are the person's or on offer to them."""
    mine = queries.places_in(place.learning_session_id, place.participant_id)
    return [one for one in mine if one.id != place.id and one.status.is_taken]


def _what_releasing_did(place: Place, had: PlaceStatus, is_groups: bool) -> str:
    if had is PlaceStatus.CONFIRMED:
        whose = GROUPS_AGAIN if is_groups else WHAT_RELEASING_DID[had]
        return f"It is noted that you can’t come. {whose}" if place.cannot_come_at is not None else whose
    return WHAT_RELEASING_DID.get(had, "Your place is given up.")


def _say_what_came_of_it(place: Place) -> None:
    if place.status is PlaceStatus.CONFIRMED:
        flash(HAS_ONE, "ok")
    elif place.status is PlaceStatus.REQUESTED:
        flash("Your request is with the organisers. We write to you when they have decided.", "ok")
    elif place.status is PlaceStatus.OFFERED:
        flash("A place is on offer to you already; accept it below.", "warn")
    elif place.status is PlaceStatus.WAITING:
        flash("You do not have a place yet. Below you read where you stand, and why.", "warn")
