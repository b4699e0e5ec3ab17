"""Planning a sitting of a session, the first or a twin, and changing one."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import SessionTransaction

from app.accounts.models import User
from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.enrolments import queries as enrolments
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import AgendaItem, LearningSession, Offering
from app.learning_sessions.views import learning_session_at
from app.scheduling import operations
from app.scheduling.answering import Answer, answer_interest, usual_answer
from app.scheduling.blueprint import bp
from app.scheduling.crediting import credited
from app.scheduling.drafting import Draft, foreseen, realised
from app.scheduling.effects import effects
from app.scheduling.forms.sitting import SittingForm
from app.scheduling.forms.stored import names_of, stored_sitting, twin_of, zone_text
from app.scheduling.forms.with_whom import labelled
from app.scheduling.holding import hold, hold_learning_session
from app.scheduling.refusals import WouldUnseat
from app.scheduling.views.adding import is_beside_other_sittings
from app.scheduling.views.agenda import offering_at
from app.scheduling.views.confirming import confirm_page
from app.scheduling.views.forming import everybody, know, panel_of, quiet_of, told_of
from app.web import clock
from app.web.access import current_actor, requires

SPARE_ITEMS = 3


@bp.route("/organise/journeys/<slug>/sessions/<learning_session_slug>/new-sitting", methods=["GET", "POST"])
@requires(Permission.LEARNING_SESSION_EDIT, of=learning_session_at)
def new_sitting(learning_session: LearningSession) -> ResponseReturnValue:
    """Dates the session; once it has a date, plans a twin sitting that begins as a copy of the last."""
    if request.method == "POST":
        hold_learning_session(learning_session)
    people = everybody()
    twin = learning_session.offerings[-1] if learning_session.offerings else None
    zone = learning_session.journey.timezone
    stored = {"zone": zone_text(zone)}
    if twin is not None:
        agenda = learning_sessions.agenda(learning_session.id).get(twin.id, [])
        stored = twin_of(twin, agenda, names_of(labelled(people)))
    stored["answer_how"] = usual_answer(learning_session.id).value
    form = SittingForm(data=stored)
    know(form, people)
    form.default_zone = zone
    if twin is not None and form.is_submitted():
        form.credited = credited(agenda)
    interested = len(enrolments.interested(learning_session.id))
    if not form.is_submitted():
        form.spare_rows(items=1 if twin else SPARE_ITEMS)
        form.open_beside(one.id for one in learning_session.offerings)
    elif form.asks:
        form.answer()
    elif form.validate() and not is_beside_other_sittings(form, learning_session):
        try:
            with db.begin_nested():
                offering = operations.add_sitting(learning_session, realised(form.draft()), clock.now())
                answered = answer_interest(offering, Answer(form.answer_how.data), clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            told = " ".join(filter(None, ("The sitting is planned.", answered.in_words)))
            flash(f"{told}{told_of(form.new_names)}", "ok")
            return _to(offering)
    return _page(form, learning_session, interested=interested)


@bp.route("/organise/offerings/<int:offering_id>/edit", methods=["GET", "POST"])
@requires(Permission.OFFERING_EDIT, of=offering_at)
def edit_sitting(offering: Offering) -> ResponseReturnValue:
    """Changes everything about a sitting at once. What concerns people is confirmed first."""
    if request.method == "POST":
        hold(offering)
    people = everybody()
    agenda = learning_sessions.agenda(offering.learning_session_id).get(offering.id, [])
    stored = stored_sitting(offering, agenda, names_of(labelled(people)))
    form = SittingForm.opened_on(stored)
    know(form, people)
    form.hold(offering)
    if not form.is_submitted():
        form.open_window()
        form.look_at_time()
        form.spare_rows()
    elif form.asks:
        form.answer()
    elif _is_sound(form, agenda):
        answer = _change(form, offering, stored)
        if answer is not None:
            return answer
    return _page(form, offering.learning_session, offering)


def _is_sound(form: SittingForm, agenda: Sequence[AgendaItem]) -> bool:
    """Whether the form is, besides the note, which the page between asks for again."""
    form.credited = credited(agenda)
    return form.validate() or form.is_only_note_wrong


def _change(form: SittingForm, offering: Offering, stored: dict[str, Any]) -> ResponseReturnValue | None:
    """Save the change, or ask first; None when it is refused, which the form then says."""
    draft, now = form.draft(), clock.now()
    try:
        form.refuse_if_changed(stored)
        new = foreseen(draft)
        found = effects(offering, new, now, actor=current_actor())
        is_asked = bool(form.change_note.errors) or (found.needs_confirmation and not form.confirmed.data)
        attempt = _revised(form, offering, draft)
    except WouldUnseat as loss:
        form.ask_about(loss)
        return None
    except DomainError as error:
        form.refuse(error)
        return None
    if is_asked:
        attempt.rollback()  # it could be saved; that is all we wanted to know
        return confirm_page(form, offering, new, found)
    attempt.commit()
    flash(f"The sitting is saved.{told_of(form.new_names)}", "ok")
    return _to(offering)


def _revised(form: SittingForm, offering: Offering, draft: Draft) -> SessionTransaction:
    """Make the sitting what the form says, in a transaction within that may be given up again."""
    attempt = db.begin_nested()
    try:
        operations.revise(
            offering,
            realised(draft),
            clock.now(),
            by=db.get(User, current_user.id),
            note=form.note,
            may_unseat=form.agreed,
        )
    except BaseException:
        attempt.rollback()
        raise
    return attempt


def _page(
    form: SittingForm,
    learning_session: LearningSession,
    offering: Offering | None = None,
    interested: int = 0,
) -> ResponseReturnValue:
    page = render_template(
        "scheduling/sitting.html",
        form=form,
        learning_session=learning_session,
        journey=learning_session.journey,
        offering=offering,
        interested=interested,
        is_twin=offering is None and bool(learning_session.offerings),
        quiet=quiet_of(form),
        panel=panel_of(form, learning_session.journey, learning_session, offering.id if offering else None),
    )
    return page, form.status


def _to(offering: Offering) -> ResponseReturnValue:
    learning_session = offering.learning_session
    here = url_for(
        "scheduling.overview",
        slug=learning_session.journey.slug,
        learning_session_slug=learning_session.slug,
        _anchor=f"sitting-{offering.id}",
    )
    return redirect(here, 303)
