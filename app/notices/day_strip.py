"""The reader's day as a strip of coloured cells, with the session in it, and the sentence that says it."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date

from app.domain.dates import long_day, weekday_name
from app.domain.day_hours import AWAKE, DAY_OFF, NIGHT, WORK, Hours, axes, day_start, picture
from app.domain.timezones import Span, local, readable_zone
from app.notices.language import ENGLISH, Language
from app.notices.letters import Strip

NAMES = {NIGHT: "night", AWAKE: "waking", WORK: "working", DAY_OFF: "off"}
SESSION = "session"

YEAR = re.compile(r"[,\s]*('de')?\s*y+\s*$")
"""The year at the end of a pattern for dates, with the word before it."""


def strip(_: Language, span: Span, zone: str, hours: Hours) -> Strip:
    """The local day on which a session begins; what of it lies after midnight is told, not drawn."""
    zone = readable_zone(zone)
    starts, ends = local(span.starts_at, zone), local(span.ends_at, zone)
    midnight = day_start(starts.date() + timedelta(days=1), zone)
    axis = axes(span.starts_at, min(span.ends_at, midnight), zone)[0]
    shown = picture(zone, hours, axis.starts_at, axis.minutes)
    begins, until = axis.minute_of(span.starts_at), min(axis.minute_of(span.ends_at), axis.minutes)
    stretches = ((one.begins, one.ends, NAMES[one.state]) for one in shown.stretches)
    cells = tuple(
        (name, (end - begin) / axis.minutes * 100) for begin, end, name in _with(stretches, begins, until)
    )
    return Strip(cells, _sentence(_, starts, ends, hours))


def _with(
    stretches: Iterable[tuple[int, int, str]], begins: int, ends: int
) -> Iterable[tuple[int, int, str]]:
    """The stretches, in order, with the session laid over them."""
    is_drawn = False
    for begin, end, name in stretches:
        if begin < min(end, begins):
            yield begin, min(end, begins), name
        if not is_drawn and begins < end:
            yield begins, ends, SESSION
            is_drawn = True
        if max(begin, ends) < end:
            yield max(begin, ends), end, name


def _sentence(_: Language, starts: datetime, ends: datetime, hours: Hours) -> str:
    facts = {"day": day_in(_, starts.date()), "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    work = {"works_from": _clock(hours.works_from), "works_until": _clock(hours.works_until)}
    past_midnight = (ends - timedelta(microseconds=1)).date() != starts.date()
    if hours.is_day_off(starts.date()):
        if past_midnight:
            return _(
                "{day} is a day off of yours; the session is from {starts} to {ends} the next day.", **facts
            )
        return _("{day} is a day off of yours; the session is from {starts} to {ends}.", **facts)
    if past_midnight:
        return _(
            "Your day on {day}: work from {works_from} to {works_until}, the session from {starts} to {ends} "
            "the next day.",
            **facts, **work,
        )  # fmt: skip
    return _(
        "Your day on {day}: work from {works_from} to {works_until}, the session from {starts} to {ends}.",
        **facts, **work,
    )  # fmt: skip


def day_in(_: Language, day: date) -> str:
    """`Thursday 22 April`."""
    if _.code == ENGLISH:
        return long_day(day, year=False)
    whole = str(Locale.parse(_.code).date_formats["full"].pattern)
    return format_date(day, YEAR.sub("", whole), locale=_.code)


def weekday_in(_: Language, day: date) -> str:
    """`Thursday`."""
    return weekday_name(day) if _.code == ENGLISH else format_date(day, "EEEE", locale=_.code)


def _clock(minutes: int) -> str:
    """`09:00`; the end of the day is `24:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
