"""Deciding about many people at once: first it is said who and what, then it is done."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.enrolments import queries
from app.enrolments.blueprint import bp
from app.enrolments.forms.roster import MoveForm, form_for
from app.enrolments.roster import listing, runs
from app.enrolments.roster.acts import WITH_PEOPLE, WITH_PLACES, Act, Order
from app.enrolments.roster.gone import gone_with_people, gone_with_places
from app.enrolments.roster.listing import Counts
from app.enrolments.roster.offered import coming_places, free_places, freed, twins_of
from app.enrolments.roster.shown import lines
from app.enrolments.views.rosters.choosing import (
    MOST_NAMED,
    WRITE,
    Selection,
    acts_at,
    named_filters,
    selection,
)
from app.enrolments.views.rosters.where import Where, of_journey, of_offering
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions.models import Offering
from app.web import clock
from app.web.access import requires
from app.web.forms import ActionForm
from app.web.once import key_of_form
from app.web.reader import reader
from app.web.sittings import shown


@bp.route("/organise/offerings/<int:offering_id>/roster/act", methods=["GET", "POST"])
@requires(Permission.OFFERING_ROSTER, of=queries.offering)
def offering_roster_act(offering: Offering) -> ResponseReturnValue:
    return _act(of_offering(offering))


@bp.route("/organise/journeys/<slug>/roster/act", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def roster_act(journey: Journey) -> ResponseReturnValue:
    return _act(of_journey(journey))


def _act(where: Where) -> ResponseReturnValue:
    if (again := sent_before(where)) is not None:
        return again
    values = request.form if request.method == "POST" else request.args
    chosen = selection(where, values)
    counts, name = listing.counts(where.roster), values.get("do", "")
    act = acts_at(where, counts).get(name)
    if request.method == "POST" and name != WRITE.name and (act is None or not chosen.ids):
        return _too_late(where, name, chosen, counts)
    if act is None or not chosen.ids or (act is WRITE and request.method == "POST"):
        return nobody(where, chosen, act)
    if act is WRITE:
        return redirect(f"{where.url('message')}?{request.query_string.decode('latin-1')}", 303)
    form = form_for(act)
    if isinstance(form, MoveForm):
        form.offer(_twins(where))
    is_stale = request.method == "POST" and is_other(chosen, values.get("digest"))
    if form.validate_on_submit() and not is_stale:
        to_id = int(form.to.data) if isinstance(form, MoveForm) else None
        order = Order(act.name, form.text.data or "", to_id, current_user.id)
        offering_id = where.offering.id if where.offering is not None else None
        number = runs.begin(
            order, where.journey.id, offering_id, chosen.ids, key_of_form(current_user.id), clock.now()
        )
        return redirect(where.url("run", run_id=number), 303)
    return _confirm(where, act, chosen, form, counts, is_stale=is_stale)


def _too_late(where: Where, name: str, chosen: Selection, counts: Counts) -> ResponseReturnValue:
    """What the page offered cannot be done any more: it says why, and keeps what was typed."""
    act = (WITH_PLACES if where.offering is not None else WITH_PEOPLE).get(name)
    if act is None:
        return nobody(where, chosen, act)
    if not chosen.ids:
        gone = _nobody_left(chosen)
    elif where.offering is not None:
        gone = gone_with_places(name, where.offering, clock.now())
    else:
        gone = gone_with_people(name, where.journey)
    form = form_for(act)
    if isinstance(form, MoveForm):
        form.offer(_twins(where))
    return _confirm(where, act, chosen, form, counts, gone=gone)


def sent_before(where: Where) -> ResponseReturnValue | None:
    """To what came of this very form, if it was sent before."""
    if not ActionForm().validate_on_submit():
        return None
    begun = runs.is_begun(key_of_form(current_user.id))
    return redirect(where.url("run", run_id=begun), 303) if begun is not None else None


def nobody(where: Where, chosen: Selection, act: Act | None) -> ResponseReturnValue:
    """Back to the list, where nothing can be done."""
    if request.method == "POST":
        if chosen.ids:
            raise DomainError("It was not said what to do with them, so nothing was done.")
        why = _nobody_left(chosen)
        raise DomainError(f"{why[0].upper()}{why[1:]}, so nothing was done.")
    flash(
        "Choose what to do with them." if chosen.ids and act is None
        else "Tick the people first, or choose all that match.",
        "warn",
    )  # fmt: skip
    return redirect(where.url(asked=chosen.asked), 303)


def _nobody_left(chosen: Selection) -> str:
    return (
        "nobody matches what you chose any more"
        if chosen.is_all
        else "nobody of those you chose is on this roster any more"
    )


def is_other(chosen: Selection, digest: str | None) -> bool:
    """Whether other people match now than those whom the page spoke of."""
    return chosen.is_all and chosen.digest != digest


def _twins(where: Where) -> list[tuple[Offering, str]]:
    """The sittings to move to, each with its time and its free places."""
    found = []
    now = clock.now()
    for one in twins_of(where.offering, now) if where.offering is not None else ():
        free = ", ".join(
            f"{'no limit' if count is None else f'{count:,} free'} {way.label}"
            for way, count in free_places(one)
        )
        times = shown(one, reader(), now)
        when = (
            f"{times.when.lead.short_day_year}, {times.when.lead.clock} {times.when.lead.place_and_zone}"
            if times.when
            else times.days.text
            if times.days
            else ""
        )
        found.append((one, f"{when}: {free}"))
    return found


def _confirm(
    where: Where, act: Act, chosen: Selection, form: object, counts: Counts, *,
    is_stale: bool = False, gone: str = "",
) -> ResponseReturnValue:  # fmt: skip
    """Says who and what. `gone`: why it cannot be done any more."""
    by_status = listing.count_statuses(where.roster, chosen.narrowing, chosen.by_number)
    named = listing.entries(where.roster, chosen.ids[:MOST_NAMED])
    offering = where.offering
    page = render_template(
        "enrolments/roster_act.html",
        where=where,
        journey=where.journey,
        offering=offering,
        sitting=shown(offering, reader(), clock.now()) if offering is not None else None,
        act=act,
        chosen=chosen,
        form=form,
        is_stale=is_stale,
        gone=gone,
        named=named_filters(where, chosen.asked, counts),
        by_status=by_status,
        concerned=sum(people for status, people in by_status.items() if status in act.concerns),
        lines=lines(where.roster, named, {}, reader().timezone or where.journey.timezone, clock.now()),
        freed=freed(offering.id, chosen.ids, clock.now()) if offering is not None and act.frees else [],
        coming_places=0
        if offering is not None or not act.frees
        else coming_places(where.journey.id, chosen.ids, clock.now()),
        free=free_places(offering) if offering is not None and act.name == "approve" else [],
        at_once=runs.AT_ONCE,
    )
    return page, 409 if is_stale or gone else getattr(form, "status", 200)
