"""Importing people into a journey: upload, columns, dry run, apply or throw away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import begin_writing, db
from app.domain.errors import DomainError, NotOpen, Refused, Stale
from app.domain.moments import Moment, moment
from app.domain.permissions import Permission
from app.enrolments.blueprint import bp
from app.enrolments.bulk import Import, ImportState, Verdict
from app.enrolments.forms.imports import ApplyForm, ColumnsForm, UploadForm, stored_values
from app.enrolments.importing import listing, uploads
from app.enrolments.importing.columns import FIELDS, LABELS, Choices
from app.enrolments.importing.stored import check_open
from app.enrolments.views.loading import OfJourney, ask_again
from app.enrolments.views.renewing import SECONDS_BETWEEN_LOOKS, renew
from app.journeys.models import Journey, JourneyStatus
from app.journeys.views.loading import journey_at
from app.sheets.encodings import LAST_RESORT
from app.sheets.limits import MOST_BYTES
from app.sheets.writing import csv_bytes, type_of_csv
from app.web import clock
from app.web.access import LATER, requires
from app.web.forms import ActionForm
from app.web.methods import SAFE_METHODS
from app.web.once import is_repeated
from app.web.reader import reader

ROOM_FOR_THE_FORM = 64 * 1024
AT_WORK = (ImportState.CHECKING, ImportState.APPLYING)
TO_LOOK_AT_FIRST = (Verdict.REFUSED, Verdict.CHANGED, Verdict.NEW, Verdict.SAME)
ALREADY_SENT = "This form had been sent before; it was not done twice."


@dataclass(frozen=True)
class Target(OfJourney):
    """An import as permission rules see it: as its journey."""

    imported: Import


def import_at(slug: str, import_id: int) -> Target | None:
    """The import at an address, of that journey and no other."""
    journey = journey_at(slug, import_id=import_id)
    found = listing.import_of(journey.id, import_id) if journey is not None else None
    return Target(journey, found) if journey is not None and found is not None else None


@bp.route("/organise/journeys/<slug>/imports", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=journey_at, writes=LATER)
def imports(journey: Journey) -> ResponseReturnValue:
    """The uploads of a journey, and uploading one. The file is read before anything is written."""
    if request.method not in SAFE_METHODS:
        request.max_content_length = MOST_BYTES + ROOM_FOR_THE_FORM
    form = UploadForm()
    if form.validate_on_submit():
        try:
            made = _upload(journey, form)
        except NotOpen:
            raise
        except DomainError as error:
            db.rollback()
            form.refuse(error)
        else:
            return (
                _to(journey, made)
                if made
                else redirect(url_for("enrolments.imports", slug=journey.slug), 303)
            )
    page = render_template(
        "enrolments/imports/index.html", journey=journey, form=form, fields=FIELDS,
        imports=listing.imports_of(journey.id), is_open=journey.status is JourneyStatus.OPEN,
        at=lambda instant: _moment(instant, journey),
    )  # fmt: skip
    return page, form.status


@bp.get("/organise/journeys/<slug>/imports/template.csv")
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def import_template(_journey: Journey) -> ResponseReturnValue:
    """A table with the right headers, to be filled in."""
    return _csv_file(b"".join(csv_bytes([field.label for field in FIELDS], [])), "people.csv")


@bp.get("/organise/journeys/<slug>/imports/<int:import_id>/")
@requires(Permission.JOURNEY_ROSTER, of=import_at)
def import_(target: Target) -> ResponseReturnValue:
    """Where an import stands; renews itself while the worker is busy with it."""
    state = target.imported.state
    if state is ImportState.UPLOADED:
        return redirect(_url("columns", target), 303)
    if state in AT_WORK:
        return renew(make_response(_page("working", target, seconds_between_looks=SECONDS_BETWEEN_LOOKS)))
    if state is ImportState.FAILED:
        return _page("failed", target)
    form = ApplyForm(data={"run": target.imported.options["run"]})
    return _dry_run(target, form)


@bp.route("/organise/journeys/<slug>/imports/<int:import_id>/columns", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=import_at)
def import_columns(target: Target) -> ResponseReturnValue:
    """Say which column holds what, then have the dry run made."""
    imported = target.imported
    form = ColumnsForm(data=dict(stored_values(imported)))
    form.offer(imported)
    is_past = imported.state in (*AT_WORK, ImportState.APPLIED)
    if is_past and not form.is_submitted():
        return _to(target.journey, imported)
    if form.validate_on_submit():
        if is_past or is_repeated(current_user.id, clock.now()):
            return _to(target.journey, imported)
        try:
            uploads.check(imported.id, form.columns(), form.choices(), clock.now())
        except (NotOpen, Stale):
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            return _to(target.journey, imported)
    options = imported.options
    return _page(
        "columns", target, form=form, headers=list(zip(options["headers"], options["samples"], strict=True)),
        fields=FIELDS, is_guessed=options["encoding"] == LAST_RESORT,
    ), form.status  # fmt: skip


@bp.post("/organise/journeys/<slug>/imports/<int:import_id>/apply")
@requires(Permission.JOURNEY_ROSTER, of=import_at)
def import_apply(target: Target) -> ResponseReturnValue:
    form = ApplyForm()
    if form.validate_on_submit():
        if is_repeated(current_user.id, clock.now()):
            flash(ALREADY_SENT, "warn")
            return _to(target.journey, target.imported)
        try:
            uploads.apply(
                target.imported.id, _number(form.run.data), form.leave_out.data, current_user, clock.now()
            )
        except (NotOpen, Stale) as refusal:
            db.rollback()
            flash(str(refusal), "warn")
            return _to(target.journey, target.imported)
        except DomainError as error:
            form.refuse(error)
        else:
            return _to(target.journey, target.imported)
    if target.imported.state is not ImportState.CHECKED:
        return ask_again(form, "Go on", f"Import of “{target.imported.filename}”", target.journey)
    return _dry_run(target, form), 422


@bp.post("/organise/journeys/<slug>/imports/<int:import_id>/discard")
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def import_discard(journey: Journey) -> ResponseReturnValue:
    """One press: the file can be uploaded again. A second press leads to the list as the first did."""
    form = ActionForm()
    is_sound = form.validate_on_submit()
    target = import_at(journey.slug, int((request.view_args or {})["import_id"]))
    if target is None:
        flash("This table is not there any more; it was thrown away before.", "warn")
        return redirect(url_for("enrolments.imports", slug=journey.slug), 303)
    filename = target.imported.filename
    if not is_sound:
        return ask_again(form, "Throw it away", f"Throw “{filename}” away", target.journey)
    try:
        uploads.throw_away(target.imported.id)
    except Refused as refusal:
        db.rollback()
        flash(str(refusal), "bad")
        return _to(target.journey, target.imported)
    flash(f"“{filename}” is thrown away; nobody was enrolled by it.", "ok")
    return redirect(url_for("enrolments.imports", slug=target.journey.slug), 303)


@bp.get("/organise/journeys/<slug>/imports/<int:import_id>/refused.csv")
@requires(Permission.JOURNEY_ROSTER, of=import_at)
def import_refused(target: Target) -> ResponseReturnValue:
    """The refused rows under the headers of the file, to be mended and uploaded again."""
    headers = target.imported.options["headers"]
    columns = {name: headers[index] or LABELS[name] for name, index in target.imported.columns.items()}
    rows = (
        [row.reason, row.line, *(row.record.get(name, "") for name in columns)]
        for row in listing.refused_of(target.imported)
    )
    return _csv_file(
        b"".join(csv_bytes(["Why refused", "Line", *columns.values()], rows)), "refused-rows.csv"
    )


def _upload(journey: Journey, form: UploadForm) -> Import | None:
    """The import made of the file; None when the form had been sent before."""
    check_open(journey)
    looked = uploads.look_at(form.file.data.read(), form.file.data.filename)
    begin_writing()
    if is_repeated(current_user.id, clock.now()):
        flash(ALREADY_SENT, "warn")
        return None
    return uploads.upload(journey, looked, current_user, clock.now())


def _dry_run(target: Target, form: ApplyForm) -> str:
    """The rows of one verdict; of the first that has any, unless the address says which."""
    imported = target.imported
    counts = {verdict: imported.counts.get(verdict.value, 0) for verdict in TO_LOOK_AT_FIRST}
    asked = request.args.get("verdict", "")
    chosen = next((verdict for verdict in Verdict if verdict.value == asked), None)
    chosen = chosen or next((verdict for verdict, count in counts.items() if count), Verdict.NEW)
    page = listing.rows_of(imported, chosen, _number(request.args.get("page")))
    return _page(
        "dry_run", target, form=form, counts=counts, chosen=chosen, page=page, labels=LABELS,
        choices=Choices.of(imported.options), at_moment=lambda instant: _moment(instant, target.journey),
    )  # fmt: skip


def _moment(instant: datetime, journey: Journey) -> Moment:
    """In the reader's zone."""
    return moment(instant, reader().timezone or journey.timezone)


def _page(name: str, target: Target, **facts: Any) -> str:
    return render_template(
        f"enrolments/imports/{name}.html", journey=target.journey, imported=target.imported, **facts
    )


def _url(view: str, target: Target) -> str:
    return url_for(f"enrolments.import_{view}", slug=target.journey.slug, import_id=target.imported.id)


def _to(journey: Journey, imported: Import) -> ResponseReturnValue:
    return redirect(url_for("enrolments.import_", slug=journey.slug, import_id=imported.id), 303)


def _csv_file(body: bytes, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = type_of_csv
    answer.headers["Cache-Control"] = "no-store"  # it may name people
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _number(text: str | None) -> int:
    """A number out of an address or a hidden field; 0 for what is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
