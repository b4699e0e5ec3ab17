"""A new password for who has forgotten theirs."""

from urllib.parse import parse_qs, urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import attempts, password_rules, passwords, queries, resetting
from app.accounts.attempts import RESET_CLIENT, RESET_LETTER, RESETTING_CLIENT, SIGN_IN_ACCOUNT
from app.accounts.blueprint import bp
from app.accounts.confirmation import count, is_free
from app.accounts.forms import ForgottenForm, NewPasswordForm
from app.accounts.models import User
from app.accounts.resetting import Dead
from app.accounts.views.answers import HOME, again, unkept
from app.database import begin_writing
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.web import visits
from app.web.access import LATER, requires
from app.web.clock import now
from app.web.redirects import local_path


@bp.route("/forgotten-password", methods=["GET", "POST"])
@requires(Permission.PUBLIC, writes=LATER)
def forgotten() -> ResponseReturnValue:
    """Asks for the address; answers the same whether or not it has an account."""
    form = ForgottenForm()
    if not form.is_submitted():
        form.next.data = _beyond_confirming(request.args.get("next"))
    elif form.validate():
        try:
            _ask(form.email.data, _beyond_confirming(form.next.data))
        except DomainError as error:
            return again("accounts/forgotten.html", form, error)
        flash(f"If {form.email.data} has an account, a letter to it is on its way.", "ok")
        return redirect(url_for("accounts.forgotten_sent"), 303)
    return again("accounts/forgotten.html", form)


@bp.get("/forgotten-password/sent")
@requires(Permission.PUBLIC)
def forgotten_sent() -> ResponseReturnValue:
    return render_template("accounts/forgotten_sent.html")


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC, writes=LATER)
def new_password(token: str) -> ResponseReturnValue:
    """Where the link of the letter leads: reading the page changes nothing, sending its form does."""
    form, link = NewPasswordForm(), resetting.link_of(token, _key())
    if link.user is None:
        return unkept(_dead(link.dead))
    if not form.validate_on_submit():
        return unkept(again("accounts/new_password.html", form, user=link.user))
    email, name = link.user.email, link.user.name
    try:
        password_rules.check(form.password.data, email=email, name=name)
        count((RESETTING_CLIENT, visits.keyed(visits.client())))
    except DomainError as error:
        return unkept(again("accounts/new_password.html", form, error, user=link.user))
    hashed = passwords.hash_password(form.password.data)
    begin_writing()
    link = resetting.link_of(token, _key(), hold=True)  # another press may have been quicker
    if link.user is None:
        return unkept(_dead(link.dead))
    return unkept(_set_password(link.user, hashed))


def _ask(email: str, following: str) -> None:
    """Have the letter written if there is an account. Both ways it is counted alike."""
    count((RESET_CLIENT, visits.keyed(visits.client())))
    is_written = is_free((RESET_LETTER, visits.keyed(queries.fold_email(email))))
    begin_writing()
    user = queries.by_email(email)
    if user is not None and is_written:
        resetting.ask(user, now(), following)


def _set_password(user: User, hashed: str) -> ResponseReturnValue:
    came_of_it = resetting.set_password(user, hashed, now())
    attempts.forget(SIGN_IN_ACCOUNT, visits.keyed(user.email_folded))
    visits.begin(user)
    for sentence in ("Your password is changed. Everywhere else you are signed out.", *came_of_it):
        flash(sentence, "ok")
    return redirect(_beyond_confirming(request.args.get("next")) or HOME, 303)


def _dead(why: Dead | None) -> ResponseReturnValue:
    return render_template("accounts/dead_password_link.html", why=why), 404


def _beyond_confirming(path: str | None) -> str:
    """Where one wants to go; of a link to confirm the address, which a new password ends, where that led."""
    path = local_path(path, "")
    if path.startswith("/confirm-address/"):
        return local_path(parse_qs(urlsplit(path).query).get("next", [""])[0], "")
    return path


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
