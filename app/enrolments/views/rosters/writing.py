"""Writing to many people at once, each alone."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import db
from app.domain.permissions import Permission
from app.enrolments import queries
from app.enrolments.blueprint import bp
from app.enrolments.forms.roster import MessageForm
from app.enrolments.roster import listing, messages, runs
from app.enrolments.roster.acts import Order
from app.enrolments.roster.shown import lines
from app.enrolments.views.rosters.acting import is_other, nobody, sent_before
from app.enrolments.views.rosters.choosing import MOST_NAMED, WRITE, Selection, named_filters, selection
from app.enrolments.views.rosters.where import Where, of_journey, of_offering
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions.models import Offering
from app.web import clock
from app.web.access import requires
from app.web.once import key_of_form
from app.web.reader import reader
from app.web.sittings import shown


@bp.route("/organise/offerings/<int:offering_id>/roster/message", methods=["GET", "POST"])
@requires(Permission.OFFERING_ROSTER, of=queries.offering)
def offering_roster_message(offering: Offering) -> ResponseReturnValue:
    return _write(of_offering(offering))


@bp.route("/organise/journeys/<slug>/roster/message", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def roster_message(journey: Journey) -> ResponseReturnValue:
    return _write(of_journey(journey))


def _write(where: Where) -> ResponseReturnValue:
    """Says to how many it goes and whom it cannot reach; then sends it."""
    if (again := sent_before(where)) is not None:
        return again
    values = request.form if request.method == "POST" else request.args
    chosen = selection(where, values)
    if not chosen.ids:
        return nobody(where, chosen, WRITE)
    form = MessageForm()
    is_stale = request.method == "POST" and is_other(chosen, values.get("digest"))
    silent = listing.without_address(where.roster, chosen.narrowing, chosen.by_number)
    if len(silent) == len(chosen.ids) and form.is_submitted():
        form.form_errors.append("None of them has an address to write to.")
    elif form.validate_on_submit() and not is_stale:
        return redirect(where.url("run", run_id=_send(where, chosen, form)), 303)
    return _composing(where, chosen, form, silent, is_stale)


def _send(where: Where, chosen: Selection, form: MessageForm) -> int:
    now, offering_id = clock.now(), where.offering.id if where.offering is not None else None
    subject, text = form.subject.data or "", form.text.data or ""
    message = messages.write(where.journey.id, offering_id, subject, text, current_user, now)
    key = key_of_form(current_user.id)
    order = Order(runs.MESSAGE, by_id=current_user.id)
    number = runs.begin(order, where.journey.id, offering_id, chosen.ids, key, now, message.id)
    if runs.message_of(number) != message.id:  # the same form, sent at the same moment, was first
        db.delete(message)
    db.flush()
    return number


def _composing(
    where: Where, chosen: Selection, form: MessageForm, silent: list[str], is_stale: bool
) -> ResponseReturnValue:
    offering = where.offering
    named = listing.entries(where.roster, chosen.ids[:MOST_NAMED])
    page = render_template(
        "enrolments/roster_message.html",
        where=where,
        journey=where.journey,
        offering=offering,
        sitting=shown(offering, reader(), clock.now()) if offering is not None else None,
        chosen=chosen,
        form=form,
        is_stale=is_stale,
        named=named_filters(where, chosen.asked, listing.counts(where.roster)),
        silent=silent,
        lines=lines(where.roster, named, {}, reader().timezone or where.journey.timezone, clock.now()),
        at_once=runs.AT_ONCE,
    )
    return page, 409 if is_stale else form.status
