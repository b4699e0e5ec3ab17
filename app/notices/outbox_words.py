"""What becomes of a message, in the words of the desk."""

from datetime import datetime

from app.domain.moments import moment
from app.messages.models import MessageState, OutboxMessage
from app.notices.outbox_masking import without_addresses, without_links

KINDS = {
    "confirm-address": "Confirm your address",
    "address-has-account": "This address has an account",
    "password-reset": "A new password",
    "password-changed": "Password changed",
    "invitation": "Invitation to a journey",
    "place-confirmed": "Place confirmed",
    "promoted": "Moved up to a place",
    "place-moved": "Place moved to another sitting",
    "named": "Place given by a group",
    "offered": "Place offered",
    "waiting": "Waiting",
    "offer-lapsed": "Offer over",
    "place-declined": "Place declined",
    "place-removed": "Taken out",
    "place-released": "Place given up",
    "unnamed": "Place of a group withdrawn",
    "place-back-to-request": "Approval of a place withdrawn",
    "calendar-update": "Calendar brought up to date",
    "enrolled": "Enrolled",
    "enrolment-requested": "Asked to join",
    "enrolment-declined": "Declined",
    "enrolment-removed": "Removed from the journey",
    "enrolment-back-to-request": "Approval withdrawn",
    "enrolment-undecided": "Closed before the request was decided",
    "journey-left": "Left the journey",
    "session-dated": "Session has a date",
    "block-reserved": "Places reserved for a group",
    "session-moved": "Session moved",
    "session-relocated": "Session held elsewhere",
    "session-cancelled": "Session cancelled",
    "session-restored": "Session takes place after all",
    "zone-rules": "Clock rules changed",
    "reply-question": "Question about an answer from a calendar",
    "reminder-soon": "Reminder, an hour before",
    "reminder": "Reminder",
    "hour-changed": "Another hour of the day",
    "facilitator-briefing": "Briefing for who leads",
    "facilitator-stood-down": "Leads no longer",
    "organiser-digest": "Digest for organisers",
    "journey-closed": "Journey closed",
    "roster-message": "From the organisers",
    "roster-test": "From the organisers, as a test",
}

STATES = {
    MessageState.QUEUED: "Waits",
    MessageState.SENDING: "Being sent",
    MessageState.SENT: "Sent",
    MessageState.DEAD: "Not delivered",
    MessageState.EXPIRED: "Not sent any more",
}
SIGNS = {
    MessageState.QUEUED: "waiting",
    MessageState.SENDING: "waiting",
    MessageState.SENT: "confirmed",
    MessageState.DEAD: "cancelled",
    MessageState.EXPIRED: "released",
}
"""State → the sign that stands beside its word."""


def kind_in_words(kind: str) -> str:
    """What a kind is called; one that has no words yet by its name, as a sentence begins."""
    return KINDS.get(kind) or kind.replace("-", " ").capitalize()


def answer_in_words(code: int | None, text: str | None, sees_addresses: bool, sees_links: bool) -> str:
    """What a mail server said, with its code once; addresses in it only for those who may see them."""
    said = text or ""
    if code is not None and not said.startswith(str(code)) and f" {code} " not in said:
        said = f"{code} {said}"
    said = said if sees_links else without_links(said)
    return (said if sees_addresses else without_addresses(said)).strip()


def fate(message: OutboxMessage, timezone: str, now: datetime, answer: str) -> str:
    """What became of a message and why, in a sentence or two; times in `timezone`.

    `answer`: what the mail server said, as this reader may see it.
    """
    tries = f"Tried {'once' if message.tries == 1 else f'{message.tries} times'}."
    match message.state:
        case MessageState.SENT:
            assert message.sent_at is not None  # noqa: S101  # the table holds it to that
            return f"{moment(message.sent_at, timezone).text}."
        case MessageState.SENDING:
            return "A worker has it in hand."
        case MessageState.DEAD:
            return f"It is not tried again: {answer or 'no reason was given'}."
        case MessageState.EXPIRED:
            return f"There was nothing to tell any more: {answer or 'no reason was given'}."
    if not message.tries and not answer:
        is_due = message.due_at <= now
        return "It is due." if is_due else f"It is due on {moment(message.due_at, timezone).text}."
    following = "It is tried again at once"
    if message.due_at > now:
        following = f"It is tried again on {moment(message.due_at, timezone).text}"
    tried = f"{tries} " if message.tries else ""
    return f"{tried}{following}{f'. Last time: {answer}' if answer else ''}."
