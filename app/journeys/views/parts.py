"""What a journey holds besides its sessions: each kind is listed, added to, changed, ordered and deleted."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.journeys import changing, queries
from app.journeys.blueprint import bp
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.journeys.part_fields import OrderForm, PartForm
from app.journeys.part_kinds import KINDS
from app.journeys.parts import PartKind
from app.journeys.views.loading import journey_at
from app.learning_sessions import queries as learning_sessions
from app.web import clock
from app.web.access import current_actor, requires
from app.web.forms import ActionForm

AT = "/organise/journeys/<slug>/parts/<part>/"
GONE = (
    "Somebody deleted this {one} while you had it open. What you typed is still here; "
    "save it, and it is added as a new one."
)


def journey_with(slug: str, part: str, **rest: Any) -> Journey | None:
    """The journey at an address that names one of its lists; None when there is no such list."""
    return journey_at(slug, part=part, **rest) if part in KINDS else None


@bp.get(AT)
@requires(Permission.JOURNEY_DESK, of=journey_with)
def parts(journey: Journey) -> ResponseReturnValue:
    """The list of one kind."""
    return _list(journey, _kind(), OrderForm())


@bp.post(f"{AT}order")
@requires(Permission.JOURNEY_EDIT, of=journey_with)
def order_parts(journey: Journey) -> ResponseReturnValue:
    """Move one part up, down, or to a place."""
    kind, form = _kind(), OrderForm()
    if not kind.is_ordered:
        abort(404)
    if not form.validate_on_submit():
        return _list(journey, kind, form)
    lock(journey)
    rows = kind.rows(journey.id)
    part = next((row for row in rows if row.id == form.part_id.data), None)
    if part is None:
        flash(f"This {kind.one} is no longer there; nothing was moved.", "warn")
        return redirect(_address(journey, kind), 303)
    peers = kind.peers(rows, part)
    rows = kind.moved(rows, part, form.place_of(peers.index(part) + 1))
    changing.reorder_parts(journey, rows, clock.now())
    place = kind.peers(rows, part).index(part) + 1
    flash(f"“{kind.line(part).title}” is number {place} of {len(peers)} now.", "ok")
    return redirect(_address(journey, kind, part), 303)


@bp.route(f"{AT}new", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_with)
def add_part(journey: Journey) -> ResponseReturnValue:
    """A new part, as the last of its kind."""
    kind = _kind()
    if request.method == "POST":
        lock(journey)
    form = _opened(kind, journey, None, kind.blank(journey))
    if _is_row_button(form):
        return _form_page(journey, kind, form, None, 200)
    if form.validate_on_submit():
        try:
            part = kind.make(journey, form, clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"Added: “{kind.line(part).title}”.", "ok")
            return redirect(_address(journey, kind, part), 303)
    return _form_page(journey, kind, form, None, form.status)


@bp.route(f"{AT}<int:part_id>", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_with)
def edit_part(journey: Journey) -> ResponseReturnValue:
    """Everything that one part says."""
    kind = _kind()
    if request.method == "POST":
        lock(journey)
    part = _part(journey, kind)
    if part is None:
        return _gone(journey, kind)
    stored = kind.values(part)
    form = _opened(kind, journey, part, stored)
    if _is_row_button(form):
        return _form_page(journey, kind, form, part, 200)
    if form.validate_on_submit():
        try:
            form.refuse_if_changed(stored)
            kind.change(journey, part, form, clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"Saved: “{kind.line(part).title}”.", "ok")
            return redirect(_address(journey, kind, part), 303)
    return _form_page(journey, kind, form, part, form.status)


@bp.route(f"{AT}<int:part_id>/delete", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_with)
def delete_part(journey: Journey) -> ResponseReturnValue:
    """Says what goes with the part, then deletes it."""
    kind, form = _kind(), ActionForm()
    if request.method == "POST":
        lock(journey)
    part = _part(journey, kind)
    if part is None:
        abort(404)
    title = kind.line(part).title
    if form.validate_on_submit():
        changing.delete_part(journey, part, clock.now())
        flash(f"Deleted: “{title}”.", "ok")
        return redirect(_address(journey, kind), 303)
    consequences = [*kind.goes_with(part, kind.rows(journey.id)), *_on_theme(journey, kind, part)]
    page = render_template(
        "journeys/part_delete.html",
        journey=journey, kind=kind, part=part, title=title, consequences=consequences, form=form,
    )  # fmt: skip
    return page, form.status


def _kind() -> PartKind:
    return KINDS[(request.view_args or {})["part"]]


def _part(journey: Journey, kind: PartKind) -> Any:
    return kind.find(journey.id, (request.view_args or {})["part_id"])


def _address(journey: Journey, kind: PartKind, part: Any = None) -> str:
    """The list, at the row of one part."""
    anchor = None if part is None else f"part-{part.id}"
    return url_for("journeys.parts", slug=journey.slug, part=kind.name, _anchor=anchor)


def _opened(kind: PartKind, journey: Journey, part: Any, stored: dict[str, Any]) -> PartForm:
    form = kind.form.opened_on(stored)
    form.offer(journey, part)
    return form


def _is_row_button(form: PartForm) -> bool:
    """Whether the form came back only to have another row, with its token; what was typed is still in it."""
    pressed = request.form.get("rows") if form.is_submitted() else None
    return pressed is not None and form.csrf_token.validate(form) and form.press_row_button(pressed)


def _gone(journey: Journey, kind: PartKind) -> ResponseReturnValue:
    """The part is not there. What somebody had typed into it can be saved as a new one."""
    if request.method != "POST":
        abort(404)
    form = _opened(kind, journey, None, {})
    form.refuse(DomainError(GONE.format(one=kind.one)))
    return _form_page(journey, kind, form, None, 409)


def _form_page(
    journey: Journey, kind: PartKind, form: PartForm, part: Any, status: int
) -> ResponseReturnValue:
    action = (
        url_for("journeys.add_part", slug=journey.slug, part=kind.name)
        if part is None
        else url_for("journeys.edit_part", slug=journey.slug, part=kind.name, part_id=part.id)
    )
    page = render_template(
        "journeys/part.html", journey=journey, kind=kind, form=form, part=part, action=action
    )
    return page, status


def _list(journey: Journey, kind: PartKind, form: OrderForm) -> ResponseReturnValue:
    rows = kind.rows(journey.id)
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(kind.beside(row), []).append(row)
    places = {row.id: (place, len(peers)) for peers in groups.values() for place, row in enumerate(peers, 1)}
    page = render_template(
        "journeys/parts.html", journey=journey, kind=kind, rows=rows, places=places, form=form
    )
    return page, form.status


def _on_theme(journey: Journey, kind: PartKind, part: Any) -> list[str]:
    """What belongs to a theme and stays: of sessions, which come later than journeys, only views may ask."""
    if kind.name != "themes":
        return []
    found = []
    using = [ids for ids in learning_sessions.themes_of(journey.id).values() if part.id in ids]
    if using:
        count = f"{len(using)} sessions belong" if len(using) > 1 else "One session belongs"
        found.append(f"{count} to it; deleting it leaves them without this theme.")
    numbers = queries.journeys_on_theme(part.id)
    working = [one.title for one in queries.children(journey.id, current_actor()) if one.id in numbers]
    if working:
        found.append(f"Journeys that work on it stay, without this theme: {'; '.join(working)}.")
    return found
