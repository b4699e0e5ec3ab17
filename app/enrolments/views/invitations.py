"""The organisers' page of invitations, and where a link with a code leads."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.errors import DomainError
from app.domain.invitations import LONGEST_CODE, Judged
from app.domain.moments import moment
from app.domain.permissions import Permission
from app.domain.timezones import city
from app.enrolments import invited as queries
from app.enrolments import policies
from app.enrolments.blueprint import bp
from app.enrolments.forms.invitations import AddressesForm, CodeForm, DomainForm, InvitingForm
from app.enrolments.invitations import Verdicts, add_addresses, add_domain, judge, make_code, withdraw
from app.enrolments.models import Invitation
from app.enrolments.views.loading import OfJourney
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.web import clock
from app.web.access import requires
from app.web.forms import ActionForm
from app.web.once import is_repeated

FORMS: dict[str, type[InvitingForm]] = {"code": CodeForm, "domain": DomainForm, "addresses": AddressesForm}


@dataclass(frozen=True)
class Target(OfJourney):
    """An invitation."""

    invitation: Invitation


def invitation_at(slug: str, invitation_id: int) -> Target | None:
    """An invitation of the journey at an address."""
    journey = journey_at(slug, invitation_id=invitation_id)
    found = queries.invitation(journey.id, invitation_id) if journey is not None else None
    return Target(journey, found) if found is not None and journey is not None else None


@bp.route("/organise/journeys/<slug>/invitations", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def invitations(journey: Journey) -> ResponseReturnValue:
    acts = {"code": _make_code, "domain": _add_domain, "addresses": _add_addresses}
    if request.method == "GET":
        return _page(journey)
    act = request.form.get("act", "")
    if act not in acts:
        abort(422)
    form = FORMS[act]()
    if not form.validate_on_submit():
        return _page(journey, form)
    if is_repeated(current_user.id, clock.now()):
        return _done(journey, act)
    try:
        return acts[act](journey, form)
    except DomainError as error:
        form.refuse(error)
        return _page(journey, form)


@bp.route("/organise/journeys/<slug>/invitations/<int:invitation_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=invitation_at)
def withdraw_invitation(target: Target) -> ResponseReturnValue:
    """Says what withdrawing means, then does it."""
    form, invitation, journey = ActionForm(), target.invitation, target.journey
    if form.validate_on_submit():
        withdraw(invitation, clock.now())
        flash(f"{invitation.value} lets nobody in any more.", "ok")
        return _done(journey, invitation.kind.value)
    page = render_template(
        "enrolments/withdraw_invitation.html", form=form, invitation=invitation, journey=journey
    )
    return page, form.status


@bp.get("/journeys/<slug>/invitation")
@requires(Permission.JOURNEY_SEE, of=journey_at)
def invited(journey: Journey) -> ResponseReturnValue:
    """Where a link with a code leads: enrolling, with the code filled in; it says nothing about the code."""
    code = request.args.get("code", "").replace("\0", "").strip()[:LONGEST_CODE]
    return redirect(url_for("enrolments.enrol", slug=journey.slug, code=code or None), 303)


def _make_code(journey: Journey, form: Any) -> ResponseReturnValue:
    made = make_code(journey, form.code.data or "", form.terms(), current_user, clock.now())
    flash(f"The code {made.value} is made. Copy its link, and pass it on.", "ok")
    return _done(journey, "code")


def _add_domain(journey: Journey, form: Any) -> ResponseReturnValue:
    added = add_domain(journey, form.domain.data, form.terms(), current_user, clock.now())
    flash(f"Whoever has a confirmed address in {added.value} is invited.", "ok")
    return _done(journey, "domain")


def _add_addresses(journey: Journey, form: Any) -> ResponseReturnValue:
    """All of them, or none while a line is no address: then each line is judged on the page."""
    verdicts = judge(journey, form.addresses.data, clock.now())
    wrong = [line for line, verdict in verdicts if verdict is Judged.NO_ADDRESS]
    if wrong and not form.sound_only.data:
        lines = f"Line {wrong[0].number} is" if len(wrong) == 1 else f"{len(wrong)} lines are"
        form.refuse(DomainError(f"{lines} no e-mail address; nobody is invited yet.", "addresses"))
        return _page(journey, form, verdicts)
    add_addresses(journey, verdicts, form.terms(), current_user, clock.now())
    counts = Counter(verdict for _, verdict in verdicts)
    told = [f"{counts[one]:,} {one.value}" for one in Judged if counts[one]]
    letters = " We write to those who are new." if counts[Judged.ADDED] else ""
    flash(f"Addresses: {', '.join(told)}.{letters}", "ok")
    return _done(journey, "addresses")


def _done(journey: Journey, act: str) -> ResponseReturnValue:
    anchor = "people" if act in ("address", "addresses") else "codes"
    return redirect(f"{url_for('enrolments.invitations', slug=journey.slug)}#{anchor}", 303)


def _page(journey: Journey, sent: InvitingForm | None = None, verdicts: Verdicts = ()) -> ResponseReturnValue:
    forms = {name: sent if isinstance(sent, one) else one(formdata=None) for name, one in FORMS.items()}
    for form in forms.values():
        form.until_the_end_of_day_in(city(journey.timezone))
    people, now = queries.count_addresses(journey.id), clock.now()
    last_page = max(1, -(-people // queries.PAGE))
    number = max(1, min(request.args.get("page", 1, int), last_page))
    page = render_template(
        "enrolments/invitations.html",
        journey=journey,
        policy=policies.policy_of(journey.id),
        forms=forms,
        sent=sent or forms["code"],
        verdicts=verdicts,
        given=[_row(one, journey, now) for one in queries.codes_and_domains(journey.id)],
        people=people,
        named=[_row(one, journey, now) for one in queries.addresses(journey.id, number)],
        number=number,
        last_page=last_page,
    )
    return page, 422 if sent is not None else 200


def _row(one: Invitation, journey: Journey, now: datetime) -> tuple[Invitation, str, str]:
    """An invitation, where it stands, and until when it is good, in words."""
    until = moment(one.expires_at, journey.timezone).text if one.expires_at is not None else ""
    return one, queries.standing(one, now), until
