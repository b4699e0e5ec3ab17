"""Correcting the zone of a journey: what is to stay, the time on the clock or the moment."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import db
from app.domain.errors import DomainError, Stale
from app.domain.permissions import Permission
from app.domain.timezones import city
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.scheduling import operations
from app.scheduling.blueprint import bp
from app.scheduling.forms.changing import ZoneForm
from app.scheduling.forms.stored import zone_text
from app.scheduling.operations import Keep
from app.scheduling.zone_preview import STALE, Preview, previews
from app.web import clock
from app.web.access import requires
from app.web.editing import fingerprint

DONE = {
    Keep.WALL: "kept the time on the clock",
    Keep.INSTANT: "kept the moment",
}


@bp.route("/organise/journeys/<slug>/zone", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def journey_zone(journey: Journey) -> ResponseReturnValue:
    """Shows every coming sitting under both answers, then gives the journey the other zone."""
    if request.method == "POST":
        lock(journey)
    stored = {"zone": zone_text(journey.timezone)}
    asked = request.args if request.method == "GET" and request.args.get("zone") else None
    form = ZoneForm.opened_on(stored, **({"formdata": asked} if asked else {}))
    is_sound = form.validate_on_submit()
    rows = _rows(form, journey, is_asked=asked is not None)
    if is_sound and _change(form, journey, stored, rows):
        return redirect(url_for("journeys.manage", slug=journey.slug, _anchor="h-zone"), 303)
    page = render_template(
        "scheduling/journey_zone.html",
        form=form,
        journey=journey,
        rows=rows,
        old=city(journey.timezone),
        new=city(form.zone.timezone) if rows is not None else "",
        looked_at=_looked_at(rows or []),
    )
    if STALE in form.form_errors:
        return page, 409
    return page, 422 if asked is not None and form.zone.errors else form.status


def _rows(form: ZoneForm, journey: Journey, is_asked: bool) -> list[Preview] | None:
    """The sittings under both answers; None as long as no other zone is named."""
    if is_asked:
        form.zone.validate(form)
    if form.zone.errors or not form.zone.timezone:
        return None
    if form.zone.timezone == journey.timezone and not form.is_stale:
        if is_asked or form.is_submitted():
            form.zone.errors = [*form.zone.errors, "This is the journey’s zone already."]
        return None
    return previews(journey, form.zone.timezone, clock.now())


def _change(form: ZoneForm, journey: Journey, stored: dict[str, str], rows: list[Preview] | None) -> bool:
    """Give the journey the zone; False when it is refused, which the form then says."""
    try:
        form.refuse_if_changed(stored)
        if rows is None:
            return False
        if form.looked_at.data != _looked_at(rows):
            raise Stale(STALE)
        keep = Keep(form.keep.data)
        with db.begin_nested():
            count = operations.change_journey_zone(
                journey, form.zone.timezone, keep, clock.now(), by=current_user
            )
    except DomainError as error:
        form.refuse(error)
        return False
    kept = f" {count} coming {'sitting' if count == 1 else 'sittings'} {DONE[keep]}." if count else ""
    flash(f"The journey is in the time of {city(journey.timezone)} now.{kept}", "ok")
    return True


def _looked_at(rows: list[Preview]) -> str:
    return fingerprint({"rows": [list(map(str, one.fact)) for one in rows]})
