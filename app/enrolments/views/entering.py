"""Getting into a journey, and out of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import begin_writing, db
from app.domain.attendance import Attendance
from app.domain.errors import DomainError, NotConfirmed, NotOpen
from app.domain.permissions import Permission
from app.enrolments import all_sessions, entering, operations, queries, rooms
from app.enrolments.blueprint import bp
from app.enrolments.forms.entering import EnrolForm, FollowForm
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.views import codes
from app.enrolments.views.loading import OfJourney, check_address, current_participant, profile_first
from app.journeys.locking import lock
from app.journeys.models import Journey, JourneyStatus
from app.journeys.views.loading import journey_at
from app.learning_sessions import queries as learning_sessions
from app.participants.models import Participant
from app.web import clock
from app.web.access import requires
from app.web.forms import ActionForm
from app.web.once import is_repeated
from app.web.reader import reader
from app.web.transactions import in_its_own

MOST_AT_ONCE = 20
"""So many sessions get their places before the answer; of more, the worker takes care."""
IN = (EnrolmentStatus.ACTIVE, EnrolmentStatus.REQUESTED)


@bp.route("/journeys/<slug>/enrolment", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ENROL, of=journey_at)
def enrol(journey: Journey) -> ResponseReturnValue:
    """Asks what the journey's policy asks for; where that is nothing, one press does it."""
    participant, here = current_participant(), redirect(_page_of(journey), 303)
    own = queries.enrolment(journey.id, participant.id) if participant is not None else None
    if request.method == "GET":
        if participant is None:
            return profile_first()
        if journey.status is not JourneyStatus.OPEN or (own and own.status is EnrolmentStatus.ACTIVE):
            return here
    coming, joining = _coming_sittings(journey, clock.now()), _joining(journey, participant)
    if request.method == "GET" and not joining.can_ask:
        return here  # where it stands why
    form, refusal = EnrolForm(data=_said_before(own)), None
    form.fit(joining.policy, _has_choice(coming))
    if form.validate_on_submit():
        if participant is None:
            return profile_first()
        try:
            if form.wants_all.data:
                check_address(OfJourney(journey), "wants_all")
            _join(journey, participant, form)
        except NotOpen:
            raise
        except DomainError as error:
            db.rollback()
            form.refuse(error)
            refusal = error
        else:
            return here
    page = render_template(
        "enrolments/enrol.html", journey=journey, form=form, joining=joining,
        sessions=len({one.learning_session_id for one in coming}),
    )  # fmt: skip
    return codes.answer(page, 403 if isinstance(refusal, NotConfirmed) else form.status, refusal)


@bp.route("/journeys/<slug>/enrolment/all", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ENROL, of=journey_at)
def follow_all(journey: Journey) -> ResponseReturnValue:
    """Says what taking part in every session means, and begins or ends it."""
    participant, here = current_participant(), redirect(_page_of(journey), 303)
    own = queries.enrolment(journey.id, participant.id) if participant is not None else None
    is_in = own is not None and own.status in IN
    if request.method == "GET" and not (is_in and journey.status is JourneyStatus.OPEN):
        if is_in:
            flash(operations.why_closed(journey), "warn")
        return here
    coming = _coming_sittings(journey, clock.now())
    form = FollowForm(data={"wish": "chosen" if own and own.wants_all else "all"})
    if not _has_choice(coming):
        del form.way
    if form.validate_on_submit():
        if own is not None and is_in:
            if form.wants_all:
                check_address(OfJourney(journey))
            _follow(own.id, form)
        return here
    page = render_template(
        "enrolments/all_sessions.html", journey=journey, form=form, own=own,
        sessions=len({one.learning_session_id for one in coming}),
    )  # fmt: skip
    return page, form.status


@bp.route("/journeys/<slug>/leave", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ENROL, of=journey_at)
def leave(journey: Journey) -> ResponseReturnValue:
    """Says what leaving frees, or what withdrawing a request means, then does it."""
    participant, here = current_participant(), redirect(_page_of(journey), 303)
    own = queries.enrolment(journey.id, participant.id) if participant is not None else None
    is_in, asks = own is not None and own.status in IN, bool(own and own.status == "requested")
    form = ActionForm()
    if form.validate_on_submit():
        if participant is not None and is_in:
            operations.leave(journey, participant, clock.now())
            flash(
                f"Your request to join “{journey.title}” is withdrawn."
                if asks
                else f"You have left “{journey.title}”. Your coming places in it are free for others.",
                "ok",
            )
        return here
    if not form.is_submitted() and not is_in:
        return here
    count = len(_coming(participant, journey)) if participant is not None else 0
    page = render_template("enrolments/leave.html", journey=journey, form=form, count=count, asks=asks)
    return page, 422 if form.is_submitted() else 200


