"""Signing in and out, and changing one's password."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import operations, password_rules, passwords, queries, resetting
from app.accounts.blueprint import bp
from app.accounts.confirmation import confirm, let_in
from app.accounts.forms import PasswordForm, SignInForm
from app.accounts.views.answers import HOME, PROFILE, again
from app.database import begin_writing
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.web import visits
from app.web.access import LATER, requires
from app.web.clock import now
from app.web.forms import ActionForm
from app.web.redirects import local_path


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
        return redirect(PROFILE, 303)
    return again("accounts/password.html", form)


def _change_password(form: PasswordForm) -> None:
    user_id, stamp = current_user.id, current_user.stamp
    password_rules.check(form.password.data, email=current_user.email, name=current_user.name)
    confirm(current_user, form.old_password.data, "old_password")
    hashed = passwords.hash_password(form.password.data)
    begin_writing()
    user = queries.held(user_id)
    if user is None:
        raise DomainError("This account has just been closed.")
    if user.stamp != stamp:
        raise DomainError("Your password has just been changed elsewhere. Sign in with the new one.")
    operations.change_password(user, hashed)
    resetting.tell(user, now())
    visits.begin(user)
