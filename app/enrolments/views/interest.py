"""Saying that one would come to a session that has no date yet."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from app.database import db
from app.domain.errors import DomainError, NotOpen
from app.domain.permissions import Permission
from app.domain.zone_clock import clock_in
from app.enrolments import interest, queries
from app.enrolments.blueprint import bp
from app.enrolments.forms import InterestForm
from app.enrolments.views.loading import address_of, ask_again, current_participant, profile_first
from app.learning_sessions.models import LearningSession
from app.learning_sessions.views import learning_session_at
from app.participants.models import Participant
from app.web import clock
from app.web.access import requires
from app.web.forms import ActionForm


@bp.route("/journeys/<slug>/sessions/<learning_session_slug>/interest", methods=["GET", "POST"])
@requires(Permission.INTEREST_SAY, of=learning_session_at)
def say_interest(learning_session: LearningSession) -> ResponseReturnValue:
    """Asks when they can; saying so again changes it."""
    participant = current_participant()
    if participant is None:
        return profile_first()
    here = redirect(f"{address_of(learning_session)}#interest", 303)
    said = queries.own_interest(participant.id, learning_session.id)
    form = InterestForm.opened_on(said)
    if not form.is_submitted() and not interest.takes_interest(learning_session):
        return here
    if form.validate_on_submit():
        try:
            _say(learning_session, participant, form)
        except NotOpen as refusal:
            db.rollback()
            flash(str(refusal), "warn")
            return here
        except DomainError as error:
            form.refuse(error)
        else:
            return here
    page = render_template(
        "enrolments/interest.html",
        form=form,
        learning_session=learning_session,
        journey=learning_session.journey,
        is_change=said is not None,
        zone=clock_in(participant.timezone, clock.now()),
    )
    return page, form.status


@bp.post("/journeys/<slug>/sessions/<learning_session_slug>/interest/withdraw")
@requires(Permission.INTEREST_SAY, of=learning_session_at)
def withdraw_interest(learning_session: LearningSession) -> ResponseReturnValue:
    """One press; it can be said again."""
    form, participant = ActionForm(), current_participant()
    if not form.validate_on_submit():
        heading = f"Withdraw your interest in “{learning_session.title}”"
        return ask_again(form, "Withdraw my interest", heading, learning_session.journey)
    if participant is not None and interest.withdraw_interest(learning_session.id, participant, clock.now()):
        flash("You no longer wait for a date of this session. What you said is forgotten.", "ok")
    return redirect(address_of(learning_session), 303)


def _say(learning_session: LearningSession, participant: Participant, form: InterestForm) -> None:
    can = form.availability()
    interest.say_interest(learning_session, participant, can, form.note.data or "", clock.now())
    flash("The organisers know that you would come. We write to you when there is a date.", "ok")
