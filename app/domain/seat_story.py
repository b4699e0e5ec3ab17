"""How a place came about: each decision of its log in a sentence to its holder. Never names of others."""

from app.domain.dates import ordinal
from app.domain.decided import Decided, Ground
from app.domain.seats import PlaceStatus


def told(what: Decided, ground: Ground, before: PlaceStatus | None, after: PlaceStatus) -> str:
    """What happened, to who has or had the place."""
    return (
        _BY_GROUND.get((what, ground)) or _BY_STATUS.get((what, before)) or _ASKED.get((what, after))
        or _TOLD[what]
    )  # fmt: skip


def by_rule(ground: Ground) -> str:
    """Under which rule it was decided, in a few words."""
    return _RULES[ground]


def standing(status: PlaceStatus | None, position: int | None) -> str:
    """`Waiting, 3rd in line`, `Confirmed`, `Nothing`: what a place was before or after a decision."""
    if status is None:
        return "Nothing"
    word = status.value.capitalize()
    return f"{word}, {ordinal(position)} in line" if position is not None else word


_BY_GROUND = {
    (Decided.OFFER_WITHDRAWN, Ground.CANCELLATION): (
        "The sitting was cancelled, and with it the offer. You are in line again, should it be restored."
    ),
    (Decided.OFFER_WITHDRAWN, Ground.CAPACITY): "The offer ended because there are fewer places.",
    (Decided.RELEASED, Ground.ORGANISER): "The organisers took you out.",
    (Decided.RELEASED, Ground.LEFT): "You left the journey.",
    (Decided.RELEASED, Ground.ACCOUNT_CLOSED): "You closed your account.",
    (Decided.RELEASED, Ground.BLOCK): "Your group took the place back.",
    (Decided.SWAPPED, Ground.ORGANISER): "The organisers moved you to another sitting of this session.",
    (Decided.ASKED, Ground.LOTTERY): "You asked for a place and took part in the lottery.",
    (Decided.CONFIRMED, Ground.BLOCK): "Your group gave you one of its places.",
}
_BY_STATUS: dict[tuple[Decided, PlaceStatus | None], str] = {
    (Decided.RELEASED, PlaceStatus.WAITING): "You left the line.",
    (Decided.RELEASED, PlaceStatus.REQUESTED): "You withdrew your request.",
    (Decided.CONFIRMED, PlaceStatus.WAITING): "It was your turn, and a place became yours.",
    (Decided.UNSEATED, PlaceStatus.OFFERED): (
        "The organisers lowered the number of places, and the offer ended. You are in line again, before "
        "those who asked later."
    ),
}
_ASKED = {
    (Decided.ASKED, PlaceStatus.REQUESTED): "You asked for a place; the organisers decide.",
}
_TOLD = {
    Decided.ASKED: "You asked for a place and joined the line.",
    Decided.CONFIRMED: "You asked for a place, and it was yours at once.",
    Decided.OFFERED: "It was your turn, and a place was offered to you.",
    Decided.ACCEPTED: "You accepted the place.",
    Decided.OFFER_DECLINED: "You declined the place.",
    Decided.OFFER_LAPSED: "The offer ended before it was accepted.",
    Decided.OFFER_WITHDRAWN: "The offer was taken back. You are in line again.",
    Decided.RELEASED: "You gave the place up.",
    Decided.CANNOT_COME: "You said that you can’t come, after the time to give the place up freely.",
    Decided.SWAPPED: (
        "You got a place in another sitting of this session; this one was given up in the same step."
    ),
    Decided.UNSEATED: (
        "The organisers lowered the number of places. You are in line again, before those who asked later."
    ),
    Decided.APPROVED: "The organisers approved your request.",
    Decided.APPROVAL_WITHDRAWN: "The organisers took their approval back; they decide anew.",
    Decided.DECLINED: "The organisers declined your request.",
    Decided.NAMED: "Your group gave you one of its places.",
    Decided.DRAWN: "The lottery was drawn, and the line put in its order.",
    Decided.MOVED: "The organisers moved you here from another sitting of this session.",
}
_RULES = {
    Ground.FIRST_COME: "First come, first served",
    Ground.LOTTERY: "Lottery",
    Ground.BALANCED: "Balance, then first come, first served",
    Ground.BLOCK: "Places reserved for a group",
    Ground.APPROVAL: "Approval by the organisers",
    Ground.DEADLINE: "The deadline of the offer",
    Ground.CAPACITY: "The number of places",
    Ground.CANCELLATION: "The sitting was cancelled",
    Ground.OWN_WISH: "Your own wish",
    Ground.TWIN: "One seat per person and session",
    Ground.ORGANISER: "Decision of the organisers",
    Ground.LEFT: "You left the journey",
    Ground.ACCOUNT_CLOSED: "You closed your account",
}
