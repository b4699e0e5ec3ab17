"""How a sitting gives its places: chosen by its organisers, and a promise once somebody counts on it."""

import secrets
from dataclasses import dataclass, fields, replace
from datetime import datetime, time

from sqlalchemy import func, select

from app.database import db
from app.domain.errors import DomainError, Refused
from app.domain.moments import moment
from app.domain.place_rules import Balance, Giving, RuleKind
from app.domain.timezones import wall_of
from app.enrolments import seating
from app.enrolments.models import Place, PlaceRule
from app.enrolments.reserved import ReservedBlock
from app.enrolments.standing import capacity_and_confirmed, has_begun
from app.learning_sessions.models import Offering

LONGEST_HOURS = 720


@dataclass(frozen=True, kw_only=True)
class NewRule:
    """What an organiser chooses. What does not belong to the kind is left out when it is stored."""

    kind: RuleKind = RuleKind.FIRST_COME
    draw_at: datetime | None = None
    """Of a lottery (UTC)."""
    balance: Balance | None = None
    share_percent: int | None = None
    balanced_until_at: datetime | None = None
    """None: until the sitting begins."""
    giving: Giving = Giving.AT_ONCE
    offer_hours: int = 48
    needs_approval: bool = False
    cancel_hours: int = 0


PROMISED = {
    "kind": "how places are given",
    "balance": "what is kept in balance",
    "share_percent": "the share of each",
    "needs_approval": "whether the organisers decide about requests",
}
"""What stays as it is once somebody counts on it, and how it is called."""


def new_seed() -> str:
    """What a lottery is drawn with; nobody can guess it, and it is shown to nobody before the draw."""
    return secrets.token_hex(32)


def stored_rule(offering_id: int) -> PlaceRule | None:
    """The rule as its row says; None for first come, first served, as it is where nobody chose."""
    return db.scalar(select(PlaceRule).where(PlaceRule.offering_id == offering_id))


def chosen(rule: PlaceRule | None) -> NewRule:
    """What has been chosen so far."""
    if rule is None:
        return NewRule()
    return NewRule(**{one.name: getattr(rule, one.name) for one in fields(NewRule)})


def set_rule(offering: Offering, new: NewRule, now: datetime) -> bool:
    """Make this the rule of a sitting, and seat who can be seated by it. False when it is already.

    Kind, balance, share and approval are promises: Refused once somebody has a place, or waits. Moments may
    move, but neither into the past nor beyond the start. Hours hold for what comes after. A lottery keeps
    its seed when its draw moves; one drawn before and chosen anew gets another.
    """
    standing = seating.current(offering.learning_session_id, now)
    sitting, rule = standing.sittings[offering.id], standing.rules.get(offering.id)
    new, old = _only_of_its_kind(new), chosen(rule)
    if new == old:
        return False
    _check(sitting, new, old, now)
    _check_promises(sitting, new, old, rule, now)
    _write(rule, sitting, new)
    seating.settle_learning_session(offering.learning_session_id, now)
    return True


def counting_on(offering_id: int) -> int:
    """How many people have a place there, wait or have asked for one, or are to be named by their group."""
    places = select(func.count()).where(Place.offering_id == offering_id, Place.status.in_(seating.LIVE))
    reserved = select(func.coalesce(func.sum(ReservedBlock.places - ReservedBlock.named), 0)).where(
        ReservedBlock.offering_id == offering_id, ReservedBlock.returned_at.is_(None)
    )
    return (db.scalar(places) or 0) + (db.scalar(reserved) or 0)


def begin_of(offering: Offering) -> datetime:
    """When a sitting begins; one known by its days, with the first of them in its own zone."""
    if offering.starts_at is not None:
        return offering.starts_at
    assert offering.first_on is not None  # noqa: S101  # the schema has it: a promise or days
    return wall_of(datetime.combine(offering.first_on, time()), offering.timezone)


def _only_of_its_kind(new: NewRule) -> NewRule:
    if new.kind is not RuleKind.LOTTERY:
        new = replace(new, draw_at=None)
    if new.kind is not RuleKind.BALANCED:
        new = replace(new, balance=None, share_percent=None, balanced_until_at=None)
    return new


