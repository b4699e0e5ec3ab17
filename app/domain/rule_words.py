"""The rule of a sitting in sentences, as it is told before anybody asks for a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.attendance import Way
from app.domain.dates import listed, number_word
from app.domain.moments import moment
from app.domain.place_rules import Balance, Giving, Rule, RuleKind


@dataclass(frozen=True)
class Sitting:
    """What the words depend on besides the rule: how many places each way has, when it starts, who reads."""

    capacities: Mapping[Way, int | None]
    """None: unlimited."""
    starts_at: datetime | None
    zone: str
    """In which every moment is told."""
    now: datetime


def rule_in_words(rule: Rule, of: Sitting) -> list[str]:
    """Who gets a place, what becomes of a freed one, until when one can be given up: whole sentences."""
    found = [_ORDER[rule.kind](rule, of)]
    if rule.needs_approval:
        found.append(
            "The organisers decide about each request; whom they approve keeps the place in line of the "
            "moment they asked."
        )
    if any(capacity is not None for capacity in of.capacities.values()):
        found.append(_freed(rule))
    if rule.cancel_hours and of.starts_at is not None:
        found.append(_giving_up(rule, of.starts_at, of))
    return found


def until_words(at: datetime, zone: str) -> str:
    """`Thursday 1 April 2027, 10:00 in London (BST, UTC+1)`."""
    return moment(at, zone).text


def hours_in_words(hours: int) -> str:
    """`1 hour`, `36 hours`, `2 days`: whole days are told as such from two on."""
    if hours % 24 == 0 and hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} hour{'' if hours == 1 else 's'}"


def _first_come(_rule: Rule, _of: Sitting) -> str:
    return "Places go first come, first served."


def _lottery(rule: Rule, of: Sitting) -> str:
    assert rule.draw_at is not None  # noqa: S101  # the schema ties it to the kind
    at = until_words(rule.draw_at, of.zone)
    if rule.is_drawn:
        return (
            f"Places were drawn by lot on {at}. The line follows the draw, then the requests made after it."
        )
    if rule.draw_at <= of.now:
        return f"Places are drawn by lot. The draw of {at} is about to be made."
    return (
        f"Places are drawn by lot on {at}. Everybody who has asked by then takes part with the same chance; "
        "asking early makes no difference. Nobody has a place before the draw."
    )


def _balanced(rule: Rule, of: Sitting) -> str:
    quotas = {way: rule.quota(capacity, of.now) for way, capacity in of.capacities.items()}
    limits = {way: quota for way, quota in quotas.items() if quota is not None}
    if not limits:
        if rule.balanced_until is not None and rule.balanced_until <= of.now:
            ended = until_words(rule.balanced_until, of.zone)
            return f"Places were kept in balance until {ended}. Now they go in the order of the line."
        return _first_come(rule, of)
    several = len(of.capacities) > 1
    most = listed(
        [
            f"{quota} of the {of.capacities[way]} places{f' {way.label}' if several else ''}"
            for way, quota in limits.items()
        ]
    )
    one = _ONE_GROUP[rule.balance or Balance.COUNTRY]
    if rule.balanced_until is None:
        return (
            f"Places are kept in balance: at most {most} go to one {one}. Within that, first come, first "
            "served."
        )
    until = until_words(rule.balanced_until, of.zone)
    return (
        f"Places are kept in balance: until {until} at most {most} go to one {one}. Within that, first come, "
        "first served. Then what is left goes in the order of the line."
    )


def _freed(rule: Rule) -> str:
    if rule.giving is Giving.AT_ONCE:
        return "A place that becomes free goes at once to the next in line, who is told by e-mail."
    return (
        "A place that becomes free is offered to the next in line, who has "
        f"{hours_in_words(rule.offer_hours)} to accept it; after that it goes to the one behind."
    )


def _giving_up(rule: Rule, starts_at: datetime, of: Sitting) -> str:
    until = until_words(rule.late_from(starts_at), of.zone)
    before = hours_in_words(rule.cancel_hours)
    if rule.is_late(starts_at, of.now):
        return f"Places could be given up freely until {until}, {before} before the start."
    return (
        f"You can give a place up freely until {until}, {before} before the start. After that you can still "
        "say that you can’t come; that is recorded as such."
    )


_ONE_GROUP = {Balance.COUNTRY: "country", Balance.STAKEHOLDER_GROUP: "stakeholder group"}
_ORDER = {RuleKind.FIRST_COME: _first_come, RuleKind.LOTTERY: _lottery, RuleKind.BALANCED: _balanced}


def people_before(position: int) -> str:
    """`nobody is before you`, `one person is before you`, `12 people are before you`."""
    ahead = position - 1
    if ahead <= 0:
        return "nobody is before you"
    return f"{number_word(ahead)} {'person is' if ahead == 1 else 'people are'} before you"
