"""The day band: one moment in several places, as numbers and words that a template prints as they stand.

x and width are percent of the axis, so strips of any size agree. What the picture shows, the words of each
row say too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from app.domain import dayband_words as words
from app.domain.dates import long_day, short_day, weekday_short
from app.domain.day_hours import USUAL, Axis, Hours, axes, picture
from app.domain.dayband_strip import Cut, Run, Tick, Word, cuts, percent, runs, ticks, words_in_bands
from app.domain.timezones import Span, local, readable_zone
from app.domain.zone_directory import longitude_of
from app.domain.zone_names import city

__all__ = ["USUAL", "Band", "BandDay", "Hours", "Lead", "Place", "Row", "band", "falls"]

READERS_SEE = 8


class Lead(Enum):
    """Whose hours the first strip shows: the reader's, the venue's, or the offering's own where neither is
    known.
    """

    READER = "reader"
    VENUE = "venue"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Place:
    """A zone in the band. `people`: how many are enrolled there; none if that is not known or not told."""

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
class Row:
    """One place: the strip, and beside it the words that say the same."""

    place: str
    note: str
    leads: bool
    top: str
    bottom: str
    height: str
    runs: tuple[Run, ...]
    words: tuple[Word, ...]
    cuts: tuple[Cut, ...]
    datetime: str
    weekday: str
    clock: str
    state: str


@dataclass(frozen=True, slots=True)
class BandDay:
    """One axis and its rows. `edges` are the session's beginning and end, where they lie on this axis."""

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
    """The whole figure: usually one day; one per local day for a span that fits neither a day nor noon to
    noon.

    `caption` is the sentence over it, `summary` names a strip that stands alone, `more` counts the places
    left out.
    """

    caption: str
    summary: str
    days: tuple[BandDay, ...]
    more: int

    @property
    def has_day_off(self) -> bool:
        """Whether the legend must explain the crossed texture."""
        return any(run.texture == "cross" for day in self.days for row in day.rows for run in row.runs)

    @property
    def more_text(self) -> str:
        return f"and {self.more} more {'place' if self.more == 1 else 'places'}" if self.more else ""


def band(
    span: Span,
    lead: Place,
    others: Sequence[Place] = (),
    *,
    lead_is: Lead = Lead.READER,
    limit: int | None = READERS_SEE,
) -> Band:
    """The band of a span: `lead` first, then the reader if another place leads, then `others` from west to
    east.

    Places of one zone become one row. Of more than `limit` places those with most people stay; None keeps
    all.
    """
    lead, rest = _merged(_readable(lead), [_readable(place) for place in others])
    room = len(rest) if limit is None else max(limit - 1, 0)
    kept = sorted(rest, key=lambda place: (not place.is_reader, -(place.people or 0)))[:room]
    kept.sort(key=lambda place: (not place.is_reader, *_west_to_east(place, span.starts_at)))
    places = (lead, *kept)
    heard = [_heard(place, span) for place in places]
    on = axes(span.starts_at, span.ends_at, lead.zone)
    days = tuple(
        _band_day(axis, span, places, _heading(axis, lead, lead_is, several=len(on) > 1)) for axis in on
    )
    day = long_day(local(span.starts_at, lead.zone).date(), year=False)
    whose = "Your day" if lead.is_reader else f"The day in {lead.name}"
    summary = f"{whose} on {day}: {words.summary(heard[0], is_reader=lead.is_reader)}"
    return Band(words.caption(heard), summary, days, len(rest) - len(kept))


def falls(span: Span, zone: str, hours: Hours | None = None) -> str:
    """`the session falls in your working hours`, by somebody's own hours; without hours, by the usual ones:
    `the session falls in the working hours`.
    """
    place = Place(zone, hours=hours or USUAL, is_reader=hours is not None)
    return words.summary(_heard(_readable(place), span), is_reader=place.is_reader)


def _readable(place: Place) -> Place:
    """The place; with the clocks of UTC where the zone data lost its zone."""
    zone = readable_zone(place.zone)
    return place if zone == place.zone else replace(place, zone=zone)


def _merged(lead: Place, others: Sequence[Place]) -> tuple[Place, list[Place]]:
    """One place per zone; the reader's own hours win over those of others there."""
    by_zone = {lead.zone: lead}
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


