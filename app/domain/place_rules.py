"""The rule by which an offering gives its places: stated on its page before anybody asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil


class RuleKind(StrEnum):
    FIRST_COME = "first-come"
    LOTTERY = "lottery"
    BALANCED = "balanced"

    @property
    def label(self) -> str:
        return {"first-come": "First come, first served", "lottery": "Lottery", "balanced": "Balanced"}[self]


class Balance(StrEnum):
    """What a balanced offering keeps in balance."""

    COUNTRY = "country"
    STAKEHOLDER_GROUP = "stakeholder-group"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ")


class Giving(StrEnum):
    """How somebody who waited gets a place that became free."""

    AT_ONCE = "at-once"
    OFFER = "offer"


@dataclass(frozen=True)
class Rule:
    """How places are given. The default is first come, first served, at once."""

    kind: RuleKind = RuleKind.FIRST_COME
    draw_at: datetime | None = None
    is_drawn: bool = False
    """A lottery that is drawn goes on in the order of its draw, then of the requests after it."""
    balance: Balance | None = None
    share_percent: int | None = None
    balanced_until: datetime | None = None
    giving: Giving = Giving.AT_ONCE
    offer_hours: int = 48
    needs_approval: bool = False
    """Somebody who asks joins the line only when an organiser says yes."""
    cancel_hours: int = 0
    """So many hours before the start a place can only be given up with "I can't come"; 0: never."""

    def gives_places(self) -> bool:
        """Whether anybody can get a place now: nobody does before a lottery is drawn."""
        return self.kind is not RuleKind.LOTTERY or self.is_drawn

    def quota(self, capacity: int | None, now: datetime) -> int | None:
        """How many places one country or group can have at most now: ⌈capacity × share⌉; None: no limit."""
        if self.kind is not RuleKind.BALANCED or capacity is None or self.share_percent is None:
            return None
        if self.balanced_until is not None and self.balanced_until <= now:
            return None
        return ceil(capacity * self.share_percent / 100)

    def offer_ends_at(self, now: datetime, starts_at: datetime | None) -> datetime:
        """Until when an offer made now can be accepted: its hours, but not beyond the start."""
        ends_at = now + timedelta(hours=self.offer_hours)
        return min(ends_at, starts_at) if starts_at is not None else ends_at

    def is_late(self, starts_at: datetime | None, now: datetime) -> bool:
        """Whether the time to give a place up freely has passed."""
        return starts_at is not None and self.cancel_hours > 0 and self.late_from(starts_at) <= now

    def late_from(self, starts_at: datetime) -> datetime:
        """The instant from which giving up is "I can't come"."""
        return starts_at - timedelta(hours=self.cancel_hours)


FIRST_COME = Rule()


def next_moment(rule: Rule, now: datetime) -> datetime | None:
    """When time alone changes who can be seated under the rule; None: never again."""
    moments: Iterable[datetime | None] = (
        rule.draw_at if rule.kind is RuleKind.LOTTERY and not rule.is_drawn else None,
        rule.balanced_until if rule.kind is RuleKind.BALANCED else None,
    )
    return min((at for at in moments if at is not None and at > now), default=None)
