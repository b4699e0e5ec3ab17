"""Signing up (an account and a participant at once), and one's profile."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import addresses, attempts, password_rules, passwords
from app.accounts.attempts import SIGN_UP_CLIENT, TAKEN_CLIENT
from app.accounts.confirmation import count
from app.accounts.forms import PasswordForm
from app.accounts.models import User
from app.accounts.operations import create_account
from app.accounts.views import HOME, again
from app.database import begin_writing
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.timezones import city
from app.participants import operations, queries
from app.participants.forms import ProfileForm, SignUpForm
from app.web import visits
from app.web.access import LATER, requires
from app.web.clock import now
from app.web.reader import reader
from app.web.redirects import local_path

bp = Blueprint("participants", __name__)


@bp.route("/sign-up", methods=["GET", "POST"])
@requires(Permission.PUBLIC, writes=LATER)
def sign_up() -> ResponseReturnValue:
    form = SignUpForm(current_zone=reader().timezone)
    if not form.is_submitted():
        form.next.data = local_path(request.args.get("next"), "")
        if current_user.is_authenticated:
            return redirect(form.next.data or HOME, 303)
        form.zone.data = form.current_zone or form.zone.default
    elif form.validate():
        try:
            user = _sign_up(form)
        except DomainError as error:
            return again("participants/sign_up.html", form, error)
        visits.begin(user)
        flash(f"Welcome, {user.name}. Times are shown for {city(form.timezone)}.", "ok")
        flash(f"We are writing to {user.email}; follow the link in the letter to confirm the address.", "ok")
        return redirect(local_path(form.next.data, HOME), 303)
    return again("participants/sign_up.html", form)


@bp.route("/me/profile", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def profile() -> ResponseReturnValue:
    participant = queries.of_user(current_user.id)
    form = ProfileForm(participant, current_user.name)
    if form.validate_on_submit():
        try:
            if participant is None:
                operations.create(form.profile(), now(), current_user)
            else:
                operations.update(participant, form.profile())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"Your profile is saved. Times are shown for {city(form.timezone)}.", "ok")
            return redirect(local_path(form.next.data, "/me/profile"), 303)
    elif not form.is_submitted():
        form.next.data = local_path(request.args.get("next"), "")
    password_form = PasswordForm(formdata=None)
    html = render_template(
        "participants/profile.html", form=form, participant=participant, password_form=password_form
    )
    return html, 422 if form.is_submitted() else 200


def _sign_up(form: SignUpForm) -> User:
    """Account and participant. What is counted stays counted when the address turns out to be taken."""
    email, name, password = form.email.data, form.name.data, form.password.data
    password_rules.check(password, email=email, name=name)
    client = visits.keyed(visits.client())
    count((SIGN_UP_CLIENT, client), (TAKEN_CLIENT, client))
    hashed = passwords.hash_password(password)
    begin_writing()
    user = create_account(name, email, hashed, now())
    operations.create(form.profile(), now(), user)
    addresses.ask(user, now())
    attempts.take_back(TAKEN_CLIENT, client)
    return user
