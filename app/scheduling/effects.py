"""What a change of a sitting would do to people, worked out before it is saved. Nothing is written here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.dates import short_day, weekday_name
from app.domain.dayband_words import hours
from app.domain.permissions import STRANGER, Actor
from app.domain.seats import PlaceStatus
from app.domain.tally import Group
from app.domain.timezones import Promise, Span, city, local
from app.enrolments.models import Place
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days, NewOffering
from app.learning_sessions.storing import days_of, promise_of
from app.participants.models import Participant
from app.scheduling.affected import leaders_of
from app.scheduling.announcing import is_soon
from app.scheduling.audience import KEPT, group_of, leading
from app.scheduling.clashes import Asked, clashes, span_of
from app.scheduling.days_to_know import presences, things_about_days
from app.scheduling.revising import losing_places, moved_columns
from app.scheduling.things_to_know import Thing, things_about_clashes, things_about_passing

LIVE = [status for status in PlaceStatus if status.is_live]


@dataclass(frozen=True)
class ZoneEffect:
    """What the people of one zone would notice."""

    timezone: str
    place: str
    people: int
    before: datetime
    after: datetime
    """Local begin, with its offset."""
    before_clock: str
    after_clock: str
    """`13:00–14:30`."""

    @property
    def moves_day(self) -> bool:
        """Whether it is another weekday."""
        return self.before.weekday() != self.after.weekday()

    @property
    def moves_part(self) -> bool:
        """Whether it begins in another part of the day: morning, afternoon, evening or night."""
        return part_of_day(self.before) != part_of_day(self.after)

    @property
    def before_text(self) -> str:
        """`Thu 22 April, 13:00–14:30`."""
        return f"{short_day(self.before.date())}, {self.before_clock}"

    @property
    def after_text(self) -> str:
        return f"{short_day(self.after.date())}, {self.after_clock}"

    @property
    def notable(self) -> str:
        """`Friday instead of Thursday, evening instead of afternoon`; empty when neither changes."""
        words = []
        if self.moves_day:
            words.append(f"{weekday_name(self.after)} instead of {weekday_name(self.before)}")
        if self.moves_part:
            words.append(f"{part_of_day(self.after)} instead of {part_of_day(self.before)}")
        return ", ".join(words)


@dataclass(frozen=True)
class Effects:
    """Who is affected by a change, and how."""

    confirmed: int
    waiting: int
    facilitators: tuple[str, ...]
    """Names of those who lead it now."""
    moves: bool
    relocates: bool
    """Another venue, or another way of attending."""
    zones: tuple[ZoneEffect, ...]
    """Where those people are, most people first; empty when no clock time changes."""
    losing: Mapping[Way, tuple[str, ...]]
    """The names of those who would lose their place to a smaller capacity, in their order, by way."""
    arising: tuple[Thing, ...]
    """Clashes, holidays and days off that the new time has and the old one had not."""
    is_draft: bool
    """Whether nobody outside the desk has seen the journey yet."""
    is_told_at_once: bool
    """It begins within a day, now or afterwards: people are told without a pause."""

    @property
    def people(self) -> int:
        return self.confirmed + self.waiting

    @property
    def unseats(self) -> int:
        return sum(len(names) for names in self.losing.values())

    @property
    def other_weekday(self) -> int:
        """For how many people it would be another weekday."""
        return sum(zone.people for zone in self.zones if zone.moves_day)

    @property
    def other_part_of_day(self) -> int:
        """For how many people it would begin in another part of the day."""
        return sum(zone.people for zone in self.zones if zone.moves_part)

    @property
    def needs_confirmation(self) -> bool:
        """Whether the organiser should see this before it is saved."""
        matters = self.moves or self.relocates or bool(self.losing)
        return matters and (not self.is_draft or self.people > 0)


def effects(offering: Offering, new: NewOffering, now: datetime, *, actor: Actor = STRANGER) -> Effects:
    """What would follow if the sitting were revised to `new`; a fixed number of queries.

    `actor`: the organiser, who is told the names of clashing sessions they may see. Refuses a time that does
    not exist.
    """
    columns = moved_columns(offering, new.when)
    counts, groups = _holders(offering.id)
    ids = [row.facilitator_id for row in offering.facilitators]
    leaders, _ = leading(ids, _holds_a_place_in(offering.id))
    everybody = (*groups, *leaders)
    return Effects(
        confirmed=counts[PlaceStatus.CONFIRMED] + counts[PlaceStatus.OFFERED],
        waiting=counts[PlaceStatus.WAITING] + counts[PlaceStatus.REQUESTED],
        facilitators=leaders_of(offering.id),
        moves=bool(columns),
        relocates=(offering.attendance, offering.venue) != (new.attendance, new.venue),
        zones=_zones(_span_now(offering), _span_then(offering, columns), everybody),
        losing={
            way: tuple(place.participant.name for place in places)
            for way, places in losing_places(offering, new, now).items()
        },
        arising=tuple(_arising(offering, new, columns, everybody, actor, now)) if columns else (),
        is_draft=offering.learning_session.journey.status is JourneyStatus.DRAFT,
        is_told_at_once=begins_soon(offering, now) or _is_soon_then(columns, now),
    )


def arising_again(offering: Offering, now: datetime, *, actor: Actor = STRANGER) -> tuple[Thing, ...]:
    """What else happens at the time of a cancelled sitting, and would clash with it if it were restored.

    `actor` as for `effects`. A fixed number of queries.
    """
    when = _when_of(offering)
    led = [row.facilitator_id for row in offering.facilitators]
    asked = _asked(offering, _span_now(offering) or span_of(when), led, actor)
    return (
        *things_about_passing(asked.span, now),
        *things_about_clashes(clashes(asked), asked, when.timezone),
    )


def begins_soon(offering: Offering, now: datetime) -> bool:
    """Whether a sitting begins within a day: its changes are told at once."""
    return is_soon(offering.starts_at, offering.first_on, offering.timezone, now)


def _is_soon_then(columns: Mapping[str, Any], now: datetime) -> bool:
    return (
        bool(columns)
        and "timezone" in columns
        and is_soon(columns["starts_at"], columns["first_on"], columns["timezone"], now)
    )


def part_of_day(at: datetime) -> str:
    """`morning` from 7, `afternoon` from 12, `evening` from 17, `night` from 22, on the clock of `at`."""
    for until, name in ((7, "night"), (12, "morning"), (17, "afternoon"), (22, "evening")):
        if at.hour < until:
            return name
    return "night"


def _holders(offering_id: int) -> tuple[Counter[PlaceStatus], list[Group]]:
    """Those who count on a place: how many of each status, and their zones and hours."""
    rows = db.execute(
        select(Place.status, *KEPT, func.count())
        .join(Participant, Participant.id == Place.participant_id)
        .where(Place.offering_id == offering_id, Place.status.in_(LIVE))
        .group_by(Place.status, *KEPT)
        .order_by(func.count().desc(), *KEPT)
    )
    counts: Counter[PlaceStatus] = Counter()
    groups = []
    for status, *kept, people in rows:
        counts[status] += people
        groups.append(group_of(kept, people))
    return counts, groups


def _holds_a_place_in(offering_id: int) -> ColumnElement[bool]:
    return exists().where(
        Place.participant_id == Participant.id, Place.offering_id == offering_id, Place.status.in_(LIVE)
    )


def _span_now(offering: Offering) -> Span | None:
    """The instants as they are stored; None for a sitting known by its days."""
    if offering.starts_at is None or offering.ends_at is None:
        return None
    return Span(offering.starts_at, offering.ends_at)


def _span_then(offering: Offering, columns: Mapping[str, Any]) -> Span | None:
    """The instants as they would be stored; None for days, and when the time stays as it is.

    Another length alone leaves the beginning where it was derived.
    """
    starts_at, ends_at = columns.get("starts_at", offering.starts_at), columns.get("ends_at")
    return Span(starts_at, ends_at) if starts_at is not None and ends_at is not None else None


def _zones(before: Span | None, after: Span | None, groups: Sequence[Group]) -> tuple[ZoneEffect, ...]:
    if before is None or after is None:
        return ()
    people: Counter[str] = Counter()
    for group in groups:
        people[group.zone] += group.people
    return tuple(
        _zone_effect(zone, heads, before, after)
        for zone, heads in sorted(people.items(), key=lambda row: (-row[1], row[0]))
    )


def _zone_effect(zone: str, people: int, before: Span, after: Span) -> ZoneEffect:
    spans = [(local(one.starts_at, zone), local(one.ends_at, zone)) for one in (before, after)]
    clocks = [hours(*one) for one in spans]
    return ZoneEffect(zone, city(zone), people, spans[0][0], spans[1][0], *clocks)


def _arising(
    offering: Offering, new: NewOffering, columns: Mapping[str, Any], groups: Sequence[Group], actor: Actor,
    now: datetime,
) -> Iterator[Thing]:  # fmt: skip
    """What is to know of the new time and was not of the old one."""
    span = _span_then(offering, columns) or span_of(new.when)
    asked = _asked(offering, span, [person.id for person, _ in new.facilitators], actor)
    old = _when_of(offering)
    before = _span_now(offering) or span_of(old)
    led = [row.facilitator_id for row in offering.facilitators]
    known = clashes(replace(asked, span=before, facilitator_ids=led))
    days = set(things_about_days(presences(_days_or(old, before), old.timezone, groups)))
    yield from things_about_passing(asked.span, now)
    for thing in things_about_days(presences(_days_or(new.when, asked.span), new.when.timezone, groups)):
        if thing not in days:
            yield thing
    yield from things_about_clashes(clashes(asked).beyond(known), asked, new.when.timezone)


def _asked(offering: Offering, span: Span, facilitator_ids: Sequence[int], actor: Actor) -> Asked:
    one = offering.learning_session
    return Asked(span, one.journey_id, one.id, facilitator_ids, offering.id, actor)


def _when_of(offering: Offering) -> Promise | Days:
    when = promise_of(offering) or days_of(offering)
    assert when is not None  # noqa: S101  # the schema has it: a promise or days
    return when


def _days_or(when: Promise | Days, span: Span) -> Span | Days:
    return when if isinstance(when, Days) else span
