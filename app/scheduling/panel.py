"""The panel beside a form that chooses a time: what that time means for everybody concerned.

It informs and forbids nothing. It is for organisers only.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain import showing
from app.domain.dates import number_word
from app.domain.dayband import Band, Lead, Place, band
from app.domain.dayband_strip import percent
from app.domain.permissions import Actor
from app.domain.tally import Group, Tally, tally
from app.domain.timezones import Promise, Span
from app.domain.zone_directory import country_of
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.learning_sessions.sittings import Days
from app.scheduling.audience import Audience, audience_of, places_of, usual_group, willing, with_holidays
from app.scheduling.clashes import Asked, Sitting, clashes, sitting_before, span_of
from app.scheduling.days_to_know import presences, things_about_days
from app.scheduling.things_to_know import (
    Thing,
    things_about_clashes,
    things_about_facilitators,
    things_about_interest,
    things_about_moved_hours,
    things_about_passing,
)
from app.web.reader import Reader
from app.web.sittings import hours_of

FAR = timedelta(days=2)
"""The day band looks at most so far beyond a sitting."""


@dataclass(frozen=True)
class Part:
    """A stretch of the bar under the tally, in percent; `texture` as in the day band."""

    css: str
    texture: str
    x: str
    width: str


@dataclass(frozen=True)
class Panel:
    """What the template prints. Either `when` is set, with `tally` and `band`, or `days`."""

    when: showing.When | None
    days: showing.Days | None
    says_year: bool
    tally: Tally | None
    whom: str
    """`40 people enrolled or facilitating`."""
    bar: tuple[Part, ...]
    band: Band | None
    things: tuple[Thing, ...]

    @property
    def verdict(self) -> str:
        """`Four things to know; none of them forbids it`."""
        if len(self.things) == 1:
            return "One thing to know; it does not forbid it"
        return f"{number_word(len(self.things)).capitalize()} things to know; none of them forbids it"


def panel_for(
    journey: Journey, learning_session: LearningSession | None, when: Promise | Days,
    facilitator_ids: Collection[int], *, except_offering_id: int | None = None, actor: Actor, reader: Reader,
    now: datetime,
) -> Panel:  # fmt: skip
    """The panel of a promise or of whole days; a fixed number of queries.

    `reader` is the organiser: the time stands in theirs too. Refuses a time that does not exist.
    """
    span = span_of(when)
    asked = Asked(
        span,
        journey.id,
        learning_session.id if learning_session else None,
        facilitator_ids,
        except_offering_id,
        actor,
    )
    people = audience_of(journey.id, facilitator_ids)
    clashing = tuple(things_about_clashes(clashes(asked), asked, when.timezone))
    if isinstance(when, Days):
        return _panel_of_days(when, people, clashing, now)
    return _panel_of_time(asked, when, people, clashing, sitting_before(asked), reader, now)


def _panel_of_days(when: Days, people: Audience, clashing: Sequence[Thing], now: datetime) -> Panel:
    return Panel(
        when=None,
        days=showing.days(when.first_on, when.last_on, when.timezone),
        says_year=True,
        tally=None,
        whom=people.in_words,
        bar=(),
        band=None,
        things=(
            *things_about_passing(span_of(when), now),
            *things_about_days(presences(when, when.timezone, people.groups)),
            *clashing,
        ),
    )


def _panel_of_time(
    asked: Asked, when: Promise, people: Audience, clashing: Sequence[Thing], before: Sitting | None,
    reader: Reader, now: datetime,
) -> Panel:  # fmt: skip
    span, zone = asked.span, when.timezone
    groups = with_holidays(people.groups, (span.starts_at - FAR).date(), (span.ends_at + FAR).date())
    counted = tally(span, groups)
    shown = showing.when(span, reader.timezone, zone, "in_person")
    return Panel(
        when=shown,
        days=None,
        says_year=shown.lead.starts.year != now.astimezone(shown.lead.starts.tzinfo).year,
        tally=counted if counted.people else None,
        whom=people.in_words,
        bar=bar_of(counted),
        band=_band(span, zone, groups, reader),
        things=(
            *things_about_passing(span, now),
            *_interest(asked),
            *things_about_days(presences(span, zone, people.groups)),
            *clashing,
            *things_about_moved_hours(before, span, zone, people.zones),
            *things_about_facilitators(people.unplaced),
        ),
    )


def _interest(asked: Asked) -> Iterator[Thing]:
    if asked.learning_session_id is not None:
        yield from things_about_interest(willing(asked.learning_session_id, asked.span))


def bar_of(counted: Tally) -> tuple[Part, ...]:
    """The bar under the tally, from work to sleep, without empty parts."""
    parts, begun = [], 0
    for css, texture, people in (
        ("w", "", counted.at_work),
        ("a", "hatch", counted.awake),
        ("a", "cross", counted.day_off),
        ("n", "", counted.asleep),
    ):
        if people:
            parts.append(Part(css, texture, percent(begun, counted.people), percent(people, counted.people)))
        begun += people
    return tuple(parts)


def _band(span: Span, zone: str, groups: Sequence[Group], reader: Reader) -> Band:
    """Every zone of the audience, below that of the promise; and the organiser's."""
    by_zone = {place.zone: place for place in places_of(groups)}
    if zone not in by_zone:
        by_zone[zone] = _empty_place(span, zone)
    if reader.timezone:
        known = by_zone.get(reader.timezone)
        mine = known or Place(reader.timezone, 0, hours_of(reader))
        by_zone[reader.timezone] = replace(mine, is_reader=True)
    lead = by_zone.pop(zone)
    return band(span, lead, list(by_zone.values()), lead_is=Lead.OWN, limit=None)


def _empty_place(span: Span, zone: str) -> Place:
    """The zone of the promise, where nobody is: its usual day."""
    nobody = usual_group(zone, country_of(zone), people=0)
    (group,) = with_holidays([nobody], (span.starts_at - FAR).date(), (span.ends_at + FAR).date())
    return places_of([group])[0]
