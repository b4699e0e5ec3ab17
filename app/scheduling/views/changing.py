"""Cancelling a sitting and restoring it; deleting a sitting or a session that nobody counts on."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.enrolments import queries as enrolments
from app.enrolments import rooms
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.views import learning_session_at
from app.scheduling import operations, queries
from app.scheduling.affected import Affected, affected_by, kept_by
from app.scheduling.blueprint import bp
from app.scheduling.effects import arising_again, begins_soon
from app.scheduling.forms.changing import CancelForm, RestoreForm
from app.scheduling.holding import hold
from app.scheduling.restating import restate
from app.web import clock
from app.web.access import current_actor, requires
from app.web.forms import ActionForm
from app.web.reader import reader
from app.web.sittings import Shown, shown

Others = list[tuple[Any, Shown]]


def offering_at(offering_id: int) -> Offering | None:
    """The sitting with this number, with its session and journey."""
    return enrolments.offering(offering_id)


@bp.route("/organise/offerings/<int:offering_id>/cancel", methods=["GET", "POST"])
@requires(Permission.OFFERING_EDIT, of=offering_at)
def cancel(offering: Offering) -> ResponseReturnValue:
    """Says who is affected and where they can go, then cancels; the reason is public."""
    if request.method == "POST":
        hold(offering)
    stored = {"reason": offering.cancellation_note}
    form, others = CancelForm.opened_on(stored), _others(offering)
    is_sound = form.validate_on_submit()
    if rooms.is_over(offering, clock.now()) and (is_sound or not form.is_submitted()):
        return _over(offering)
    if is_sound:
        try:
            form.refuse_if_changed(stored)
            flash(_cancel(offering, form, others), "ok")
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(address_of(offering), 303)
    page = render_template(
        "scheduling/cancel.html", form=form, offering=offering, learning_session=offering.learning_session,
        is_cancelled=offering.is_cancelled, shown=_shown(offering), affected=_affected(offering),
        instead=others, naming=naming(others), back=address_of(offering),
        at_once=begins_soon(offering, clock.now()),
    )  # fmt: skip
    return page, form.status


def _cancel(offering: Offering, form: CancelForm, others: Others) -> str:
    """Cancel, or give a cancellation another reason; what to say of it."""
    reason, title = form.reason.data or "", offering.learning_session.title
    if offering.is_cancelled:
        restate(offering, reason, clock.now(), by=current_user)
        return f"The reason why “{title}” is cancelled is another one now."
    if form.name_others.data and others:
        reason = f"{reason if reason.endswith(SENTENCE_ENDS) else f'{reason}.'} {naming(others)}"
    people = _affected(offering)
    operations.cancel(offering, reason, clock.now(), by=current_user)
    return f"“{title}” is cancelled.{_told(people, ' lost a place', bool(others))}"


def _told(people: Affected, what: str, is_offered: bool) -> str:
    if not people.confirmed:
        return ""
    count = "1 person" if people.confirmed == 1 else f"{people.confirmed:,} people"
    offered = " and is offered another" if people.confirmed == 1 else " and are offered another"
    return f" {count}{what}{offered if is_offered else ''}."


SENTENCE_ENDS = (".", "!", "?", "…", "。", "؟")


def naming(others: Others) -> str:
    """Where to go instead, in a sentence that stays true when times move."""
    if not others:
        return ""
    one = others[0][0]
    if not one.is_twin:
        return f"The next session with room is “{one.title}”."
    if len(others) == 1:
        return "There is another sitting of this session."
    return "There are other sittings of this session."


@bp.route("/organise/offerings/<int:offering_id>/restore", methods=["GET", "POST"])
@requires(Permission.OFFERING_EDIT, of=offering_at)
def restore(offering: Offering) -> ResponseReturnValue:
    """Says what else happens then, and lets a cancelled sitting take place after all."""
    if request.method == "POST":
        hold(offering)
    form = RestoreForm()
    is_sound = form.validate_on_submit()
    if is_sound or not form.is_submitted():
        if not offering.is_cancelled:
            flash(f"“{offering.learning_session.title}” takes place; there is nothing to restore.", "warn")
            return redirect(address_of(offering), 303)
        if rooms.is_over(offering, clock.now()):
            return _over(offering)
    if is_sound:
        operations.restore(offering, clock.now(), by=current_user, note=form.note.data or "")
        flash(f"“{offering.learning_session.title}” takes place after all.", "ok")
        return redirect(address_of(offering), 303)
    page = render_template(
        "scheduling/restore.html", form=form, offering=offering, learning_session=offering.learning_session,
        shown=_shown(offering), affected=_affected(offering), back=address_of(offering),
        arising=arising_again(offering, clock.now(), actor=current_actor()),
        at_once=begins_soon(offering, clock.now()),
    )  # fmt: skip
    return page, form.status


class Kept(NamedTuple):
    """A sitting that cannot be deleted, and why."""

    offering: Offering
    shown: Shown
    reason: str


@bp.route("/organise/offerings/<int:offering_id>/delete", methods=["GET", "POST"])
@requires(Permission.OFFERING_EDIT, of=offering_at)
def delete_sitting(offering: Offering) -> ResponseReturnValue:
    """Says what goes with it, then deletes it; one that people count on is cancelled instead."""
    learning_session = offering.learning_session
    form = ActionForm()
    if form.validate_on_submit():
        try:
            operations.delete_sitting(offering, clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"A sitting of “{learning_session.title}” is deleted.", "ok")
            return redirect(address_of_session(learning_session), 303)
    return _delete_page(form, learning_session, [offering], offering)


@bp.route("/organise/journeys/<slug>/sessions/<learning_session_slug>/delete", methods=["GET", "POST"])
@requires(Permission.LEARNING_SESSION_EDIT, of=learning_session_at)
def delete_learning_session(learning_session: LearningSession) -> ResponseReturnValue:
    """The same for a session with all its sittings."""
    form, journey, title = ActionForm(), learning_session.journey, learning_session.title
    if form.validate_on_submit():
        try:
            operations.delete_learning_session(learning_session, clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"The session “{title}” is deleted.", "ok")
            return redirect(url_for("journeys.manage", slug=journey.slug), 303)
    return _delete_page(form, learning_session, learning_session.offerings, None)


def _delete_page(
    form: ActionForm, learning_session: LearningSession, offerings: Sequence[Offering], one: Offering | None
) -> ResponseReturnValue:
    kept = kept_by([each.id for each in offerings])
    reasons = [Kept(each, _shown(each), kept[each.id]) for each in offerings if each.id in kept]
    back = address_of(one) if one is not None else address_of_session(learning_session)
    page = render_template(
        "scheduling/delete.html", form=form, learning_session=learning_session, offering=one,
        shown=_shown(one) if one is not None else None, kept_by=reasons, back=back,
        goes_with=queries.what_goes_with(learning_session.id, one.id if one is not None else None),
    )  # fmt: skip
    return page, form.status


def _over(offering: Offering) -> ResponseReturnValue:
    flash(f"This sitting of “{offering.learning_session.title}” is over; it stays as it was.", "warn")
    return redirect(address_of(offering), 303)


def _others(offering: Offering) -> Others:
    """Where its people could go, each with its time for this reader."""
    one = {offering.learning_session_id: offering.learning_session.journey_id}
    found = queries.instead_of(one, None, clock.now(), offering.id).get(offering.learning_session_id, [])
    return [(other, shown(other, reader(), clock.now())) for other in found]


def _shown(offering: Offering) -> Shown:
    return shown(offering, reader(), clock.now())


def _affected(offering: Offering) -> Affected:
    return affected_by(offering, enrolments.waiting_counts(offering.learning_session_id))


def address_of(offering: Offering) -> str:
    """Where the sitting stands on the desk."""
    return f"{address_of_session(offering.learning_session)}#sitting-{offering.id}"


def address_of_session(learning_session: LearningSession) -> str:
    """The session on the desk."""
    return url_for(
        "scheduling.overview",
        slug=learning_session.journey.slug,
        learning_session_slug=learning_session.slug,
    )
