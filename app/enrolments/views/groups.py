"""The places of a group, for those who name its people."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import Permission, may
from app.enrolments import blocks as queries
from app.enrolments import group_links, naming
from app.enrolments.blueprint import bp
from app.enrolments.forms.groups import PersonForm
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.views.group_loading import Released, group_at, released, settings, unkept
from app.web import clock
from app.web.access import current_actor, requires
from app.web.forms import ActionForm, BaseForm
from app.web.once import is_repeated
from app.web.reader import reader
from app.web.sittings import shown
from app.web.templating import address_of

NamedPlace = tuple[ReservedBlock, Place]


def named_place_at(block_id: int, place_id: int) -> Any:
    """A place that a group has given to somebody; the group stands for it in the permission rules."""
    block = group_at(block_id)
    if block is None:
        return None
    place = queries.place_in(block_id, place_id)
    if place is None and request.method == "POST" and queries.was_given_by(block, place_id):
        return _Target(block, None)
    return _Target(block, place) if place is not None else None


class _Target:
    def __init__(self, block: ReservedBlock, place: Place | None) -> None:
        self.block, self.place = block, place
        """The place; None when a form is sent for one that is the group's again, as by a second press."""
        self.id, self.offering = block.id, block.offering


@bp.route("/groups/<int:block_id>/", methods=["GET", "POST"])
@requires(Permission.BLOCK_NAME, of=group_at)
def group(block: ReservedBlock) -> ResponseReturnValue:
    """Who has the places of a group; the form gives one to somebody."""
    form, now = PersonForm(), clock.now()
    if form.validate_on_submit():
        if is_repeated(current_user.id, now):
            return _to_group(block, "names")
        try:
            with db.begin_nested():
                person = naming.person(block, form.email.data, form.person_name.data or "", now)
                naming.name(block, person, now, current_user)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"{person.name} has a place of “{block.name}”, and is told by mail.", "ok")
            return _to_group(block, "names")
    return _page(block, form, now)


@bp.route("/groups/<int:block_id>/names/<int:place_id>/swap", methods=["GET", "POST"])
@requires(Permission.BLOCK_NAME, of=named_place_at)
def swap_name(target: _Target) -> ResponseReturnValue:
    """Another name on a place, in one step."""
    block, place, form, now = target.block, target.place, PersonForm(), clock.now()
    if place is None:
        return _given_up_before(block)
    if form.validate_on_submit():
        if is_repeated(current_user.id, now):
            return _to_group(block, "names")
        try:
            with db.begin_nested():
                other = naming.person(block, form.email.data, form.person_name.data or "", now)
                naming.swap(place, other, now, current_user)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"{other.name} has the place of {place.participant.name}. Both are told by mail.", "ok")
            return _to_group(block, "names")
    return _asked(block, form, "enrolments/group_swap.html", place=place)


@bp.route("/groups/<int:block_id>/names/<int:place_id>/remove", methods=["GET", "POST"])
@requires(Permission.BLOCK_NAME, of=named_place_at)
def take_out_name(target: _Target) -> ResponseReturnValue:
    """Says what taking a name out means, then does it."""
    block, place, form, now = target.block, target.place, ActionForm(), clock.now()
    if place is None:
        return _given_up_before(block)
    if form.validate_on_submit():
        try:
            with db.begin_nested():
                naming.unname(place, now, current_user)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"{place.participant.name} has no place any more, and is told by mail.", "ok")
            return _to_group(block, "names")
    return _asked(block, form, "enrolments/group_remove.html", place=place)


@bp.route("/groups/<int:block_id>/link", methods=["GET", "POST"])
@requires(Permission.BLOCK_NAME, of=group_at)
def renew_group_link(block: ReservedBlock) -> ResponseReturnValue:
    """Asks once more, then replaces the link; the old one stops working at once."""
    form = ActionForm()
    if form.validate_on_submit():
        naming.renew_link(block, clock.now())
        flash("There is a new link. The old one has stopped working.", "ok")
        return _to_group(block, "link")
    return _asked(block, form, "enrolments/group_link.html")


def groups_named_by_reader() -> Sequence[tuple[ReservedBlock, Released]]:
    """The groups whose people the reader names, for My learning; no query for whoever names none."""
    numbers = current_actor().focal_for
    if not numbers:
        return []
    now = clock.now()
    return [(one, released(one, now)) for one in queries.blocks_of(numbers, now)]


bp.add_app_template_global(groups_named_by_reader)


def _page(block: ReservedBlock, form: PersonForm, now: datetime) -> ResponseReturnValue:
    ends = released(block, now)
    number, pages = _number(block.named)
    link = None
    if not ends.is_past:
        link = address_of("enrolments.join_group", token=group_links.token_of(block, settings()))
    html = render_template(
        "enrolments/group.html",
        form=form,
        link=link,
        released=ends,
        names=queries.named_in(block.id, number),
        number=number,
        pages=pages,
        history=queries.history_of(block),
        why_not=_why_not(block, ends),
        **_about(block, now),
    )
    return unkept((html, form.status))


def _number(named: int) -> tuple[int, int]:
    """Which page of the names is asked for, or the last there is; and how many there are."""
    text, pages = request.args.get("page", "1"), max(1, ceil(named / queries.NAMED_SHOWN))
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(1, wanted), pages), pages


def _why_not(block: ReservedBlock, ends: Released) -> str:
    """Why nobody can be named now; empty when somebody can."""
    if ends.is_past:
        return "over"
    if block.offering.is_cancelled:
        return "cancelled"
    if block.offering.learning_session.journey.status != "open":
        return "not open"
    return "" if block.unnamed else "full"


def _asked(block: ReservedBlock, form: BaseForm, template: str, **facts: Any) -> ResponseReturnValue:
    """A page that asks about one thing; gone back to the group when its places are no longer the group's."""
    now = clock.now()
    if not form.is_submitted() and released(block, now).is_past:
        flash("The places without a name have gone back to everybody; the names stay as they are.", "warn")
        return _to_group(block)
    return render_template(template, form=form, **facts, **_about(block, now)), form.status


def _about(block: ReservedBlock, now: datetime) -> dict[str, Any]:
    learning_session = block.offering.learning_session
    return {
        "block": block,
        "offering": block.offering,
        "learning_session": learning_session,
        "journey": learning_session.journey,
        "shown": shown(block.offering, reader(), now),
        "is_organiser": may(current_actor(), Permission.OFFERING_ROSTER, block.offering),
    }


def _given_up_before(block: ReservedBlock) -> ResponseReturnValue:
    if not ActionForm().validate_on_submit():
        abort(404)
    flash("This person has no place of the group any more; the names below are as they are now.", "warn")
    return _to_group(block, "names")


def _to_group(block: ReservedBlock, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("enrolments.group", block_id=block.id, _anchor=anchor), 303)
