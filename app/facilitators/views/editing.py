"""What a facilitator's page tells, and whose account it is."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import queries as accounts
from app.accounts.queries import fold_email
from app.database import db
from app.domain.errors import DomainError, Refused
from app.domain.permissions import Permission, may
from app.domain.zone_directory import offer_text
from app.domain.zone_names import zones_with_countries
from app.facilitators import operations, queries
from app.facilitators.blueprint import bp
from app.facilitators.forms import PageForm
from app.facilitators.models import Facilitator
from app.learning_sessions import queries as learning_sessions
from app.web.access import current_actor, requires


@dataclass(frozen=True)
class Editable:
    """A facilitator's page with the facts that decide who may change it."""

    facilitator: Facilitator
    journey_ids: frozenset[int]
    """Where they lead or led a sitting."""

    @property
    def user_id(self) -> int | None:
        return self.facilitator.user_id


def editable(facilitator: Facilitator) -> Editable:
    """The page with its facts; one query."""
    return Editable(facilitator, learning_sessions.journeys_led_in(facilitator.id))


def editable_at(slug: str) -> Editable | None:
    """The page at an address."""
    facilitator = queries.facilitator(slug)
    return editable(facilitator) if facilitator else None


@bp.route("/organise/facilitators/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_EDIT, of=editable_at)
def edit(page: Editable) -> ResponseReturnValue:
    facilitator = page.facilitator
    if request.method == "POST":
        operations.lock(facilitator)
    stored = _stored(facilitator)
    form = PageForm.opened_on(stored)
    form.offer(facilitator.language)
    if form.validate_on_submit():
        try:
            form.refuse_if_changed(stored)
            with db.begin_nested():
                told = _save(form, page, stored["account"])
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"The page of {facilitator.name} is saved.{told}", "ok")
            return redirect(url_for("facilitators.show", slug=facilitator.slug), 303)
    return _page(form, page), form.status


def _save(form: PageForm, page: Editable, account: str) -> str:
    """Save all of it; what to say of another account."""
    facilitator, email = page.facilitator, form.account.data or ""
    operations.revise(facilitator, form.about())
    if fold_email(email) == fold_email(account):
        return ""
    if not may(current_actor(), Permission.FACILITATOR_LINK, page):
        raise Refused(why_not(page))
    user = operations.link(facilitator, email)
    if user is None:
        return " It belongs to no account any more."
    return f" It belongs to the account of {user.name} ({user.email}) now, who sees what facilitators see."


def why_not(page: Editable) -> str:
    """Why this person may not say whose account the page is."""
    name = page.facilitator.name
    if page.user_id is not None and page.user_id == current_user.id:
        return "Which account this page belongs to is for the organisers of your sessions to say."
    return (
        f"{name} also leads in journeys that you do not run, and the account would see their join links and "
        "names. Ask an administrator to name the account."
    )


def _page(form: PageForm, page: Editable) -> str:
    return render_template(
        "facilitators/edit.html",
        form=form,
        facilitator=page.facilitator,
        why_not="" if may(current_actor(), Permission.FACILITATOR_LINK, page) else why_not(page),
        is_own=page.user_id == current_user.id,
    )


def _stored(facilitator: Facilitator) -> dict[str, Any]:
    zone = facilitator.timezone or ""
    user = accounts.by_id(facilitator.user_id) if facilitator.user_id is not None else None
    return {
        "name": facilitator.name,
        "affiliation": facilitator.affiliation,
        "organisation": facilitator.organisation.name if facilitator.organisation else "",
        "biography": facilitator.biography,
        "country": facilitator.country or "",
        "timezone": offer_text(zone) if zone in zones_with_countries() else zone,
        "language": facilitator.language,
        "text_direction": facilitator.text_direction,
        "account": user.email if user else "",
    }
