"""Places reserved for groups, on the desk: the list, another one, changing one, handing one back."""

from collections.abc import Sequence
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.database import db
from app.domain.errors import DomainError, Refused
from app.domain.permissions import Permission
from app.enrolments import blocks as queries
from app.enrolments import reserving
from app.enrolments.blueprint import bp
from app.enrolments.forms.groups import BlockForm, new_block, stored_block
from app.enrolments.reserved import ReservedBlock
from app.enrolments.standing import is_held
from app.enrolments.views.group_loading import OfBlock, block_at, offering_at, released
from app.learning_sessions.models import Offering
from app.participants import queries as participants
from app.participants.models import Participant
from app.web import clock
from app.web.access import requires
from app.web.forms import ActionForm
from app.web.once import is_repeated
from app.web.reader import reader
from app.web.sittings import shown


@bp.route("/organise/offerings/<int:offering_id>/blocks", methods=["GET", "POST"])
@requires(Permission.OFFERING_ROSTER, of=offering_at)
def blocks(offering: Offering) -> ResponseReturnValue:
    """Every group with places in a sitting, and a form for another."""
    now = clock.now()
    form = BlockForm.opened_on(new_block(offering))
    _offer(form, offering)
    if form.validate_on_submit() and form.find_release():
        if is_repeated(current_user.id, now):
            return _to_list(offering.id)
        try:
            wanted = form.wanted(_focal(form.focal.data or "", offering.learning_session.journey_id))
            with db.begin_nested():
                made = reserving.reserve(offering, wanted, current_user, now)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_reserved(made), "ok")
            return _to_list(offering.id, made.id)
    return _list(offering, form, now), form.status


@bp.route("/organise/blocks/<int:block_id>/edit", methods=["GET", "POST"])
@requires(Permission.OFFERING_ROSTER, of=block_at)
def edit_block(target: OfBlock) -> ResponseReturnValue:
    """How many, until when, who names them."""
    block, now = target.block, clock.now()
    if _is_over(block, now):
        flash(
            f"The places of “{block.name}” without a name have gone back; nothing is left to change.", "warn"
        )
        return _to_list(block.offering_id, block.id)
    form = BlockForm.opened_on(stored_block(block))
    _offer(form, block.offering)
    form.way.data = block.way.value  # it stays as it is
    if not form.is_submitted():
        form.ask_about(block)
    if form.validate_on_submit() and form.find_release():
        try:
            reserving.hold(block, now)
            stored = stored_block(block)
            form.refuse_if_changed(stored)
            focal = _same_or_other(form, block, str(stored["focal"]))
            with db.begin_nested():
                reserving.revise(block, form.wanted(focal), now)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"The places of “{block.name}” are saved.", "ok")
            return _to_list(block.offering_id, block.id)
    page = render_template(
        "enrolments/block_edit.html", form=form, block=block, **_about(block.offering, now)
    )
    return page, form.status


@bp.route("/organise/blocks/<int:block_id>/return", methods=["GET", "POST"])
@requires(Permission.OFFERING_ROSTER, of=block_at)
def return_block(target: OfBlock) -> ResponseReturnValue:
    """Says what handing the rest back means, then does it."""
    block, form, now = target.block, ActionForm(), clock.now()
    if form.validate_on_submit():
        rest = reserving.hand_back(block, now)
        flash(
            f"{_places(rest)} of “{block.name}” {'is' if rest == 1 else 'are'} everybody’s again." if rest
            else f"“{block.name}” had no places left to hand back.", "ok"
        )  # fmt: skip
        return _to_list(block.offering_id, block.id)
    if not form.is_submitted() and block.returned_at is not None:
        return _to_list(block.offering_id, block.id)
    page = render_template(
        "enrolments/block_return.html", form=form, block=block,
        waiting=queries.waiting_for(block), **_about(block.offering, now),
    )  # fmt: skip
    return page, form.status


def _list(offering: Offering, form: BlockForm, now: datetime) -> str:
    found = queries.blocks_in(offering.id)
    free = [(way, reserving.free_for_groups(offering, way)) for way in offering.attendance.ways]
    return render_template(
        "enrolments/blocks.html",
        form=form,
        blocks=[(one, released(one, now)) for one in found],
        free=free,
        why_not=_why_not(offering, [count for _, count in free], now),
        **_about(offering, now),
    )


def _why_not(offering: Offering, free: Sequence[int | None], now: datetime) -> str:
    """Why nothing can be reserved now; empty when something can."""
    if offering.is_cancelled:
        return "cancelled"
    if not is_held(offering, now):
        return "over"
    if offering.learning_session.journey.status not in reserving.LIVING:
        return "not open"
    limited = [count for count in free if count is not None]
    if not limited:
        return "no limit"
    return "" if any(limited) else "full"


def _about(offering: Offering, now: datetime) -> dict[str, object]:
    return {
        "offering": offering,
        "learning_session": offering.learning_session,
        "journey": offering.learning_session.journey,
        "shown": shown(offering, reader(), now),
    }


def _offer(form: BlockForm, offering: Offering) -> None:
    journey_id = offering.learning_session.journey_id
    form.offer(offering, queries.groups_offered(journey_id), queries.organisations_offered(journey_id))


def _same_or_other(form: BlockForm, block: ReservedBlock, stored: str) -> Participant | None:
    """Who names the people: whoever did, while the field says so."""
    typed = form.focal.data or ""
    if typed == stored:
        return block.focal
    return _focal(typed, block.offering.learning_session.journey_id)


def _focal(typed: str, journey_id: int) -> Participant | None:
    """Whom an organiser means by an address or a name. Raises Refused when that is nobody, or several."""
    if not typed:
        return None
    if "@" in typed:
        found = participants.by_email(typed)
        if found is None or found.user_id is None:
            raise Refused(
                "No account has confirmed this address. Ask them to sign up and to confirm it, or leave the "
                "field empty and name the people yourself until then.",
                "focal",
            )
        return found
    called = queries.enrolled_called(journey_id, typed)
    if not called:
        raise Refused(
            f"Nobody of the name “{typed}” is enrolled with an account. Give their e-mail address.", "focal"
        )
    if len(called) > 1:
        raise Refused(f"{len(called)} people are called “{typed}”. Give the e-mail address.", "focal")
    return called[0]


def _is_over(block: ReservedBlock, now: datetime) -> bool:
    return released(block, now).is_past


def _reserved(block: ReservedBlock) -> str:
    said = f"{_places(block.places)} {'is' if block.places == 1 else 'are'} reserved for “{block.name}”."
    if block.focal is None:
        return f"{said} You name the people."
    return f"{said} {block.focal.name} names the people and is told by mail."


def _places(count: int) -> str:
    return f"{count:,} {'place' if count == 1 else 'places'}"


def _to_list(offering_id: int, block_id: int | None = None) -> ResponseReturnValue:
    anchor = f"block-{block_id}" if block_id is not None else None
    return redirect(url_for("enrolments.blocks", offering_id=offering_id, _anchor=anchor), 303)
