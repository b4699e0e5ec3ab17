"""Notices: the words of every message, written when it is sent."""

from flask import Flask

from app.accounts.addresses import on_asking
from app.messages.delivery import composers
from app.notices import groups, inviting, replies, roster
from app.notices.entering import ABOUT_REQUESTS, about_request
from app.notices.places import ABOUT_PLACES, about_place
from app.notices.views import (
    ABOUT_JOURNEYS,
    ABOUT_SITTINGS,
    about_journey,
    about_sitting,
)


def init_app(_app: Flask) -> None:
    """Register a composer for each kind of message."""
    composers.update({kind: about_place(kind) for kind in ABOUT_PLACES})
    composers.update({kind: about_journey(kind) for kind in ABOUT_JOURNEYS})
    composers.update({kind: about_sitting(kind) for kind in ABOUT_SITTINGS})
    composers.update({kind: about_request(kind) for kind in ABOUT_REQUESTS})
    composers.update(
        {inviting.CONFIRM_ADDRESS: inviting.about_address, inviting.INVITATION: inviting.about_invitation}
    )
    composers[roster.KIND] = roster.about_message
    composers[replies.KIND] = replies.about_answer
    composers.update({groups.BLOCK_RESERVED: groups.about_block, groups.NAMED: groups.about_named})
    on_asking(inviting.ask_for_confirmation)
