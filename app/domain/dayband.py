"""The day band: one moment in several places, as numbers and words a template prints as they stand.

x and width are percent of the axis, so that strips of any size agree. What the picture shows the words of each row say too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum

from app.domain import dayband_words as words
from app.domain.dates import short_day, tiny_day, weekday_short
from app.domain.day_hours import AWAKE, DAY_OFF, NIGHT, USUAL, WORK, Axis, DayPicture, Hours, Stretch, axes, picture
from app.domain.dayband_words import Heard
from app.domain.timezones import Span, abbreviation, local, offset_text, wall_of
from app.domain.zone_directory import longitude_of
from app.domain.zone_names import city

__all__ = ["Band", "BandDay", "Hours", "Lead", "Place", "band"]

READERS_SEE = 8
_ROOM_FOR_A_LABEL = 90  # minutes of the axis that a weekday needs on a wide page
_ROOM_WHEN_NARROW = 180


class Lead(Enum):
    """Whose hours the first strip shows."""

    READER = "reader"
    VENUE = "venue"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Place:
    """A zone in the band. `people`: how many are enrolled there, none if that is not known or not told."""

    zone: str
    people: int | None = None
    hours: Hours = USUAL
    label: str = ""
    is_reader: bool = False
    reader_enrolled: bool = False

    @property
    def name(self) -> str:
        return self.label or city(self.zone)


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    text: str
    anchor: str
    fine: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A run of one state; `texture` is the pattern laid over it, empty for none."""

    css: str
    x: str
    width: str
    texture: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a strip; `dx` moves it clear of the line it belongs to."""

    css: str
    x: str
    text: str
    dx: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """A local midnight, or (dashed) a change of the clocks, with its label where there is room."""

    x: str
    dashed: bool
    label: Word | None


@dataclass(frozen=True, slots=True)
class Row:
    """One place: the strip and the words beside it."""

    place: str
    note: str
    leads: bool
    y: str
    bottom: str
    height: str
    runs: tuple[Run, ...]
    words: tuple[Word, ...]
    cuts: tuple[Cut, ...]
    weekday: str
    clock: str
    datetime: str
    state: str


@dataclass(frozen=True, slots=True)
class BandDay:
    """One axis and its rows. A span that fits neither a day nor noon to noon has one per local day."""

    heading: str
    minutes: int
    ticks: tuple[Tick, ...]
    label: Word
    wash_x: str
    wash_width: str
    edges: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The whole figure. `summary` is for a strip alone, `more` how many places are left out."""

    caption: str
    summary: str
    days: tuple[BandDay, ...]
    more: int

    @property
    def more_text(self) -> str:
        return "" if not self.more else f"and {self.more} more {'place' if self.more == 1 else 'places'}"


def band(
    span: Span,
    lead: Place,
    others: Sequence[Place] = (),
    *,
    lead_is: Lead = Lead.READER,
    limit: int | None = READERS_SEE,
) -> Band:
    """The band of a span: `lead` first, then the reader if he does not lead, then `others` from west to east.

    Places of one zone become one row. Of more than `limit` places those with most people are kept; None keeps all.
    """
    lead, rest = _merged(lead, others)
    kept = sorted(rest, key=lambda place: (not place.is_reader, -(place.people or 0)))[: None if limit is None else limit - 1]
    kept.sort(key=lambda place: (not place.is_reader, *_west_to_east(place, span.starts_at)))
    places = [lead, *kept]
    heard = [_heard(place, span) for place in places]
    days = tuple(
        _band_day(axis, span, places, lead_is) for axis in axes(span.starts_at, span.ends_at, lead.zone)
    )
    if len(days) > 1:
        days = tuple(
            replace(day, heading=f"{day.heading}, {short_day(axis.day)}")
            for day, axis in zip(days, axes(span.starts_at, span.ends_at, lead.zone), strict=True)
        )
    day = local(span.starts_at, lead.zone).date()
    summary = words.summary(heard[0], day, is_reader=lead.is_reader)
    return Band(words.caption(heard), summary, days, len(rest) - len(kept))


