"""Where facilitators say when they cannot lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.facilitators import absences as operations
from app.facilitators import queries
from app.facilitators.blueprint import bp
from app.facilitators.forms import AbsenceForm
from app.facilitators.models import Absence, Facilitator
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.queries import LedSitting
from app.web import clock
from app.web.access import current_actor, requires
from app.web.forms import ActionForm
from app.web.reader import reader

A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class AbsenceShown:
    """An absence in words, with the sittings that fall into it."""

    absence: Absence
    text: str
    leads: tuple[LedSitting, ...]


def my_page() -> Facilitator | None:
    """The facilitator's page of who asks."""
    return queries.of_user(current_user.id)


def absence_at(absence_id: int) -> Absence | None:
    """An absence of who asks; nobody else's."""
    return queries.own_absence(absence_id, current_user.id)


@bp.route("/me/absences", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def absences() -> ResponseReturnValue:
    """All of them, and a form for another one."""
    facilitator = my_page()
    if facilitator is None:
        return render_template("facilitators/no_page.html")
    zone = facilitator.timezone or reader().timezone or "UTC"
    form = AbsenceForm.opened_on({"timezone": zone})
    if form.validate_on_submit():
        try:
            made = operations.add_absence(facilitator, form.away())
        except DomainError as error:
            form.refuse(error)
        else:
            return _say(made, "Noted")
    shown = _shown(queries.absences(facilitator.id, clock.now() - A_MONTH), facilitator)
    page = render_template("facilitators/absences.html", form=form, absences=shown, facilitator=facilitator)
    return page, form.status


@bp.route("/me/absences/<int:absence_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, of=absence_at)
def edit_absence(absence: Absence) -> ResponseReturnValue:
    stored = _stored(absence)
    form = AbsenceForm.opened_on(stored)
    if form.validate_on_submit():
        try:
            form.refuse_if_changed(stored)
            operations.change_absence(absence, form.away())
        except DomainError as error:
            form.refuse(error)
        else:
            return _say(absence, "Changed")
    return render_template("facilitators/absence.html", form=form, absence=absence), form.status


@bp.route("/me/absences/<int:absence_id>/delete", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, of=absence_at)
def delete_absence(absence: Absence) -> ResponseReturnValue:
    form = ActionForm()
    if form.validate_on_submit():
        operations.remove_absence(absence)
        flash("Removed: organisers see you as free then.", "ok")
        return redirect(url_for("facilitators.absences"), 303)
    text = operations.in_words(absence)
    return render_template("facilitators/absence_delete.html", form=form, text=text), form.status


def _stored(absence: Absence) -> dict[str, Any]:
    return dict(vars(operations.away_of(absence)))


def _say(absence: Absence, what: str) -> ResponseReturnValue:
    """Back to the list; whoever leads a session then is told that it is theirs to tell the organisers."""
    one = _shown([absence], absence.facilitator)[0]
    flash(f"{what}: {one.text}. Organisers are warned when they plan with you then.", "ok")
    if one.leads:
        titles = ", ".join(f"“{led.title}”" for led in one.leads)
        flash(f"You lead {titles} in that time. Tell the organisers, so that they move it.", "warn")
    return redirect(url_for("facilitators.absences"), 303)


def _shown(found: Sequence[Absence], facilitator: Facilitator) -> list[AbsenceShown]:
    led = learning_sessions.led_by(facilitator.id, current_actor()) if found else []
    return [
        AbsenceShown(
            one, operations.in_words(one), tuple(sitting for sitting in led if _falls_in(sitting, one))
        )
        for one in found
    ]


def _falls_in(sitting: LedSitting, absence: Absence) -> bool:
    if sitting.status == "cancelled":
        return False
    if sitting.starts_at is not None and sitting.ends_at is not None:
        return sitting.starts_at < absence.ends_at and absence.starts_at < sitting.ends_at
    away = operations.away_of(absence)
    assert sitting.first_on is not None  # noqa: S101  # the schema: a promise or days
    assert sitting.last_on is not None  # noqa: S101  # likewise
    return sitting.first_on <= away.last_on and away.first_on <= sitting.last_on
