"""Signing in and out, changing one's password, confirming one's address."""

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import addresses, operations, password_rules, passwords, queries
from app.accounts.attempts import CONFIRMATION, CONFIRMING_CLIENT, TooMany
from app.accounts.confirmation import confirm, count, let_in
from app.accounts.forms import PasswordForm, SignInForm
from app.database import begin_writing
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.web import visits
from app.web.access import LATER, requires
from app.web.clock import now
from app.web.forms import ActionForm, BaseForm
from app.web.redirects import local_path

bp = Blueprint("accounts", __name__)

HOME = "/me/"
PROFILE = "/me/profile"


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


@bp.post("/me/confirm-address")
@requires(Permission.ACCOUNT, writes=LATER)
def send_confirmation() -> ResponseReturnValue:
    """Have the letter written that asks for confirmation; a few times an hour at most."""
    form, user_id = ActionForm(), current_user.id
    if form.validate_on_submit():
        try:
            count((CONFIRMATION, visits.keyed(f"user {user_id}")))
        except TooMany as too_many:
            return again("accounts/send_confirmation.html", form, too_many)
        begin_writing()
        user = queries.by_id(user_id)
        if user is not None and user.email_confirmed_at is None:
            addresses.ask(user, now())
            flash(f"We are writing to {user.email}. Follow the link in the letter within three days.", "ok")
        return redirect(f"{PROFILE}#address", 303)
    return again("accounts/send_confirmation.html", form)


@bp.route("/confirm-address/<token>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, writes=LATER)
def confirm_address(token: str) -> ResponseReturnValue:
    """Where the link of the letter leads: one press confirms. Only whoever has the password gets here."""
    form, user_id = ActionForm(), current_user.id
    is_pressed = form.validate_on_submit()
    if is_pressed:
        try:
            count((CONFIRMING_CLIENT, visits.keyed(visits.client())))
        except TooMany as too_many:
            return _unkept(again("accounts/confirm_address.html", form, too_many))
        begin_writing()
    user = addresses.user_of(token, str(current_app.config["SECRET_KEY"]))
    if user is None or user.id != user_id:
        page = render_template("accounts/dead_link.html", is_of_another=user is not None)
        return _unkept((page, 404 if user is None else 403))
    if user.email_confirmed_at is None and not is_pressed:
        return _unkept(again("accounts/confirm_address.html", form))
    came_of_it = addresses.confirm(user, now()) if is_pressed else []
    for sentence in (f"{user.email} is confirmed.", *came_of_it):
        flash(sentence, "ok")
    return _unkept(redirect(f"{PROFILE}#address", 303))


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


def _unkept(answer: ResponseReturnValue) -> Response:
    """An answer at a secret address: no cache keeps it, and no other page hears where one came from."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