def _merged(lead: Place, others: Sequence[Place]) -> tuple[Place, list[Place]]:
    """One place per zone. Counts of the zone of the lead or of the reader go to them."""
    by_zone: dict[str, Place] = {lead.zone: lead}
    for other in others:
        known = by_zone.get(other.zone)
        by_zone[other.zone] = _one_of(known, other) if known else other
    return by_zone.pop(lead.zone), list(by_zone.values())


def _one_of(first: Place, second: Place) -> Place:
    kept, also = (second, first) if second.is_reader and not first.is_reader else (first, second)
    people = kept.people if kept.people is not None else also.people
    return replace(kept, people=people, reader_enrolled=first.reader_enrolled or second.reader_enrolled)


def _west_to_east(place: Place, instant: datetime) -> tuple[timedelta, float, str]:
    return local(instant, place.zone).utcoffset() or timedelta(), longitude_of(place.zone), place.name


def _heard(place: Place, span: Span) -> Heard:
    starts, ends = local(span.starts_at, place.zone), local(span.ends_at - timedelta(minutes=1), place.zone)
    states = _states(picture(place.zone, place.hours, span.starts_at, span.minutes).stretches)
    return Heard(place.name, place.people, states, past_midnight=starts.date() != ends.date())


def _states(stretches: Sequence[Stretch]) -> tuple[str, ...]:
    return tuple(stretch.state for stretch in stretches)


def _band_day(axis: Axis, span: Span, places: Sequence[Place], lead_is: Lead) -> BandDay:
    part = Span(max(span.starts_at, axis.starts_at), min(span.ends_at, axis.ends_at))
    begins, ends = axis.minute_of(part.starts_at), axis.minute_of(part.ends_at)
    centre = min(max((begins + ends) / 2 / axis.minutes * 100, 7.0), 93.0)
    lead_day = local(part.starts_at, axis.zone).date()
    whole = [(begins, part.starts_at == span.starts_at), (ends, part.ends_at == span.ends_at)]
    return BandDay(
        heading=f"Hours in {places[0].name}{', the venue' if lead_is is Lead.VENUE else ''}",
        minutes=axis.minutes,
        ticks=_ticks(axis, centre),
        label=Word("label", percent(centre), words.hours(part, axis.zone)),
        wash_x=percent(begins / axis.minutes * 100),
        wash_width=percent((ends - begins) / axis.minutes * 100),
        edges=tuple(percent(minute / axis.minutes * 100) for minute, is_edge in whole if is_edge),
        rows=tuple(_Strip(axis, part, place, place is places[0]).row(lead_day) for place in places),
    )


def _ticks(axis: Axis, label_centre: float) -> tuple[Tick, ...]:
    """Every third hour of the axis; those under the label left out, those near it only when there is room."""
    first = 12 if axis.from_noon else 0
    ticks = []
    for step in range(0, 25, 3):
        days, hour = divmod(first + step, 24)
        at = wall_of(datetime.combine(axis.day + timedelta(days=days), time(hour)), axis.zone)
        x = axis.minute_of(at) / axis.minutes * 100
        is_there = local(at, axis.zone).hour == hour or step in (0, 24)
        distance = abs(x - label_centre)
        if is_there and distance >= 6.5:
            anchor = {0: "start", 24: "end"}.get(step, "middle")
            text = "24" if step == 24 and not axis.from_noon else f"{hour:02}"
            ticks.append(Tick(percent(x), text, anchor, step % 6 == 3 or distance < 12.5))
    return tuple(ticks)


_CSS = {NIGHT: "n", AWAKE: "a", WORK: "w", DAY_OFF: "a"}
_TEXTURE = {NIGHT: "", AWAKE: "hatch", WORK: "", DAY_OFF: "cross"}


class _Strip:
    """The geometry of one row: everything in it shares axis, part and place."""

    def __init__(self, axis: Axis, part: Span, place: Place, leads: bool) -> None:
        self.axis = axis
        self.part = part
        self.place = place
        self.leads = leads
        self.begins, self.ends = axis.minute_of(part.starts_at), axis.minute_of(part.ends_at)
        self.picture: DayPicture = picture(place.zone, place.hours, axis.starts_at, axis.minutes)

    def row(self, lead_day: "datetime.date") -> Row:  # type: ignore[name-defined]
        raise NotImplementedError
