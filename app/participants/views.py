"""Signing up (an account and a participant at once), and one's profile."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import password_rules, passwords
from app.accounts import queries as accounts
from app.accounts.attempts import SIGN_UP_CLIENT, SIGN_UP_LETTER
from app.accounts.confirmation import count, is_free
from app.accounts.forms import PasswordForm
from app.accounts.views.answers import HOME, again
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
    """Answers every sound form alike, whether or not the address has an account; a letter says the rest."""
    form = SignUpForm(current_zone=reader().timezone)
    mark = visits.browser_mark()
    if not form.is_submitted():
        form.next.data = local_path(request.args.get("next"), "")
        if current_user.is_authenticated:
            return redirect(form.next.data or HOME, 303)
        form.zone.data = form.current_zone or form.zone.default
    elif form.validate():
        try:
            _sign_up(form, mark)
        except DomainError as error:
            return again("participants/sign_up.html", form, error)
        flash(f"A letter to {form.email.data} is on its way.", "ok")
        return redirect(url_for("participants.signed_up"), 303)
    return again("participants/sign_up.html", form)


@bp.get("/sign-up/sent")
@requires(Permission.PUBLIC)
def signed_up() -> ResponseReturnValue:
    settings = current_app.config["SETTINGS"]
    folder = settings.mail_url.partition("folder:")[2] if settings.is_loopback else ""
    return render_template("participants/sign_up_sent.html", folder=folder)


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


def _sign_up(form: SignUpForm, mark: str) -> None:
    """Account, participant and letter; for an address with an account a letter alone. Both ways the same is
    counted, and the password hashed.
    """
    email, password = form.email.data, form.password.data
    password_rules.check(password, email=email, name=form.name.data)
    count((SIGN_UP_CLIENT, visits.keyed(visits.client())))
    is_written = is_free((SIGN_UP_LETTER, visits.keyed(accounts.fold_email(email))))
    hashed = passwords.hash_password(password)
    begin_writing()
    operations.sign_up(
        operations.SigningUp(email, hashed, local_path(form.next.data, ""), mark, is_written),
        form.profile(),
        now(),
    )
