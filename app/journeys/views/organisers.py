"""Who organises a journey: adding, changing and removing."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.errors import DomainError, Stale
from app.domain.permissions import OrganiserRole, Permission
from app.journeys import queries
from app.journeys.blueprint import bp
from app.journeys.forms import ROLES, OrganiserForm, PartForm
from app.journeys.models import Journey
from app.journeys.organisers import add_organiser, change_role, remove_organiser
from app.journeys.views.loading import journey_at
from app.web import clock
from app.web.access import requires


@bp.route("/organise/journeys/<slug>/organisers", methods=["GET", "POST"])
@requires(Permission.JOURNEY_OWN, of=journey_at)
def organisers(journey: Journey) -> ResponseReturnValue:
    acts = {"add": _add, "change": _change, "remove": _remove}
    if request.method == "POST":
        if request.form.get("act") not in acts:
            abort(422)
        return acts[request.form["act"]](journey)
    return _page(journey, is_leaving="leave" in request.args)


def _add(journey: Journey) -> ResponseReturnValue:
    form = OrganiserForm()
    if form.validate_on_submit():
        role = OrganiserRole(form.role.data)
        try:
            user = add_organiser(journey, form.email.data, role, clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(journey, f"{user.name} organises “{journey.title}” now, as {role.value}.")
    return _page(journey, form=form)


def _change(journey: Journey) -> ResponseReturnValue:
    part = PartForm()
    is_stale = False
    if part.validate_on_submit():
        role, now = OrganiserRole(part.role.data), clock.now()
        try:
            user = change_role(journey, part.user_id.data, role, now, seen=part.seen.data or None)
        except DomainError as error:
            part.refuse(error)
            is_stale = isinstance(error, Stale)
        else:
            return _done(journey, f"{user.name} is {role.value} of “{journey.title}” now.")
    return _page(journey, part=part, status=409 if is_stale else 422)


def _remove(journey: Journey) -> ResponseReturnValue:
    part = PartForm(data={"role": OrganiserRole.READER.value})
    del part.role
    if part.validate_on_submit():
        try:
            user = remove_organiser(journey, part.user_id.data, clock.now())
        except DomainError as error:
            part.refuse(error)
        else:
            if user.id == current_user.id and not user.is_administrator:
                flash(f"You do not organise “{journey.title}” any more.", "ok")
                return redirect("/me/", 303)
            return _done(journey, f"{user.name} does not organise “{journey.title}” any more.")
    return _page(journey, part=part, status=422)


def _done(journey: Journey, sentence: str) -> ResponseReturnValue:
    flash(sentence, "ok")
    return redirect(url_for("journeys.organisers", slug=journey.slug), 303)


def _page(
    journey: Journey, *, form: OrganiserForm | None = None, part: PartForm | None = None,
    is_leaving: bool = False, status: int | None = None,
) -> ResponseReturnValue:  # fmt: skip
    adding = form or OrganiserForm(formdata=None)
    page = render_template(
        "journeys/organisers.html",
        journey=journey,
        organisers=queries.organisers(journey.id),
        roles=ROLES,
        form=adding,
        refused=form or part or adding,
        is_leaving=is_leaving,
    )
    return page, status or (form.status if form else 200)
