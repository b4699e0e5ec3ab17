"""Times as letters tell them: in the reader's language, always with their zone."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_interval, format_skeleton

from app.domain.dates import day_range, long_day, short_day, tiny_day, weekday_short
from app.domain.moments import moment
from app.domain.showing import Days
from app.domain.showing import Reading as Clocks
from app.domain.timezones import local
from app.notices.language import END_ISOLATE, ENGLISH, Language
from app.notices.letters import Reading
from app.web.sittings import Shown

LEFT_TO_RIGHT = "\u2066"
"""Keeps `18:00–19:30` in this order in a language that is written from the right (UAX 9, LRI)."""


def reading(_: Language, shown: Shown) -> Reading:
    """When a sitting is, for its reader: the time that leads, and the other where it reads differently."""
    if shown.when is None:
        place = shown.days.place if shown.days is not None else ""
        return Reading(_days(_, shown), "", _("in {place}", place=place) if place else "")
    lead, also = shown.when.lead, shown.when.also
    told = Reading(_long(_, lead.starts.date()), _clock(_, lead), _whose(_, lead))
    if also is None:
        return told
    other = _whose(_, also)
    if shown.when.also_day:
        day = _short(_, also.starts.date())
        sentence = _("That is {clock}, {day}, {place}.", clock=_clock(_, also), day=day, place=other)
    else:
        sentence = _("That is {clock} {place}.", clock=_clock(_, also), place=other)
    return Reading(told.day, told.clock, told.zone, sentence)


def in_subject(_: Language, shown: Shown) -> str:
    """`Thu 22 April 18:00–19:30 Dhaka, UTC+6`: the short form, with its zone; `Thu 22–Fri 23 April, Accra`:
    whole days, with the place whose days they are.
    """
    if shown.when is None:
        days = shown.days
        return f"{_short_days(_, *_ends(days))}, {days.place}" if days is not None else ""
    lead = shown.when.lead
    return f"{_short(_, lead.starts.date())} {lead.clock} {lead.place_and_zone}"


def in_line(_: Language, shown: Shown) -> str:
    """`Thursday 22 April 2027, 18:00–19:30 in Dhaka (UTC+6), your time`."""
    return reading(_, shown).in_one_line


def point(_: Language, instant: datetime, timezone: str) -> str:
    """`Thursday 1 April 2027, 10:00 in London (BST, UTC+1)`."""
    told = moment(instant, timezone)
    if _.code == ENGLISH:
        return told.text
    return f"{_long(_, local(instant, timezone).date())}, {told.clock} {_place(_, told.zone)}"


def _whose(_: Language, clocks: Clocks) -> str:
    place = _place(_, clocks.in_words)
    match clocks.whose:
        case "your time":
            return _("{place}, your time", place=place)
        case "the venue’s time":
            return _("{place}, the venue’s time", place=place)
        case _other:
            return _("{place}, the session’s own time", place=place)


def _place(_: Language, in_words: str) -> str:
    """`in Dhaka (UTC+6)`, in the reader's language."""
    return _("in {place}", place=in_words.removeprefix("in "))


def _clock(_: Language, clocks: Clocks) -> str:
    clock = clocks.clock if _.direction == "ltr" else f"{LEFT_TO_RIGHT}{clocks.clock}{END_ISOLATE}"
    if not clocks.ends_on:
        return clock
    return _(
        "{clock} (ends {day})",
        clock=clock,
        day=_tiny(_, (clocks.ends - timedelta(microseconds=1)).date()),
    )


def _days(_: Language, shown: Shown) -> str:
    days = shown.days
    if days is None:
        return ""
    return span_of_days(_, *_ends(days))


def _ends(days: Days) -> tuple[date, date]:
    return date.fromisoformat(days.first), date.fromisoformat(days.last)


def span_of_days(_: Language, first: date, last: date) -> str:
    """`11–12 May 2027`."""
    if _.code == ENGLISH:
        return day_range(first, last)
    if first == last:
        return format_date(first, "long", _.code)
    return format_interval(first, last, "yMMMd", locale=_.code)


def _long(_: Language, day: date) -> str:
    return long_day(day) if _.code == ENGLISH else format_date(day, "full", _.code)


def _short(_: Language, day: date) -> str:
    return short_day(day) if _.code == ENGLISH else format_skeleton("MMMEd", day, locale=_.code)


def _short_days(_: Language, first: date, last: date) -> str:
    """`Thu 22–Fri 23 April`, `Fri 30 April – Sun 2 May`."""
    if first == last:
        return _short(_, first)
    if _.code != ENGLISH:
        return format_interval(first, last, "MMMEd", locale=_.code)
    if (first.year, first.month) == (last.year, last.month):
        return f"{weekday_short(first)} {first.day}–{short_day(last)}"
    return f"{short_day(first)} – {short_day(last)}"


def _tiny(_: Language, day: date) -> str:
    return tiny_day(day) if _.code == ENGLISH else format_skeleton("MMMEd", day, locale=_.code)
