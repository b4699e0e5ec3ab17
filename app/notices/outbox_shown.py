"""Messages as rows and pages of the desk show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.moments import Moment, moment
from app.messages.models import MessageState, OutboxMessage
from app.notices.outbox_words import SIGNS, STATES, answer_in_words, fate, kind_in_words


@dataclass(frozen=True)
class Sight:
    """How somebody reads the outbox."""

    timezone: str
    now: datetime
    sees_addresses: bool
    sees_links: bool


@dataclass(frozen=True)
class Row:
    """One message as it is printed."""

    number: int
    kind: str
    name: str
    address: str
    """Empty for those who may not see it."""
    subject: str
    state: MessageState
    state_in_words: str
    sign: str
    fate: str
    answer: str
    written: Moment
    due: Moment
    sent: Moment | None
    tries: int

    @property
    def is_dead(self) -> bool:
        return self.state is MessageState.DEAD

    @property
    def whom(self) -> str:
        """Whom it is for, in one word or two."""
        return self.name or self.address or "somebody"


def row_of(message: OutboxMessage, sight: Sight) -> Row:
    """The message as this reader may see it."""
    answer = answer_in_words(
        message.answer_code, message.last_error, sight.sees_addresses, sight.sees_links
    ).rstrip(".")
    return Row(
        number=message.id,
        kind=kind_in_words(message.kind),
        name=message.to_name,
        address=message.to_address if sight.sees_addresses else "",
        subject=message.subject or "",
        state=message.state,
        state_in_words=STATES[message.state],
        sign=SIGNS[message.state],
        fate=fate(message, sight.timezone, sight.now, answer),
        answer=answer,
        written=moment(message.created_at, sight.timezone),
        due=moment(message.due_at, sight.timezone),
        sent=moment(message.sent_at, sight.timezone) if message.sent_at is not None else None,
        tries=message.tries,
    )


def tally(counts: Mapping[MessageState, int]) -> list[tuple[MessageState, str, int]]:
    """(state, in words, how many) of every state."""
    return [(state, words, counts[state]) for state, words in STATES.items()]
