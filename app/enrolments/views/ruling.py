"""The rule of a sitting, on the desk."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import DomainError
from app.domain.lottery import commitment
from app.domain.moments import moment
from app.domain.permissions import Permission
from app.domain.place_rules import FIRST_COME
from app.domain.rule_words import Sitting, rule_in_words
from app.domain.timezones import city
from app.enrolments import ruling
from app.enrolments.blueprint import bp
from app.enrolments.forms.ruling import RuleForm, stored_fields
from app.enrolments.queries import offering as offering_at
from app.enrolments.standing import capacity_and_confirmed, has_begun, stand
from app.learning_sessions.models import Offering
from app.web import clock
from app.web.access import requires
from app.web.reader import reader
from app.web.sittings import shown


@bp.route("/organise/offerings/<int:offering_id>/places", methods=["GET", "POST"])
@requires(Permission.OFFERING_EDIT, of=offering_at)
def place_rule(offering: Offering) -> ResponseReturnValue:
    """Chooses how the sitting gives its places. What people count on stays as it is."""
    if request.method == "POST":
        stand(offering.learning_session_id)
    held = ruling.chosen(ruling.stored_rule(offering.id))
    stored = stored_fields(held, offering.timezone)
    form = RuleForm.opened_on(stored)
    form.know(offering.timezone, held)
    if form.asks:
        form.answer()
    elif form.validate_on_submit():
        try:
            form.refuse_if_changed(stored)
            with db.begin_nested():
                changed = ruling.set_rule(offering, form.new_rule(), clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                "The rule is saved; it stands on the session’s page."
                if changed
                else "It is the rule already.",
                "ok",
            )
            return redirect(_overview_of(offering), 303)
    return _page(form, offering), form.status


def _page(form: RuleForm, offering: Offering) -> str:
    rule, now = ruling.stored_rule(offering.id), clock.now()
    capacities = {
        way: capacity_and_confirmed(offering, way)[0] for way in Way if way in offering.attendance.ways
    }
    words = rule_in_words(
        rule.as_rule() if rule is not None else FIRST_COME,
        Sitting(capacities, offering.starts_at, offering.timezone, now),
    )
    drawn_at = rule.drawn_at if rule is not None else None
    return render_template(
        "enrolments/place_rule.html",
        form=form,
        offering=offering,
        learning_session=offering.learning_session,
        journey=offering.learning_session.journey,
        times=shown(offering, reader(), now),
        place=city(offering.timezone),
        words=words,
        counting=ruling.counting_on(offering.id),
        is_over=has_begun(offering, now),
        is_unlimited=all(capacity is None for capacity in capacities.values()),
        commitment=commitment(rule.seed) if rule is not None and rule.seed else "",
        drawn_at=moment(drawn_at, offering.timezone) if drawn_at is not None else None,
        back=_overview_of(offering),
    )


def _overview_of(offering: Offering) -> str:
    learning_session = offering.learning_session
    return url_for(
        "scheduling.overview",
        slug=learning_session.journey.slug,
        learning_session_slug=learning_session.slug,
        _anchor=f"sitting-{offering.id}",
    )
