"""The screen that copies a journey."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.copies import queries
from app.copies.forms import CopyForm
from app.copies.moving import in_words
from app.copies.operations import copy_journey
from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import Permission, may
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.web import clock
from app.web.access import current_actor, requires

bp = Blueprint("copies", __name__)

ANOTHER = "These dates are not those that the table showed before. Look at them, then copy again."


@bp.route("/organise/journeys/<slug>/copy", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def copy(journey: Journey) -> ResponseReturnValue:
    """Shows every date of the copy before it is made, and makes exactly what was shown."""
    if not may(current_actor(), Permission.JOURNEY_CREATE):
        abort(403)
    learning_sessions = queries.learning_sessions(journey.id)
    form = CopyForm(
        data={
            "title": f"{journey.title} (copy)",
            "short_title": f"{journey.short_title} (copy)" if journey.short_title else "",
            "keep_weekdays": True,
        }
    )
    form.know(journey, learning_sessions)
    if form.validate_on_submit() and form.save.data and (made := _made(form, journey)):
        flash(f"“{made.title}” is a draft now. Nobody but you sees it until you publish it.", "ok")
        return redirect(url_for("journeys.manage", slug=made.slug), 303)
    form.shown.data = form.fingerprint()
    page = render_template(
        "copies/copy.html",
        form=form,
        journey=journey,
        undated=[one.title for one in learning_sessions if not one.offerings],
        in_words=in_words,
    )
    return page, form.status


def _made(form: CopyForm, journey: Journey) -> Journey | None:
    if form.shown.data != form.fingerprint():
        form.form_errors = [*form.form_errors, ANOTHER]
        return None
    try:
        with db.begin_nested():
            return copy_journey(journey, form.plan(), current_user, clock.now())
    except DomainError as error:
        form.refuse(error)
        return None
