"""Confirming one's address: the letter, its link, and what is said to whoever needs it first."""

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import addresses, queries
from app.accounts.addresses import Link
from app.accounts.attempts import CONFIRMATION, CONFIRMING_CLIENT, TooMany
from app.accounts.blueprint import bp
from app.accounts.confirmation import count
from app.accounts.forms import LetterForm
from app.accounts.models import User
from app.accounts.views.answers import HOME, PROFILE, again, unkept
from app.database import begin_writing
from app.domain.errors import NotConfirmed
from app.domain.permissions import Permission
from app.web import visits
from app.web.access import LATER, page_before, requires
from app.web.clock import now
from app.web.errors import give_up
from app.web.forms import ActionForm
from app.web.redirects import local_path

ADDRESS = f"{PROFILE}#address"
PRESSED_TWICE = timedelta(minutes=1)
"""So soon after it, a second press is the same one."""


@bp.route("/me/confirm-address", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, writes=LATER)
def send_confirmation() -> ResponseReturnValue:
    """Have the letter written that asks for confirmation; a few times an hour at most."""
    form, user_id = LetterForm(), current_user.id
    if not form.is_submitted():
        form.next.data = local_path(request.args.get("next"), "")
    elif form.validate():
        following = local_path(form.next.data, "")
        try:
            count((CONFIRMATION, visits.keyed(f"user {user_id}")))
        except TooMany as too_many:
            return again("accounts/send_confirmation.html", form, too_many)
        begin_writing()
        user = queries.by_id(user_id)
        if user is not None and user.email_confirmed_at is None:
            addresses.ask(user, now(), following=following)
            flash(f"We are writing to {user.email}. Follow the link in the letter within three days.", "ok")
        return redirect(following or ADDRESS, 303)
    return again("accounts/send_confirmation.html", form)


def confirm_first(refusal: NotConfirmed) -> ResponseReturnValue:
    """The page for who asked for something that needs a confirmed address. Nothing was changed."""
    give_up()
    rule = request.url_rule
    is_page = rule is not None and "GET" in (rule.methods or ())
    form = LetterForm(formdata=None)
    form.next.data = local_path(request.full_path.rstrip("?") if is_page else page_before(HOME), HOME)
    html = render_template("accounts/send_confirmation.html", form=form, refusal=refusal)
    return html, 403


@bp.route("/confirm-address/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC, writes=LATER)
def confirm_address(token: str) -> ResponseReturnValue:
    """Where the link of the letter leads: one press confirms.

    It takes whoever is signed in to the account, or the browser in which it was made: anybody may have typed
    the address, and nobody shall be brought to confirm it for a password they do not know.
    """
    form = ActionForm()
    reader_id = current_user.id if current_user.is_authenticated else None
    is_pressed = form.validate_on_submit()
    if form.is_submitted() and not is_pressed:
        return unkept(again("accounts/confirm_address.html", form, user=None))
    if reader_id is None and not visits.is_marked():
        return unkept(_sign_in())
    if is_pressed:
        try:
            count((CONFIRMING_CLIENT, visits.keyed(visits.client())))
        except TooMany as too_many:
            return unkept(again("accounts/confirm_address.html", form, too_many, user=None))
        begin_writing()
    link = addresses.link_of(token, str(current_app.config["SECRET_KEY"]), hold=is_pressed)
    if reader_id is None and (link is None or not _is_here(link, is_pressed)):
        return unkept(_sign_in())
    if link is None or reader_id not in (None, link.user.id):
        page = render_template("accounts/dead_link.html", is_of_another=link is not None)
        return unkept((page, 404 if link is None else 403))
    if is_pressed:
        return unkept(_confirmed(link.user, addresses.confirm(link.user, now()), reader_id is None))
    if link.user.email_confirmed_at is None:
        return unkept(again("accounts/confirm_address.html", form, user=link.user))
    return unkept(_confirmed(link.user, []))


def _is_here(link: Link, is_pressed: bool) -> bool:
    """Whether this is the browser in which the account was made, and the link has not done its work."""
    if not link.is_of(visits.browser_mark()):
        return False
    confirmed_at = link.user.email_confirmed_at
    return confirmed_at is None or (is_pressed and now() - confirmed_at < PRESSED_TWICE)


def _confirmed(user: User, came_of_it: list[str], begins: bool = False) -> ResponseReturnValue:
    if begins:
        visits.begin(user)
    for sentence in (f"{user.email} is confirmed.", *came_of_it):
        flash(sentence, "ok")
    return redirect(local_path(request.args.get("next"), HOME if begins else ADDRESS), 303)


def _sign_in() -> ResponseReturnValue:
    """To sign-in and back here, also for who pressed the button when their visit had ended."""
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
