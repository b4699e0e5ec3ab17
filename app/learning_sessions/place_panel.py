"""What the page of a session says about the places of one sitting; no queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.attendance import Way
from app.domain.moments import Moment, moment
from app.domain.place_rules import FIRST_COME, Balance, Rule, RuleKind
from app.domain.rule_words import Sitting, rule_in_words
from app.domain.seat_reasons import Line, Share, share_in_words, why_ended, why_waiting
from app.learning_sessions.models import Offering
from app.web.sittings import seats_left

Counts = Mapping[tuple[int, Way], int]


@dataclass(frozen=True)
class PlaceFacts:
    """What was read about the places of a learning session's sittings, by offering or offering and way."""

    own: Mapping[int, Any]
    waiting: Counts
    offered: Counts
    rules: Mapping[int, Any]
    """Of those that have another rule than first come, first served."""
    shares: Mapping[tuple[int, Way], Any]
    """Of the reader's own country or group, where a balance is in force."""
    takes_places: bool
    """Whether the journey is open."""

    def live(self, offering_id: int) -> Any:
        """What the reader has in a sitting and counts on."""
        own = self.own.get(offering_id)
        return own if own is not None and own.status.is_live else None

    def rule(self, offering_id: int) -> Rule:
        stated = self.rules.get(offering_id)
        return stated.rule if stated is not None else FIRST_COME

    def holds_twin(self, own: Any) -> bool:
        """Whether the reader has a confirmed place in another sitting of the same session."""
        return any(
            one.status == "confirmed" and one.learning_session_id == own.learning_session_id
            for one in self.own.values()
            if one.offering_id != own.offering_id
        )


@dataclass(frozen=True)
class WayShown:
    """One way of attending an offering: how full it is, and whether asking means waiting."""

    way: Way
    seats: str
    is_full: bool
    capacity: int | None
    taken: int
    reserved: int
    """Of the taken ones, for groups that have named nobody yet."""
    offered: int
    waiting: int
    share: str
    """What the reader's own country or group has, where a balance is in force."""


@dataclass(frozen=True)
class PlacesShown:
    """The places of one offering as this reader sees them."""

    rule: Rule
    rule_words: tuple[str, ...]
    ways: tuple[WayShown, ...]
    own: Any
    why: tuple[str, ...]
    """Why the reader waits."""
    ended: Any
    """What the reader had here, when it is over."""
    ended_words: str
    offer_ends: Moment | None
    offer_is_over: bool
    is_late: bool
    """Giving a place up now is "I can't come"."""
    late_from: Moment | None
    is_lottery: bool
    commitment: str

    @property
    def awaits_draw(self) -> bool:
        """Whether who asks now takes part in a lottery."""
        return not self.rule.gives_places()


def in_balance(offerings: Sequence[Offering], rules: Mapping[int, Any], now: datetime) -> dict[int, Balance]:
    """Offering id → what is kept in balance, of those where a limit is in force now."""
    return {
        one.id: rules[one.id].rule.balance
        for one in offerings
        if one.id in rules
        and any(rules[one.id].rule.quota(_capacity(one, way), now) for way in one.attendance.ways)
    }


def places_shown(offering: Offering, facts: PlaceFacts, zone: str, now: datetime) -> PlacesShown:
    """Arrange what is known of the places of one offering; moments are told in `zone`."""
    rule, own = facts.rule(offering.id), facts.own.get(offering.id)
    ways = tuple(_way(offering, way, facts, zone, now) for way in offering.attendance.ways)
    live = facts.live(offering.id)
    ended = own if own is not None and live is None and own.why is not None else None
    starts_at, offer_ends_at = offering.starts_at, live.offer_ends_at if live is not None else None
    is_lottery = rule.kind is RuleKind.LOTTERY
    return PlacesShown(
        rule=rule,
        rule_words=tuple(rule_in_words(rule, _sitting(offering, zone, now))),
        ways=ways,
        own=live,
        why=why(offering, live, facts, zone, now),
        ended=ended,
        ended_words=why_ended(ended.why.what, ended.why.ground) if ended is not None else "",
        offer_ends=moment(offer_ends_at, zone) if offer_ends_at is not None else None,
        offer_is_over=offer_ends_at is not None and offer_ends_at <= now,
        is_late=rule.is_late(starts_at, now),
        late_from=moment(rule.late_from(starts_at), zone) if rule.cancel_hours and starts_at else None,
        is_lottery=is_lottery,
        commitment=facts.rules[offering.id].commitment if is_lottery else "",
    )


def _sitting(offering: Offering, zone: str, now: datetime) -> Sitting:
    capacities = {way: _capacity(offering, way) for way in offering.attendance.ways}
    return Sitting(capacities, offering.starts_at, zone, now)


def _capacity(offering: Offering, way: Way) -> int | None:
    return offering.capacity_online if way is Way.ONLINE else offering.capacity_in_person


def _way(offering: Offering, way: Way, facts: PlaceFacts, zone: str, now: datetime) -> WayShown:
    capacity = _capacity(offering, way)
    online = way is Way.ONLINE
    taken = offering.taken_online if online else offering.taken_in_person
    held = offering.held_online if online else offering.held_in_person
    waiting, offered = (counts.get((offering.id, way), 0) for counts in (facts.waiting, facts.offered))
    share = _share(offering, way, facts, now)
    return WayShown(
        way=way,
        seats=seats_left(capacity, taken),
        is_full=_means_waiting(capacity, taken, waiting, share),
        capacity=capacity,
        taken=taken,
        reserved=max(0, held - offered),
        offered=offered,
        waiting=waiting,
        share=share_in_words(share, facts.rule(offering.id), zone) if share is not None else "",
    )


def _means_waiting(capacity: int | None, taken: int, waiting: int, share: Share | None) -> bool:
    """Whether who asks now joins a line; under a balance those before may be passed over."""
    if capacity is not None and taken >= capacity:
        return True
    return share.is_full if share is not None else waiting > 0


def _share(offering: Offering, way: Way, facts: PlaceFacts, now: datetime) -> Share | None:
    capacity, own = _capacity(offering, way), facts.shares.get((offering.id, way))
    quota = facts.rule(offering.id).quota(capacity, now)
    if own is None or quota is None or capacity is None:
        return None
    return Share(own.group, own.taken, quota, capacity)


def why(offering: Offering, own: Any, facts: PlaceFacts, zone: str, now: datetime) -> tuple[str, ...]:
    """Why the reader waits there, in sentences; nothing for who does not wait."""
    if own is None or own.status != "waiting":
        return ()
    return tuple(why_waiting(facts.rule(offering.id), line_of(offering, own, facts, now), zone, now))


def line_of(offering: Offering, own: Any, facts: PlaceFacts, now: datetime) -> Line:
    """Where somebody who waits there stands."""
    has_begun = offering.starts_at is not None and offering.starts_at <= now
    return Line(
        position=own.position,
        in_line=own.in_line,
        takes_places=facts.takes_places and not has_begun,
        share=_share(offering, own.way, facts, now),
        holds_twin=facts.holds_twin(own),
    )
