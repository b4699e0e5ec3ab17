"""Writing to many people at once, each alone: written, read as three of them would, then sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
from app.enrolments.roster.listing import Entry
from app.enrolments.roster.messages import Draft
from app.enrolments.roster.reach import Unreached, unreached
from app.enrolments.roster.sent import MOST, written_before
from app.enrolments.roster.shown import lines
from app.enrolments.views.rosters.acting import is_other, nobody, sent_before
from app.enrolments.views.rosters.choosing import MOST_NAMED, WRITE, Selection, named_filters, selection
from app.enrolments.views.rosters.rehearsing import Rehearsal, mark_of, rehearse, try_out
from app.enrolments.views.rosters.where import Where, of_journey, of_offering
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions.models import Offering
from app.web import clock
from app.web.access import requires
from app.web.once import key_of_form
from app.web.reader import reader
from app.web.sittings import shown

SEND, TEST = "send", "test"
"""What else the buttons of the form can ask for than to be shown it."""


@bp.route("/organise/offerings/<int:offering_id>/roster/message", methods=["GET", "POST"])
@requires(Permission.OFFERING_ROSTER, of=queries.offering)
def offering_roster_message(offering: Offering) -> ResponseReturnValue:
    return _write(of_offering(offering))


@bp.route("/organise/journeys/<slug>/roster/message", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def roster_message(journey: Journey) -> ResponseReturnValue:
    return _write(of_journey(journey))


@bp.get("/organise/offerings/<int:offering_id>/roster/messages")
@requires(Permission.OFFERING_ROSTER, of=queries.offering)
def offering_roster_messages(offering: Offering) -> ResponseReturnValue:
    return _written(of_offering(offering))


@bp.get("/organise/journeys/<slug>/roster/messages")
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def roster_messages(journey: Journey) -> ResponseReturnValue:
    return _written(of_journey(journey))


@dataclass
class Writing:
    """A message that is being written, and whom it is for."""

    where: Where
    chosen: Selection
    form: MessageForm
    silent: Sequence[Unreached]
    named: Sequence[Entry]
    """The first of those who were chosen."""
    filters: Mapping[str, str]
    is_stale: bool = False
    rehearsal: Rehearsal | None = None
    tried: str = ""
    """Where a copy has just been sent to."""
    is_all: bool = field(init=False)
    """Whether all that match were chosen, and not some by name."""

    def __post_init__(self) -> None:
        self.is_all = self.chosen.is_all or request.form.get("part") == "all"

    @property
    def reached(self) -> list[Entry]:
        """The first of those who get it."""
        silent = {one.id for one in self.silent}
        ids = [number for number in self.chosen.ids if number not in silent]
        return listing.entries(self.where.roster, ids[:MOST_NAMED])

    @property
    def draft(self) -> Draft:
        offering = self.where.offering
        return Draft(
            journey_id=self.where.journey.id,
            offering_id=offering.id if offering is not None else None,
            subject=self.form.subject.data or "",
            text=self.form.text.data or "",
            by_id=current_user.id,
        )

    @property
    def audience(self) -> str:
        """To which part of the roster it is, in words."""
        if not self.is_all:
            return "chosen by name"
        values = [
            f"“{value}”" if name == "q" else self.filters[name] for name, value in self.chosen.asked.chosen
        ]
        return ", ".join(values) or "everybody"


def _write(where: Where) -> ResponseReturnValue:
    """Says to how many it goes and whom it does not reach; shows it; then sends it."""
    if (again := sent_before(where)) is not None:
        return again
    values = request.form if request.method == "POST" else request.args
    chosen = selection(where, values)
    if not chosen.ids:
        return nobody(where, chosen, WRITE)
    writing = Writing(
        where=where,
        chosen=chosen,
        form=MessageForm(),
        silent=unreached(where.roster, chosen.narrowing, chosen.by_number),
        named=listing.entries(where.roster, chosen.ids[:MOST_NAMED]),
        filters=named_filters(where, chosen.asked, listing.counts(where.roster)),
        is_stale=request.method == "POST" and is_other(chosen, values.get("digest")),
    )
    writing.form.offer(messages.fields_of(writing.draft.offering_id))
    if len(writing.silent) == len(chosen.ids) and writing.form.is_submitted():
        writing.form.form_errors.append("None of them can be written to.")
    elif writing.form.validate_on_submit() and not writing.is_stale:
        return _go_on(writing, values.get("step", ""), values.get("seen", ""))
    return _page(writing)


def _go_on(writing: Writing, step: str, seen: str) -> ResponseReturnValue:
    """Do what the button asks for with words that can be sent."""
    draft, status = writing.draft, 200
    if step == SEND and seen == mark_of(draft):
        return redirect(writing.where.url("run", run_id=_send(writing)), 303)
    if step == SEND:
        writing.form.form_errors.append(
            "Nothing was sent: the words are others than those you were shown. Read them below, then send."
        )
        status = 422
    writing.rehearsal = rehearse(draft, writing.reached)
    if step == TEST and writing.rehearsal.read:
        too_many = try_out(draft, writing.rehearsal.read[0].entry)
        if too_many is None:
            writing.tried = current_user.email
        else:
            writing.form.form_errors.append(str(too_many))
            status = 422
    return _page(writing, status)


def _send(writing: Writing) -> int:
    now, draft = clock.now(), writing.draft
    message = messages.write(draft, current_user, now, writing.audience)
    key = key_of_form(current_user.id)
    order = Order(runs.MESSAGE, by_id=current_user.id)
    number = runs.begin(order, draft.journey_id, draft.offering_id, writing.chosen.ids, key, now, message.id)
    if runs.message_of(number) != message.id:  # the same form, sent at the same moment, was first
        db.delete(message)
    db.flush()
    return number


def _page(writing: Writing, status: int | None = None) -> ResponseReturnValue:
    where, offering = writing.where, writing.where.offering
    page = render_template(
        "enrolments/roster_message.html",
        where=where,
        journey=where.journey,
        offering=offering,
        sitting=shown(offering, reader(), clock.now()) if offering is not None else None,
        writing=writing,
        chosen=writing.chosen,
        form=writing.form,
        named=writing.filters,
        lines=lines(
            where.roster, writing.named, {}, reader().timezone or where.journey.timezone, clock.now()
        ),
        at_once=runs.AT_ONCE,
    )
    if status is None:
        status = 409 if writing.is_stale else writing.form.status
    return page, status


def _written(where: Where) -> ResponseReturnValue:
    """What was written before, and what became of it."""
    offering = where.offering
    return render_template(
        "enrolments/roster_messages.html",
        where=where,
        journey=where.journey,
        offering=offering,
        sitting=shown(offering, reader(), clock.now()) if offering is not None else None,
        messages=written_before(where.journey.id, offering.id if offering is not None else None),
        most=MOST,
    )
