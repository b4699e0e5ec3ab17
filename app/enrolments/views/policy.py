"""How one gets into a journey, as its organisers set it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.enrolments import admitting, policies
from app.enrolments.admitting import Admitted
from app.enrolments.blueprint import bp
from app.enrolments.forms.entering import PolicyForm, stored_policy
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.web import clock
from app.web.access import requires


@bp.route("/organise/journeys/<slug>/enrolment", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def policy(journey: Journey) -> ResponseReturnValue:
    """Says what becomes of those who have asked, and does it."""
    if request.method == "POST":
        lock(journey)
    current = policies.policy_of(journey.id)
    stored = stored_policy(current)
    form = PolicyForm.opened_on(stored)
    if not form.is_submitted():
        form.ask_about(current)
    if form.validate_on_submit() and form.find_policy() and form.policy is not None:
        try:
            form.refuse_if_changed(stored)
            with db.begin_nested():
                admitted = admitting.change_policy(journey, form.policy, clock.now(), current_user)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_said(journey, admitted), "ok")
            return redirect(url_for("journeys.manage", slug=journey.slug), 303)
    page = render_template(
        "enrolments/policy.html", journey=journey, form=form, current=current,
        people=policies.people_in(journey.id), requests=policies.requests_in(journey.id),
    )  # fmt: skip
    return page, form.status


def _said(journey: Journey, admitted: Admitted) -> str:
    said = f"How people get into “{journey.title}” is saved."
    if not admitted.now:
        return said
    people = (
        "1 person who had asked is" if admitted.now == 1 else f"{admitted.now:,} people who had asked are"
    )
    follow = "follows" if admitted.left == 1 else "follow"
    more = f" {admitted.left:,} more {follow} within minutes." if admitted.left else ""
    return f"{said} {people} enrolled now.{more}"
