"""Notices: the words of every message, written when it is sent."""

from flask import Flask

from app.accounts import letters
from app.messages.composed import Composer
from app.messages.kinds import Choice, Kind, Rank, register
from app.notices import (
    account_letters,
    briefing_letter,
    briefings,
    changes,
    closing_letter,
    closings,
    digest_letter,
    digests,
    groups,
    inviting,
    reminders,
    reminding,
    replies,
    roster,
    standing_down,
)
from app.notices import changes_preview as changes_preview  # its page is registered by importing it
from app.notices import outbox_journey_views as outbox_journey_views  # so are these, and the outbox
from app.notices.blueprint import bp
from app.notices.briefing_rows import STOOD_DOWN
from app.notices.entering import ABOUT_REQUESTS, about_request
from app.notices.places import ABOUT_PLACES, about_place
from app.notices.preferences_rows import refusal_facts
from app.notices.preferences_views import own_messages as own_messages
from app.notices.views import (
    ABOUT_JOURNEYS,
    ABOUT_SITTINGS,
    about_journey,
    about_sitting,
)
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register every kind of message with its composer."""
    for kind in kinds():
        register(kind)
    letters.on_sending(account_letters.put)
    know(refusal_facts)
    app.register_blueprint(bp)


def kinds() -> list[Kind]:
    """All of them; what can be switched off names its choice."""
    return [
        Kind(letters.CONFIRM_ADDRESS, account_letters.about_address, is_asked=True, rank=Rank.ASKED),
        Kind(letters.HAS_ACCOUNT, account_letters.about_sign_up, is_asked=True, rank=Rank.ASKED),
        Kind(letters.PASSWORD_RESET, account_letters.about_reset, is_asked=True, rank=Rank.ASKED),
        Kind(letters.PASSWORD_CHANGED, account_letters.about_change, rank=Rank.ASKED),
        Kind(replies.KIND, replies.about_answer, rank=Rank.ASKED),
        Kind(roster.TEST, roster.about_test, is_asked=True, rank=Rank.ASKED),
        *(Kind(name, about_place(name)) for name in ABOUT_PLACES),
        *(Kind(name, about_journey(name)) for name in ABOUT_JOURNEYS),
        *(Kind(name, about_request(name)) for name in ABOUT_REQUESTS),
        Kind(groups.BLOCK_RESERVED, groups.about_block),
        *(Kind(name, changes.about_change, is_urgent=False, rank=Rank.NEAR) for name in changes.KINDS),
        Kind(reminders.REMINDER_SOON, reminding.about_reminder, Choice.REMINDERS, rank=Rank.NEAR),
        _to_many(reminders.REMINDER, reminding.about_reminder, Choice.REMINDERS),
        _to_many(reminders.HOUR_CHANGED, reminding.about_hour, Choice.HOURS),
        _to_many(briefings.KIND, briefing_letter.about_briefing, Choice.BRIEFINGS),
        Kind(STOOD_DOWN, standing_down.about_stood_down, is_urgent=False, rank=Rank.NEAR),
        _to_many(digests.KIND, digest_letter.about_digest, Choice.DIGEST),
        *(_to_many(name, about_sitting(name), Choice.DATES) for name in ABOUT_SITTINGS),
        _to_many(closings.KIND, closing_letter.about_closing, Choice.CLOSINGS),
        _to_many(closings.UNDECIDED, closing_letter.about_undecided),
        _to_many(roster.KIND, roster.about_message, Choice.ORGANISERS),
        _to_many(inviting.INVITATION, inviting.about_invitation, Choice.INVITATIONS),
    ]


def _to_many(name: str, composer: Composer, choice: Choice | None = None) -> Kind:
    """What goes to many, and waits for the end of quiet hours; with a choice, it can be switched off."""
    return Kind(name, composer, choice, is_urgent=False, rank=Rank.MANY)