def _check(sitting: Offering, new: NewRule, old: NewRule, now: datetime) -> None:
    if has_begun(sitting, now):
        raise Refused("This sitting has begun or is over; its places were given by the rule it had.")
    if not 1 <= new.offer_hours <= LONGEST_HOURS:
        raise DomainError(f"Give from 1 to {LONGEST_HOURS} hours to accept an offer.", "offer_hours")
    if not 0 <= new.cancel_hours <= LONGEST_HOURS:
        raise DomainError(
            f"Give from 0 to {LONGEST_HOURS} hours; 0 lets people give their place up until the start.",
            "cancel_hours",
        )
    if new.kind is not RuleKind.FIRST_COME and new.kind is not old.kind:
        _check_is_limited(sitting, new.kind)
    if new.kind is RuleKind.LOTTERY:
        _check_draw(sitting, new, old, now)
    if new.kind is RuleKind.BALANCED:
        _check_balance(sitting, new, old, now)


def _check_is_limited(sitting: Offering, kind: RuleKind) -> None:
    if all(capacity_and_confirmed(sitting, way)[0] is None for way in sitting.attendance.ways):
        what = "draw lots for" if kind is RuleKind.LOTTERY else "keep in balance"
        raise DomainError(
            f"This sitting has no limit of places, so there is nothing to {what}. Give it a number of "
            "places first.",
            "kind",
        )


def _check_draw(sitting: Offering, new: NewRule, old: NewRule, now: datetime) -> None:
    if new.draw_at is None:
        raise DomainError("Say when the lottery is drawn.", "draw_at")
    if new.draw_at == old.draw_at:
        return
    if new.draw_at <= now:
        raise DomainError("The draw cannot be in the past. Choose a moment to come.", "draw_at")
    if new.draw_at >= begin_of(sitting):
        begins = moment(begin_of(sitting), sitting.timezone)
        raise DomainError(f"Draw before the sitting begins: {begins.text}.", "draw_at")
    opens_at = sitting.registration_opens_at
    if opens_at is not None and new.draw_at <= opens_at:
        opens = moment(opens_at, sitting.timezone)
        raise DomainError(
            f"Nobody could take part: places can be asked for from {opens.text} on. Draw later.", "draw_at"
        )


def _check_balance(sitting: Offering, new: NewRule, old: NewRule, now: datetime) -> None:
    if new.balance is None:
        raise DomainError("Say what is kept in balance.", "balance")
    if new.share_percent is None or not 1 <= new.share_percent <= 100:
        raise DomainError("Give the share as a whole number from 1 to 100 percent.", "share_percent")
    until = new.balanced_until_at
    if until is None or until == old.balanced_until_at:
        return
    if until <= now:
        raise DomainError(
            "The balance cannot have ended in the past. Choose a moment to come.", "balanced_until_at"
        )
    if until > begin_of(sitting):
        begins = moment(begin_of(sitting), sitting.timezone)
        raise DomainError(
            f"The sitting begins {begins.text}; the balance ends then at the latest.", "balanced_until_at"
        )


def _check_promises(
    sitting: Offering, new: NewRule, old: NewRule, rule: PlaceRule | None, now: datetime
) -> None:
    broken = [name for name in PROMISED if getattr(new, name) != getattr(old, name)]
    draws_again = rule is not None and rule.drawn_at is not None and new.draw_at != rule.draw_at
    balances_again = (
        old.balanced_until_at is not None
        and old.balanced_until_at <= now
        and new.balanced_until_at != old.balanced_until_at
    )
    if not (broken or draws_again or balances_again):
        return
    count = counting_on(sitting.id)
    if not count:
        return
    if broken:
        raise Refused(_stays(count, PROMISED[broken[0]]), broken[0])
    if draws_again:
        raise Refused(
            "This lottery has been drawn, and people count on it; it is not drawn again.", "draw_at"
        )
    raise Refused(
        "The balance has ended, and people count on the order of the line since; it does not begin again.",
        "balanced_until_at",
    )


def _stays(count: int, what: str) -> str:
    people = "1 person counts" if count == 1 else f"{count} people count"
    return (
        f"{people} on a place here under the rule as it is: {what} cannot change any more. Add a twin "
        "sitting with the other rule, or cancel this one."
    )


def _write(rule: PlaceRule | None, sitting: Offering, new: NewRule) -> None:
    is_new_lottery = new.kind is RuleKind.LOTTERY and (
        rule is None
        or rule.kind is not RuleKind.LOTTERY
        or (rule.drawn_at is not None and rule.draw_at != new.draw_at)
    )
    if rule is None:
        rule = PlaceRule(offering_id=sitting.id, seed="")
        db.add(rule)
    for one in fields(NewRule):
        setattr(rule, one.name, getattr(new, one.name))
    if is_new_lottery:
        rule.seed, rule.drawn_at = new_seed(), None
    elif new.kind is not RuleKind.LOTTERY:
        rule.seed, rule.drawn_at = "", None
    db.flush()
