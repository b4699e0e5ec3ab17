"""Why somebody has no place yet: the reason beside the position, in the words of the rule that applies."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.dates import ordinal
from app.domain.decided import Decided, Ground
from app.domain.place_rules import Balance, Giving, Rule, RuleKind
from app.domain.rule_words import hours_in_words, people_before, until_words


@dataclass(frozen=True)
class Share:
    """What the reader's own country or group has of a balanced sitting's places."""

    group: str
    """By its name; empty where it is not known of the reader."""
    taken: int
    quota: int
    """At most so many, now."""
    capacity: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.quota


@dataclass(frozen=True)
class Line:
    """Where somebody waits, as it stands now."""

    position: int
    in_line: int
    takes_places: bool = True
    """False once the journey is closed or the sitting has begun: nobody moves up any more."""
    share: Share | None = None
    """Where a balance is in force."""
    holds_twin: bool = False


def why_waiting(rule: Rule, line: Line, zone: str, now: datetime) -> list[str]:
    """The position and the reason, as sentences; moments are told in `zone`."""
    if not line.takes_places:
        return ["Places are not given any more; nobody moves up."]
    found = _ORDER[rule.kind](rule, line, zone, now)
    if not rule.gives_places():
        return found
    found.append(_freed(rule))
    if line.holds_twin:
        found.append("Until then you keep your place in the other sitting; a place here takes its stead.")
    return found


def share_in_words(share: Share, rule: Rule, zone: str) -> str:
    """`Ghana has its 8 of 30 places until …`, `Ghana has 3 of the 8 places it can have until …`."""
    until = f" until {until_words(rule.balanced_until, zone)}" if rule.balanced_until is not None else ""
    who, has, its, it = _who(share, rule.balance or Balance.COUNTRY)
    if share.is_full:
        return f"{who} {has} {its} {share.quota} of {share.capacity} places{until}"
    return f"{who} {has} {share.taken} of the {share.quota} places {it} can have{until}"


def _who(share: Share, balance: Balance) -> tuple[str, str, str, str]:
    """Whose share it is, with the words that go with it."""
    if not share.group:
        return f"People of whom no {balance.label} is known", "have", "their", "they"
    by_name = share.group if balance is Balance.COUNTRY else f"The stakeholder group “{share.group}”"
    return by_name, "has", "its", "it"


def _position(line: Line) -> str:
    return f"You are {ordinal(line.position)} of {line.in_line:,}"


def _first_come(_rule: Rule, line: Line, _zone: str, _now: datetime) -> list[str]:
    return [f"{_position(line)}; first come, first served, and {people_before(line.position)}."]


def _lottery(rule: Rule, line: Line, zone: str, _now: datetime) -> list[str]:
    assert rule.draw_at is not None  # noqa: S101  # the schema ties it to the kind
    at = until_words(rule.draw_at, zone)
    if rule.is_drawn:
        return [
            f"{_position(line)}; the lottery was drawn on {at}, and {people_before(line.position)}. "
            "The line follows the draw, then the requests made after it."
        ]
    return [
        f"The lottery is drawn on {at}; everybody who asked by then takes part. "
        "You need do nothing more, and asking earlier would not help."
    ]


def _balanced(rule: Rule, line: Line, zone: str, now: datetime) -> list[str]:
    if line.share is None:
        return _first_come(rule, line, zone, now)
    told = f"{_position(line)}. {share_in_words(line.share, rule, zone)}"
    if not line.share.is_full:
        return [f"{told}. Within that, first come, first served."]
    then = "until then" if rule.balanced_until is not None else "while that is so"
    return [f"{told}; {then} you can be passed over."]


def _freed(rule: Rule) -> str:
    if rule.giving is Giving.AT_ONCE:
        return "A freed place is yours at once when it is your turn, and we write to you."
    hours = hours_in_words(rule.offer_hours)
    return f"When it is your turn we offer you a freed place and write to you; you have {hours} to accept it."


_ORDER = {RuleKind.FIRST_COME: _first_come, RuleKind.LOTTERY: _lottery, RuleKind.BALANCED: _balanced}


def why_ended(what: Decided, ground: Ground) -> str:
    """Why a place, a wait or a request is over, in a sentence to who had it."""
    return _ENDED.get((what, ground)) or _ENDED_BY.get(what) or "This place has ended."


_ENDED = {
    (Decided.RELEASED, Ground.ORGANISER): "The organisers have taken you out of this sitting.",
    (Decided.RELEASED, Ground.LEFT): "Your place here ended when you left the journey.",
    (Decided.RELEASED, Ground.ACCOUNT_CLOSED): "Your place here ended when you closed your account.",
    (Decided.RELEASED, Ground.BLOCK): "Your group has taken this place back.",
    (Decided.SWAPPED, Ground.ORGANISER): "The organisers have moved you to another sitting of this session.",
}
_ENDED_BY = {
    Decided.RELEASED: "You gave up what you had here.",
    Decided.CANNOT_COME: "You said that you can’t come.",
    Decided.OFFER_DECLINED: "You declined the place you were offered.",
    Decided.OFFER_LAPSED: (
        "The offer of a place ended before it was accepted, and the place went on in line. You can ask "
        "again; you join the end of the line."
    ),
    Decided.SWAPPED: "You changed to another sitting of this session.",
    Decided.DECLINED: "The organisers have declined your request.",
}
