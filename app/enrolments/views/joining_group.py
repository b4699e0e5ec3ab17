"""The link by which people take places of a group themselves."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.domain.errors import DomainError, NotFound
from app.domain.permissions import Permission, may
from app.domain.seats import PlaceStatus
from app.enrolments import blocks, group_links, naming, queries
from app.enrolments.blueprint import bp
from app.enrolments.reserved import ReservedBlock
from app.enrolments.views.group_loading import released, settings, unkept
from app.enrolments.views.loading import address_of, check_address, current_participant, profile_first
from app.web import clock
from app.web.access import current_actor, requires
from app.web.errors import page
from app.web.forms import ActionForm
from app.web.reader import reader
from app.web.sittings import shown


class Link:
    """A group and the version of its link that somebody holds."""

    def __init__(self, block: ReservedBlock, version: int) -> None:
        self.block, self.version = block, version


def _link_at(token: str) -> Link | None:
    """What a link leads to; None for one that never worked or was renewed, or whose journey is unseen."""
    found = group_links.read(token, settings())
    block = blocks.block(found[0]) if found is not None else None
    if found is None or block is None or block.link_version != found[1]:
        return None
    is_seen = may(current_actor(), Permission.OFFERING_SEE, block.offering)
    return Link(block, found[1]) if is_seen else None


@bp.route("/join-group/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def join_group(token: str) -> ResponseReturnValue:
    """Says what the link offers; one press takes it. Nobody else's name is shown."""
    link = _link_at(token)
    if link is None:
        return unkept(page(404, naming.DEAD_LINK))
    form, now = ActionForm(), clock.now()
    if not form.validate_on_submit():
        return _page(link, form, now)
    if not current_actor().is_signed_in:
        return unkept(redirect(url_for("accounts.sign_in", next=_address(link)), 303))
    return unkept(_join(link, form, now))


def _join(link: Link, form: ActionForm, now: datetime) -> ResponseReturnValue:
    check_address(link.block.offering.learning_session)
    participant = current_participant()
    if participant is None:
        return profile_first(_address(link))
    try:
        with db.begin_nested():
            naming.join(link.block, link.version, participant, now)
    except NotFound:
        raise
    except DomainError as error:
        form.refuse(error)
        return _page(link, form, now)
    flash(f"You have a place of “{link.block.name}”. It stands in My learning.", "ok")
    return redirect(address_of(link.block.offering.learning_session), 303)


def _page(link: Link, form: ActionForm, now: datetime) -> ResponseReturnValue:
    block = link.block
    learning_session = block.offering.learning_session
    html = render_template(
        "enrolments/join_group.html",
        form=form,
        block=block,
        learning_session=learning_session,
        journey=learning_session.journey,
        shown=shown(block.offering, reader(), now),
        released=released(block, now),
        standing=_standing(block, now),
        here=_address(link),
    )
    return unkept((html, form.status))


def _address(link: Link) -> str:
    return url_for("enrolments.join_group", token=group_links.token_of(link.block, settings()))


def _standing(block: ReservedBlock, now: datetime) -> str:
    """What this reader can do with the link: take, swap, or why nothing."""
    own = _own(block)
    if own.get(block.offering_id) is PlaceStatus.CONFIRMED:
        return "has a place"
    if block.offering.is_cancelled:
        return "cancelled"
    if released(block, now).is_past:
        return "over"
    if block.offering.learning_session.journey.status != "open":
        return "not open"
    if not block.unnamed:
        return "full"
    held = (status for number, status in own.items() if number != block.offering_id)
    return "swap" if any(status.is_taken for status in held) else "take"


def _own(block: ReservedBlock) -> dict[int, PlaceStatus]:
    participant_id = current_actor().participant_id
    if participant_id is None:
        return {}
    return {
        one.offering_id: one.status for one in queries.places_in(block.learning_session_id, participant_id)
    }
