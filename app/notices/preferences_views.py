"""The page on which one says what mail one gets, and the one that a mail leads to that switches some off."""

from dataclasses import dataclass

from flask import Response, current_app, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.queries import fold_email
from app.domain.moments import moment
from app.domain.permissions import Permission
from app.domain.timezones import city, local, zone_phrase
from app.messages import queries as messages
from app.messages import recipients
from app.messages.kinds import Choice
from app.messages.models import Recipient
from app.messages.stopping import meant_by
from app.notices import preferences
from app.notices.blueprint import bp
from app.notices.preferences import WORDS
from app.notices.preferences_forms import PreferencesForm
from app.web import csrf
from app.web.access import current_actor, page_before, requires
from app.web.clock import now
from app.web.forms import ActionForm
from app.web.reader import reader

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The whole body of what mail programs send (RFC 8058, 3.1)."""
AGAIN = "again"


@bp.route("/me/messages", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def own_messages() -> ResponseReturnValue:
    """What its reader is sent, what they can switch off, and whether mail reaches them."""
    known = messages.recipient(fold_email(current_user.email))
    choices = preferences.choices_for(current_actor())
    form = PreferencesForm(preferences.wishes_of(known), choices)
    if form.validate_on_submit():
        preferences.choose(current_user.email, form.wishes(), choices, now())
        flash("What you are sent is saved.", "ok")
        return redirect("/me/messages", 303)
    page = render_template(
        "notices/preferences.html",
        form=form,
        zone=_zone_of_quiet_hours(),
        refusal=_refusal(known),
    )
    return page, form.status


@bp.post("/me/messages/works")
@requires(Permission.ACCOUNT)
def address_works() -> ResponseReturnValue:
    """Its owner says that mail reaches the address again."""
    form = ActionForm()
    if not form.validate_on_submit():
        return render_template("notices/refusal.html", form=form), 422
    recipients.trust_again(current_user.email, now())
    flash(f"Mail is sent to {current_user.email} again.", "ok")
    return redirect("/me/messages", 303)


@bp.post("/me/messages/seen")
@requires(Permission.ACCOUNT)
def refusal_seen() -> ResponseReturnValue:
    """The owner of an address that refuses mail has read that it does."""
    form = ActionForm()
    if not form.validate_on_submit():
        return render_template("notices/refusal.html", form=form), 422
    preferences.see_refusal(current_user.email, now())
    return redirect(page_before("/me/"), 303)


@bp.route("/stop/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def stop(token: str) -> ResponseReturnValue:
    """Switches one kind of mail off for one address, or on again: for whoever holds the link.

    A GET only asks. A POST needs no visit and no cookie: mail programs send it (RFC 8058), and the token
    proves it. It is not counted: tokens cannot be guessed, and twice is once.
    """
    if request.method == "POST":
        csrf.is_not_of_a_visit()
    meant = meant_by(token, current_app.config["SETTINGS"].secret_key)
    if meant is None:
        return _unkept(render_template("notices/stop_unknown.html"), 404)
    address, choice = meant
    status, is_asked = 200, request.method == "POST"
    if is_asked and request.form.get(ONE_CLICK[0], "").lower() == ONE_CLICK[1].lower():
        recipients.switch(address, choice, False, now())
    elif is_asked and request.form.get(AGAIN):
        recipients.switch(address, choice, True, now())
    elif is_asked:
        status = 422
    return _unkept(_stop_page(token, address, choice), status)


def _stop_page(token: str, address: str, choice: Choice) -> str:
    muted = recipients.muted_of(messages.recipient(fold_email(address)))
    return render_template(
        "notices/stop.html",
        token=token,
        address=masked(address),
        what=WORDS[choice],
        is_muted=choice in muted,
        is_changed=request.method == "POST",
    )


def masked(address: str) -> str:
    """`p…@example.org`: its owner knows it again, and nobody else learns it."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _unkept(page: str, status: int) -> Response:
    """No cache keeps it, no other page hears where one came from, no search finds it."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@dataclass(frozen=True)
class Refusal:
    """That an address refuses mail: what the mail server said, and when."""

    since: str
    reason: str


def _refusal(known: Recipient | None) -> Refusal | None:
    if known is None or known.refused_at is None:
        return None
    at = moment(known.refused_at, reader().timezone or "UTC")
    code = str(known.refused_code or "")
    told = known.refused_reason
    return Refusal(at.text, told if told.startswith(code) else f"{code} {told}")


def _zone_of_quiet_hours() -> str:
    """`Accra (GMT, UTC)`."""
    zone = reader().timezone or "UTC"
    return f"{city(zone)} ({zone_phrase(local(now(), zone))})"
