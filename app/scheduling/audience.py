"""Whom a sitting is planned for: people enrolled, expected or facilitating, grouped by zone and hours.

Each person is one: a facilitator who is enrolled too counts among the enrolled.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app.database import db
from app.domain.availability import Availability
from app.domain.dates import listed
from app.domain.day_hours import Hours
from app.domain.dayband import Place
from app.domain.public_holidays import holidays_in
from app.domain.tally import Group
from app.domain.timezones import Span
from app.domain.zone_directory import country_of, proposed_zone, weekend_of
from app.enrolments.interested import WAITS
from app.enrolments.models import Enrolment, EnrolmentStatus, Interest
from app.facilitators.models import Facilitator
from app.journeys.models import ExpectedZone
from app.participants.models import Participant

KEPT = (
    Participant.timezone, Participant.works_from, Participant.works_until, Participant.days_off,
    Participant.country,
)  # fmt: skip


@dataclass(frozen=True)
class Audience:
    """Groups of people, and how many of each kind they are."""

    groups: tuple[Group, ...]
    enrolled: int
    expected: int
    facilitating: int
    unplaced: tuple[str, ...] = ()
    """Facilitators of whom no zone is known; they are in no group."""

    @property
    def people(self) -> int:
        return _heads(self.groups)

    @property
    def zones(self) -> list[str]:
        """Their zones, those with most people first."""
        counts: dict[str, int] = {}
        for group in self.groups:
            counts[group.zone] = counts.get(group.zone, 0) + group.people
        return sorted(counts, key=lambda zone: (-counts[zone], zone))

    @property
    def in_words(self) -> str:
        """`40 people enrolled or facilitating`; `1 person expected`."""
        kinds = [
            word
            for word, count in (
                ("enrolled", self.enrolled), ("expected", self.expected), ("facilitating", self.facilitating),
            )
            if count
        ]  # fmt: skip
        return f"{counted(self.people)} {listed(kinds).replace(' and ', ' or ')}" if kinds else "nobody"


def counted(people: int) -> str:
    """`1 person`, `1,200 people`."""
    return "1 person" if people == 1 else f"{people:,} people"


def audience_of(journey_id: int, facilitator_ids: Collection[int]) -> Audience:
    """Everybody a sitting of the journey concerns; three queries.

    Zones that the organisers expect count, with their numbers, where nobody is enrolled.
    """
    enrolled = _enrolled(journey_id)
    zones = {group.zone for group in enrolled}
    expected = [group for group in _expected(journey_id) if group.zone not in zones]
    is_enrolled = exists().where(
        Enrolment.participant_id == Participant.id,
        Enrolment.journey_id == journey_id,
        Enrolment.status == EnrolmentStatus.ACTIVE,
    )
    facilitating, unplaced = leading(facilitator_ids, is_enrolled)
    return Audience(
        (*enrolled, *expected, *facilitating),
        _heads(enrolled),
        _heads(expected),
        _heads(facilitating),
        unplaced,
    )


def _heads(groups: Iterable[Group]) -> int:
    return sum(group.people for group in groups)


def group_of(kept: Sequence[Any], people: int) -> Group:
    """A group of people whose profiles hold these values of KEPT."""
    zone, works_from, works_until, days_off, country = kept
    hours = Hours(works_from, works_until, days_off=frozenset(days_off.split()))
    return Group(zone, people, hours, country or country_of(zone))


def usual_group(zone: str, country: str | None, people: int = 1) -> Group:
    """People of whom only the zone is known: usual hours, and the weekend of their country."""
    return Group(zone, people, Hours(days_off=weekend_of(country)), country)


def with_holidays(groups: Sequence[Group], first: date, last: date) -> tuple[Group, ...]:
    """The groups with the public holidays of their countries between two days as days off."""
    holidays = {
        country: frozenset(holidays_in(country, first, last))
        for country in {group.country for group in groups}
    }
    return tuple(
        replace(group, hours=replace(group.hours, holidays=holidays[group.country])) for group in groups
    )


def places_of(groups: Iterable[Group]) -> list[Place]:
    """A place of the day band for each zone, with its head count and the hours that most there keep."""
    by_zone: dict[str, list[Group]] = {}
    for group in groups:
        by_zone.setdefault(group.zone, []).append(group)
    return [
        Place(
            zone,
            _heads(those),
            max(those, key=lambda group: group.people).hours,
        )
        for zone, those in by_zone.items()
    ]


def _enrolled(journey_id: int) -> list[Group]:
    rows = db.execute(
        select(*KEPT, func.count())
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(Enrolment.journey_id == journey_id, Enrolment.status == EnrolmentStatus.ACTIVE)
        .group_by(*KEPT)
        .order_by(func.count().desc(), *KEPT)
    )
    return [group_of(kept, people) for *kept, people in rows]


def _expected(journey_id: int) -> list[Group]:
    """A zone without a number is expected to send nobody in particular: it is shown, and counts none."""
    rows = db.execute(
        select(ExpectedZone.timezone, func.coalesce(ExpectedZone.people, 0))
        .where(ExpectedZone.journey_id == journey_id)
        .order_by(ExpectedZone.id)
    )
    return [usual_group(zone, country_of(zone), people) for zone, people in rows]


def leading(
    facilitator_ids: Collection[int], is_counted: ColumnElement[bool]
) -> tuple[list[Group], tuple[str, ...]]:
    """Facilitators, each a group; and the names of those whose zone is not known. One query.

    `is_counted`, said of `Participant`: who is counted as something else already and left out here.
    """
    if not facilitator_ids:
        return [], ()
    wanted = select(Facilitator.name, Facilitator.timezone, Facilitator.country, is_counted, *KEPT)
    rows = db.execute(
        wanted.outerjoin(Participant, Participant.user_id == Facilitator.user_id)
        .where(Facilitator.id.in_(facilitator_ids))
        .order_by(Facilitator.name_folded, Facilitator.id)
    )
    groups, unplaced = [], []
    for name, zone, country, counted_already, *kept in rows:
        known = zone or (proposed_zone(country) if country else None)
        if counted_already:
            continue
        if kept[0] is not None:
            groups.append(group_of(kept, 1))
        elif known:
            groups.append(usual_group(known, country or country_of(known)))
        else:
            unplaced.append(name)
    return groups, tuple(unplaced)


@dataclass(frozen=True)
class Willing:
    """Those who said they would come to an undated session: how many, and how many of them can at a time."""

    people: int
    can: int


def willing(learning_session_id: int, span: Span) -> Willing:
    """Who of those waiting for the session's date can, by what they said; one query."""
    when = (Participant.timezone, Interest.weekdays, Interest.can_from, Interest.can_until)
    rows = db.execute(
        select(*when, func.count())
        .join(Participant, Participant.id == Interest.participant_id)
        .where(Interest.learning_session_id == learning_session_id, WAITS)
        .group_by(*when)
    )
    people = can = 0
    for zone, weekdays, can_from, can_until, count in rows:
        people += count
        if Availability(frozenset(weekdays.split()), can_from, can_until).fits(span, zone):
            can += count
    return Willing(people, can)
