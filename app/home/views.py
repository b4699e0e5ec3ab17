"""Pages of the house itself: time zone, privacy, accessibility, health, and the way out."""

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, current_app, flash, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import queries as accounts
from app.accounts.confirmation import confirm
from app.accounts.views.answers import again
from app.database import begin_writing
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.text import fold_text
from app.domain.timezones import canonical, city
from app.domain.zone_choice import known_zone
from app.domain.zone_clock import ZoneClock, clock_in
from app.domain.zone_directory import Found, country_name, find_zones
from app.domain.zone_names import zones_with_countries
from app.home import operations, queries
from app.home.forms import CloseAccountForm, ZoneForm
from app.participants import queries as participants
from app.web import visits
from app.web.access import LATER, requires
from app.web.clock import now
from app.web.reader import ZONE_COOKIE
from app.web.redirects import local_path

bp = Blueprint("home", __name__)

A_YEAR = timedelta(days=365)
MOST_FOUND = 24
LONGEST_SEARCH = 200


@bp.get("/privacy")
@requires(Permission.PUBLIC)
def privacy() -> ResponseReturnValue:
    return render_template("home/privacy.html", contact=current_app.config["SETTINGS"].contact)


@bp.get("/accessibility")
@requires(Permission.PUBLIC)
def accessibility() -> ResponseReturnValue:
    return render_template("home/accessibility.html", contact=current_app.config["SETTINGS"].contact)


@bp.get("/health")
@requires(Permission.PUBLIC)
def health() -> ResponseReturnValue:
    sound, report = queries.health()
    response = jsonify(report)
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if sound else 503


@bp.route("/time-zone", methods=["GET", "POST"])
@requires(Permission.PUBLIC, writes=LATER)
def time_zone() -> ResponseReturnValue:
    form = ZoneForm()
    if not form.is_submitted():
        form.next.data = local_path(request.args.get("next"))
    elif form.validate():
        try:
            return _remember(canonical(form.timezone.data) if form.timezone.data else None, form.next.data)
        except DomainError as error:
            form.refuse(error)
    form.next.data = local_path(form.next.data)
    typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = (
        [(one, clock_in(one.zone, now())) for one in find_zones(typed, MOST_FOUND, now())] if typed else []
    )
    html = render_template(
        "home/time_zone.html",
        form=form,
        typed=typed,
        found=_exact_first(typed, found),
        countries=_by_country(),
    )
    return html, 422 if form.is_submitted() else 200


@bp.route("/me/account/close", methods=["GET", "POST"])
@requires(Permission.ACCOUNT, writes=LATER)
def close_account() -> ResponseReturnValue:
    form = CloseAccountForm()
    if form.validate_on_submit():
        try:
            _close_account(form.password.data)
        except DomainError as error:
            return again("home/close_account.html", form, error)
        flash("Your account is closed. Thank you for having been here.", "ok")
        return redirect("/", 303)
    return again("home/close_account.html", form)


def zone_clock(timezone: str) -> ZoneClock:
    """For templates: the clock of a zone at this moment."""
    return clock_in(timezone, now())


def _close_account(password: str) -> None:
    user_id = current_user.id
    confirm(current_user, password, "password")
    begin_writing()
    user = accounts.by_id(user_id)
    if user is not None:
        operations.close_account(user, participants.of_user(user_id), now())
    visits.end()


def _remember(timezone: str | None, next_path: str | None) -> ResponseReturnValue:
    response = make_response(redirect(local_path(next_path), 303))
    if timezone is None:
        response.delete_cookie(ZONE_COOKIE, samesite="Lax")
        return response
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(ZONE_COOKIE, timezone, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    flash(f"Times are now shown for {city(timezone)}.", "ok")
    return response


def _exact_first(typed: str, found: list[tuple[Found, ZoneClock]]) -> list[tuple[Found, ZoneClock]]:
    """What is called exactly so stands first, and is chosen already."""
    name = known_zone(typed)
    return sorted(found, key=lambda one: one[0].zone != name) if name else found


def _by_country() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every country with its zones as (name, city), without reading the zones' rules."""
    rows = [(country_name(code), zone, city(zone)) for zone, code in zones_with_countries().items()]
    rows.sort(key=lambda row: (fold_text(row[0]), fold_text(row[2])))
    return [
        (name, [(zone, town) for _, zone, town in group]) for name, group in groupby(rows, lambda row: row[0])
    ]