def _join(journey: Journey, participant: Participant, form: EnrolForm) -> None:
    """Do what a sound form asks for, and say what came of it. Sending the very same form again does nothing.

    Who wants every session is enrolled first, in a transaction of its own: the journey is locked no longer
    than that, so that others get in while the places are taken.
    """
    said = form.said()
    ask = partial(_ask, journey.id, participant.id, said)
    codes.count_try(said.get("code"))
    if not form.wants_all.data:
        enrolment = ask()
    else:
        enrolment = in_its_own(ask)
        begin_writing()
    codes.was_good(said.get("code"))
    if enrolment is None:
        return
    title = db.get_one(Journey, enrolment.journey_id).title
    if enrolment.status is EnrolmentStatus.REQUESTED:
        flash(
            f"Your request to join “{title}” is with its organisers. They decide, and we write to you.", "ok"
        )
    elif form.wants_all.data:
        flash(f"You are enrolled in “{title}”. {_seat(enrolment)}", "ok")
    else:
        flash(f"You are enrolled in “{title}”. Now choose your sessions.", "ok")


def _ask(journey_id: int, participant_id: int, said: dict[str, Any]) -> Enrolment | None:
    now = clock.now()
    if is_repeated(current_user.id, now):
        return None
    journey, participant = db.get_one(Journey, journey_id), db.get_one(Participant, participant_id)
    return entering.ask_to_join(journey, participant, now, user=current_user, **said)


def _follow(enrolment_id: int, form: FollowForm) -> None:
    """As when enrolling: the journey is locked while the wish is written, not while places are taken."""
    enrolment = in_its_own(partial(_wish, enrolment_id, form))
    begin_writing()
    if enrolment is None:
        return
    if not enrolment.wants_all:
        flash("From now on you choose your sessions. The places you have stay yours.", "ok")
    elif enrolment.status is EnrolmentStatus.REQUESTED:
        flash("You get a place in every session once the organisers say yes.", "ok")
    else:
        flash(f"You take part in every session. {_seat(enrolment)}", "ok")


def _wish(enrolment_id: int, form: FollowForm) -> Enrolment | None:
    """Write down whether somebody wants every session; None when that was said, or they have left."""
    now, enrolment = clock.now(), db.get_one(Enrolment, enrolment_id)
    if is_repeated(current_user.id, now):
        return None
    lock(db.get_one(Journey, enrolment.journey_id))
    db.refresh(enrolment)
    if enrolment.status not in IN:
        return None
    if form.wants_all:
        all_sessions.follow(enrolment, now, form.chosen_way)
    else:
        all_sessions.unfollow(enrolment, now)
    return enrolment


def _seat(enrolment: Enrolment) -> str:
    """Take the places, and say what came of it."""
    now = clock.now()
    count = len(all_sessions.coming_sessions(enrolment.id, now))
    if count > MOST_AT_ONCE:
        return "Your places are being taken; they stand in My learning in a minute."
    return all_sessions.seat_everywhere(enrolment, now).in_words


def _said_before(own: Enrolment | None) -> dict[str, Any]:
    """What the form begins with: what was said with the request that waits, and what the address brings."""
    code = request.args.get("code", "")
    if own is not None and own.status is EnrolmentStatus.REQUESTED:
        way = {"way": own.way.value} if own.way is not None else {}
        return {"code": code, "answer": own.answer, "wants_all": own.wants_all, **way}
    return {"code": code, "wants_all": request.args.get("all") == "1"}


def _joining(journey: Journey, participant: Participant | None) -> queries.Joining:
    people = queries.attendance_of(journey.id).people
    number = participant.id if participant is not None else None
    return queries.joining(journey.id, number, people, reader().timezone, clock.now())


def _coming_sittings(journey: Journey, now: datetime) -> Sequence[Any]:
    """The sittings of a journey that are still to come and not cancelled."""
    return [
        row
        for row in learning_sessions.sittings(journey.id)
        if row.status == "scheduled"
        and (row.starts_at > now if row.starts_at is not None else (row.last_on or now.date()) >= now.date())
    ]


def _has_choice(coming: Sequence[Any]) -> bool:
    return any(row.attendance is Attendance.BOTH for row in coming)


def _coming(participant: Participant, journey: Journey) -> list[Place]:
    """What leaving gives up: the live places of a participant in a journey whose sittings are not over."""
    return [
        place
        for place in queries.learning_of(participant.id)
        if place.offering.learning_session.journey_id == journey.id
        and not rooms.is_over(place.offering, clock.now())
    ]


def _page_of(journey: Journey) -> str:
    return url_for("journeys.show", slug=journey.slug)
