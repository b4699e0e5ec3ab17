"""Signing in and out, and changing one's password."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import operations, password_rules, passwords, queries
from app.accounts.attempts import TooMany
from app.accounts.confirmation import confirm, let_in
from app.accounts.forms import PasswordForm, SignInForm
from app.database import begin_writing
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.web import visits
from app.web.access import LATER, requires
from app.web.forms import ActionForm, BaseForm
from app.web.redirects import local_path

bp = Blueprint("accounts", __name__)

HOME = "/me/"


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.PUBLIC, writes=LATER)
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.is_submitted():
        form.next.data = local_path(request.args.get("next"), "")
        if current_user.is_authenticated:
            return redirect(form.next.data or HOME, 303)
    elif form.validate():
        try:
            user = let_in(form.email.data, form.password.data)
        except DomainError as error:
            return again("accounts/sign_in.html", form, error)
        visits.begin(user)
        return redirect(local_path(form.next.data, HOME), 303)
    return again("accounts/sign_in.html", form)


@bp.route("/sign-out", methods=["GET", "POST"])
@requires(Permission.PUBLIC, writes=LATER)
def sign_out() -> ResponseReturnValue:
    form = ActionForm()
    if form.validate_on_submit():
        visits.end()
        flash("You are signed out on this device.", "ok")
        return redirect("/", 303)
    return again("accounts/sign_out.html", form)


@bp.route("/me/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, writes=LATER)
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            _change_password(form)
        except DomainError as error:
            return again("accounts/password.html", form, error)
        flash("Your password is changed. Everywhere else you are signed out.", "ok")
        return redirect("/me/profile", 303)
    return again("accounts/password.html", form)


def again(template: str, form: BaseForm, error: DomainError | None = None) -> ResponseReturnValue:
    """The form's page: at first 200, refused 422, and 429 with the time to wait when there were too many."""
    if error is not None:
        form.refuse(error)
    html = render_template(template, form=form)
    if isinstance(error, TooMany):
        return html, 429, {"Retry-After": str(error.seconds)}
    return html, 422 if form.is_submitted() else 200


def _change_password(form: PasswordForm) -> None:
    user_id = current_user.id
    password_rules.check(form.password.data, email=current_user.email, name=current_user.name)
    confirm(current_user, form.old_password.data, "old_password")
    hashed = passwords.hash_password(form.password.data)
    begin_writing()
    user = queries.by_id(user_id)
    if user is None:
        raise DomainError("This account has just been closed.")
    operations.change_password(user, hashed)
    visits.begin(user)