def _heading(axis: Axis, lead: Place, lead_is: Lead, *, several: bool) -> str:
    venue = ", the venue" if lead_is is Lead.VENUE else ""
    day = f", {short_day(axis.day)}" if several else ""
    return f"Hours in {lead.name}{venue}{day}"


def _heard(place: Place, span: Span) -> words.Heard:
    """A reader who is not enrolled is nobody to count; elsewhere no number means that it is not told."""
    people = place.people or 0 if place.is_reader else place.people
    starts, last = local(span.starts_at, place.zone), _last_moment(span, place.zone)
    return words.Heard(place.name, people, _states(place, span), past_midnight=starts.date() != last.date())


def _states(place: Place, span: Span) -> tuple[str, ...]:
    """The states the span passes through, read off the same whole quarter hours as are drawn."""
    shown = picture(place.zone, place.hours, span.starts_at, span.minutes)
    return tuple(stretch.state for stretch in shown.stretches)


def _last_moment(span: Span, zone: str) -> datetime:
    """A session that ends at midnight still ends on the day before."""
    return local(span.ends_at - timedelta(microseconds=1), zone)


def _band_day(axis: Axis, span: Span, places: Sequence[Place], heading: str) -> BandDay:
    part = Span(max(span.starts_at, axis.starts_at), min(span.ends_at, axis.ends_at))
    begins, ends = axis.minute_of(part.starts_at), axis.minute_of(part.ends_at)
    middle = min(max((begins + ends) / 2, 0.07 * axis.minutes), 0.93 * axis.minutes)
    edges = [minute for minute, is_edge in _edges(axis, part, span) if is_edge]
    text = words.hours(local(part.starts_at, axis.zone), local(part.ends_at, axis.zone))
    return BandDay(
        heading=heading,
        minutes=axis.minutes,
        ticks=ticks(axis, middle),
        label=Word("label", percent(middle, axis.minutes), text),
        wash_x=percent(begins, axis.minutes),
        wash_width=percent(ends - begins, axis.minutes),
        edges=tuple(percent(minute, axis.minutes) for minute in edges),
        rows=tuple(_row(axis, part, place, leads=place is places[0]) for place in places),
    )


def _edges(axis: Axis, part: Span, span: Span) -> tuple[tuple[int, bool], tuple[int, bool]]:
    return (
        (axis.minute_of(part.starts_at), part.starts_at == span.starts_at),
        (axis.minute_of(part.ends_at), part.ends_at == span.ends_at),
    )


def _row(axis: Axis, part: Span, place: Place, *, leads: bool) -> Row:
    shown = picture(place.zone, place.hours, axis.starts_at, axis.minutes)
    begins, ends = axis.minute_of(part.starts_at), axis.minute_of(part.ends_at)
    starts, last = local(part.starts_at, place.zone), _last_moment(part, place.zone)
    is_plain_day = not (axis.from_noon or shown.changes)
    named = not is_plain_day if leads else starts.date() != local(part.starts_at, axis.zone).date()
    state = words.states(_states(place, part))
    ends_on = "" if leads and named else words.ends_on(starts, last)
    return Row(
        place=place.name,
        note=_note(axis, part, place, leads=leads),
        leads=leads,
        top="8%" if leads else "16%",
        bottom="92%" if leads else "84%",
        height="84%" if leads else "68%",
        runs=runs(shown, axis.minutes),
        words=words_in_bands(shown, axis.minutes, begins, ends) if leads else (),
        cuts=cuts(shown, axis.minutes, begins, ends),
        datetime=f"{part.starts_at:%Y-%m-%dT%H:%MZ}",
        weekday=weekday_short(starts) if named else "",
        clock=words.hours(starts, local(part.ends_at, place.zone)),
        state=f"{state}, {ends_on}" if ends_on else state,
    )


def _note(axis: Axis, part: Span, place: Place, *, leads: bool) -> str:
    people = words.people_note(
        place.people, is_reader=place.is_reader, reader_enrolled=place.reader_enrolled, leads=leads
    )
    first, last = (axis.starts_at, axis.ends_at) if leads else (part.starts_at, part.ends_at)
    offsets = words.offsets(local(first, place.zone), local(last - timedelta(microseconds=1), place.zone))
    return f"{people} · {offsets}" if people else offsets
