"""The places of a group, for those who name its people."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.database import db
from app.domain.errors import DomainError, Refused
from app.domain.permissions import Permission
from app.enrolments import blocks as queries
from app.enrolments import group_links, naming
from app.enrolments.blueprint import bp
from app.enrolments.forms.groups import PersonForm
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.views import codes, naming_tries
from app.enrolments.views.group_loading import Released, group_at, released, settings, unkept
from app.participants.models import Participant
from app.web import clock
from app.web.access import LATER, current_actor, requires
from app.web.forms import ActionForm, BaseForm
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
@requires(Permission.BLOCK_NAME, of=group_at, writes=LATER)
def group(block: ReservedBlock) -> ResponseReturnValue:
    """Who has the places of a group; the form gives one to somebody."""
    form, block_id, refusal = PersonForm(), block.id, None
    if form.validate_on_submit():
        try:
            _say(naming_tries.give(block, form, _name))
        except DomainError as error:
            form.refuse(error)
            refusal = error
        else:
            return _to_group(block_id, "names")
    return _page(_again(block_id), form, clock.now(), refusal)


@bp.route("/groups/<int:block_id>/names/<int:place_id>/swap", methods=["GET", "POST"])
@requires(Permission.BLOCK_NAME, of=named_place_at, writes=LATER)
def swap_name(target: _Target) -> ResponseReturnValue:
    """Another name on a place, in one step."""
    block, place, form, refusal = target.block, target.place, PersonForm(), None
    if place is None:
        return _given_up_before(block)
    block_id, place_id = block.id, place.id
    if form.validate_on_submit():
        try:
            _say(naming_tries.give(block, form, partial(_swap, place_id)))
        except DomainError as error:
            form.refuse(error)
            refusal = error
        else:
            return _to_group(block_id, "names")
    block, place = _again(block_id), queries.place_in(block_id, place_id)
    if place is None:
        return _given_up_before(block)
    return _asked(block, form, "enrolments/group_swap.html", refusal, place=place)


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
            return _to_group(block.id, "names")
    return _asked(block, form, "enrolments/group_remove.html", place=place)


@bp.route("/groups/<int:block_id>/link", methods=["GET", "POST"])
@requires(Permission.BLOCK_NAME, of=group_at)
def renew_group_link(block: ReservedBlock) -> ResponseReturnValue:
    """Asks once more, then replaces the link; the old one stops working at once."""
    form = ActionForm()
    if form.validate_on_submit():
        naming.renew_link(block, clock.now())
        flash("There is a new link. The old one has stopped working.", "ok")
        return _to_group(block.id, "link")
    return _asked(block, form, "enrolments/group_link.html")


def _name(block: ReservedBlock, person: Participant, by: User) -> str:
    naming.name(block, person, clock.now(), by)
    return f"{person.name} has a place of “{block.name}”, and is told by mail."


def _swap(place_id: int, block: ReservedBlock, other: Participant, by: User) -> str:
    place = queries.place_in(block.id, place_id)
    if place is None:
        raise Refused("This place has just been given up; it is the group’s again, without a name.")
    before = place.participant.name
    naming.swap(place, other, clock.now(), by)
    return f"{other.name} has the place of {before}. Both are told by mail."


def _say(said: str) -> None:
    if said:
        flash(said, "ok")


def _again(block_id: int) -> ReservedBlock:
    """The group as it is now, after a try in a transaction of its own."""
    block = group_at(block_id)
    if block is None:
        abort(404)
    return block


def groups_named_by_reader() -> Sequence[tuple[ReservedBlock, Released]]:
    """The groups whose people the reader names, for My learning; no query for whoever names none."""
    numbers = current_actor().focal_for
    if not numbers:
        return []
    now = clock.now()
    return [(one, released(one, now)) for one in queries.blocks_of(numbers, now)]


bp.add_app_template_global(groups_named_by_reader)


def _page(
    block: ReservedBlock, form: PersonForm, now: datetime, refusal: DomainError | None
) -> ResponseReturnValue:
    _ask_for_name(form, block)
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
    return unkept(codes.answer(html, form.status, refusal))


def _ask_for_name(form: PersonForm, block: ReservedBlock) -> None:
    """Who does not keep the roster always gives a name: leaving it out would tell whether it is known."""
    if not naming_tries.keeps_roster(block):
        form.person_name.description = "Who has an account keeps the name given there."


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


def _asked(
    block: ReservedBlock, form: BaseForm, template: str, refusal: DomainError | None = None, **facts: Any
) -> ResponseReturnValue:
    """A page that asks about one thing; gone back to the group when its places are no longer the group's."""
    now = clock.now()
    if not form.is_submitted() and released(block, now).is_past:
        flash("The places without a name have gone back to everybody; the names stay as they are.", "warn")
        return _to_group(block.id)
    if isinstance(form, PersonForm):
        _ask_for_name(form, block)
    html = render_template(template, form=form, **facts, **_about(block, now))
    return codes.answer(html, form.status, refusal)


def _about(block: ReservedBlock, now: datetime) -> dict[str, Any]:
    learning_session = block.offering.learning_session
    return {
        "block": block,
        "offering": block.offering,
        "learning_session": learning_session,
        "journey": learning_session.journey,
        "shown": shown(block.offering, reader(), now),
        "is_organiser": naming_tries.keeps_roster(block),
    }


def _given_up_before(block: ReservedBlock) -> ResponseReturnValue:
    if not ActionForm().validate_on_submit():
        abort(404)
    flash("This person has no place of the group any more; the names below are as they are now.", "warn")
    return _to_group(block.id, "names")


def _to_group(block_id: int, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("enrolments.group", block_id=block_id, _anchor=anchor), 303)
