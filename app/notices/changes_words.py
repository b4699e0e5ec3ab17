"""What a change is to its reader, in sentences: made of facts that `domain.difference` works out."""

from datetime import datetime

from app.domain.day_hours import DAY_OFF, NIGHT, Hours
from app.domain.difference import Difference, Shape, Stand, What, falls
from app.domain.timezones import city, local, zone_phrase
from app.notices import times
from app.notices.day_strip import day_in, weekday_in
from app.notices.language import Language


def for_me(_: Language, found: Difference, before: Stand, after: Stand) -> list[str]:
    """What a change of time is on the reader's own clock: one sentence, and one more on another length."""
    said = [_main(_, found, before, after)]
    if found.other_length:
        said.append(_length(_, found))
    return said


def _main(_: Language, found: Difference, before: Stand, after: Stand) -> str:
    if found.before is None or found.now is None:
        return _of_days(_, found, before, after)
    match found.shape:
        case Shape.SAME if before.timezone != after.timezone:
            return _("Nothing changes on your clock: only the session’s own zone is another one now.")
        case Shape.SAME:
            return _("Nothing changes on your clock.")
        case Shape.LENGTH if _clock(found.now[1]) == _clock(found.before[1]):
            return _length(_, found)
        case Shape.LENGTH:
            return _(
                "For you it begins at {starts} as before, and ends at {now} instead of {before}.",
                starts=_clock(found.now[0]), now=_clock(found.now[1]), before=_clock(found.before[1]),
            )  # fmt: skip
        case Shape.TWICE:
            return _twice(_, found.before[0], found.now[0])
        case Shape.HOUR:
            return _(
                "For you it is now {now} instead of {before}, {weekday} as before.",
                now=_clock(found.now[0]), before=_clock(found.before[0]),
                weekday=weekday_in(_, found.now[0].date()),
            )  # fmt: skip
        case Shape.DAY if found.same_weekday:
            return _(
                "The hour and the weekday stay the same for you: {now} instead of {before}.",
                now=day_in(_, found.now[0].date()), before=day_in(_, found.before[0].date()),
            )  # fmt: skip
        case Shape.DAY:
            return _(
                "The hour stays the same for you, on another day: {now} instead of {before}.",
                now=day_in(_, found.now[0].date()), before=day_in(_, found.before[0].date()),
            )  # fmt: skip
        case _other:
            return _(
                "For you it is now {now} at {clock}, instead of {before} at {old_clock}.",
                now=day_in(_, found.now[0].date()), clock=_clock(found.now[0]),
                before=day_in(_, found.before[0].date()), old_clock=_clock(found.before[0]),
            )  # fmt: skip


def _twice(_: Language, before: datetime, now: datetime) -> str:
    """Of an hour that the clocks show twice, each named by its zone phrase."""
    told = {"clock": _clock(now), "now": zone_phrase(now), "before": zone_phrase(before)}
    if now.utcoffset() < before.utcoffset():  # type: ignore[operator]  # both are aware
        return _(
            "For you the clocks go back that night and show {clock} twice: it is the second now ({now}), not "
            "the first ({before}).",
            **told,
        )
    return _(
        "For you the clocks go back that night and show {clock} twice: it is the first now ({now}), not the "
        "second ({before}).",
        **told,
    )


def _of_days(_: Language, found: Difference, before: Stand, after: Stand) -> str:
    match found.shape:
        case Shape.HOURS_KNOWN if found.now is not None:
            return _(
                "Until now only its day was known; for you it begins on {day} at {clock}.",
                day=day_in(_, found.now[0].date()), clock=_clock(found.now[0]),
            )  # fmt: skip
        case Shape.HOURS_OPEN:
            if after.first_on == after.last_on:
                return _("Its hours are open again: only its day is known, {days}.", days=days_of(_, after))
            return _("Its hours are open again: only its days are known, {days}.", days=days_of(_, after))
        case Shape.SAME:
            return _("The days stay the same; only the session’s own zone is another one now.")
        case _other:
            return _(
                "It is now {days} instead of {before}.", days=days_of(_, after), before=days_of(_, before)
            )


def _length(_: Language, found: Difference) -> str:
    if found.minutes > found.minutes_before:
        return _(
            "It is longer: {minutes} minutes instead of {before}.",
            minutes=found.minutes, before=found.minutes_before,
        )  # fmt: skip
    return _(
        "It is shorter: {minutes} minutes instead of {before}.",
        minutes=found.minutes, before=found.minutes_before,
    )  # fmt: skip


def unkind_hours(_: Language, after: Stand, zone: str, hours: Hours) -> str:
    """That the hours are at night, or on a day off; empty where they are neither."""
    states = falls(after.span, zone, hours) if after.span is not None else frozenset()
    if NIGHT in states:
        if states == {NIGHT}:
            return _("That is at night for you.")
        return _("Part of it is at night for you.")
    return _("That is on a day off of yours.") if DAY_OFF in states else ""


def title(_: Language, what: What, shape: Shape | None, named: str, *, has_other_ways: bool = False) -> str:
    """The heading of the letter; `has_other_ways`: the venue is the same, and how it can be attended not."""
    match what, shape:
        case What.CANCELLED, _any:
            return _("“{session}” is cancelled", session=named)
        case What.RESTORED, _any:
            return _("“{session}” takes place after all", session=named)
        case What.RELOCATED, _any if has_other_ways:
            return _("How “{session}” can be attended has changed", session=named)
        case What.RELOCATED, _any:
            return _("“{session}” is held elsewhere", session=named)
        case What.ZONE_RULES, _any:
            return _("New clock rules concern “{session}”", session=named)
        case _moved, Shape.DAY:
            return _("“{session}” has moved to another day", session=named)
        case _moved, Shape.HOUR | Shape.TWICE:
            return _("“{session}” has moved to another hour", session=named)
        case _moved, Shape.LENGTH:
            return _("“{session}” ends at another hour", session=named)
        case _moved, Shape.SAME:
            return _("“{session}” is promised in another zone", session=named)
        case _moved, Shape.HOURS_KNOWN:
            return _("“{session}” has its hours now", session=named)
        case _moved, Shape.HOURS_OPEN:
            return _("The hours of “{session}” are open again", session=named)
        case _moved, Shape.DAYS:
            return _("“{session}” has moved to another day", session=named)
        case _other:
            return _("“{session}” has moved to another day and hour", session=named)


def subject(
    _: Language, what: What, shape: Shape | None, named: str, when: str, *, has_other_ways: bool = False
) -> str:
    """What, when and in which zone: the time that counts now; of a cancelled one, that it had."""
    match what:
        case What.CANCELLED:
            return _("Cancelled: {session}, {when}", session=named, when=when)
        case What.RESTORED:
            return _("Takes place after all: {session}, {when}", session=named, when=when)
        case What.RELOCATED if has_other_ways:
            return _("Other ways to attend: {session}, {when}", session=named, when=when)
        case What.RELOCATED:
            return _("Held elsewhere: {session}, {when}", session=named, when=when)
        case What.ZONE_RULES:
            return _("New clock rules: {session}, {when}", session=named, when=when)
        case _moved:
            if shape is Shape.HOURS_KNOWN:
                return _("The hours are known: {session}, {when}", session=named, when=when)
            if shape in (Shape.SAME, Shape.LENGTH, Shape.HOURS_OPEN):
                return _("Changed: {session}, {when}", session=named, when=when)
            return _("Moved to {when}: {session}", session=named, when=when)


def rules_of_clocks(_: Language, after: Stand) -> str:
    """That a country changed its clocks, and the promise stands."""
    place = city(after.timezone)
    if after.starts_wall is None:
        return _("The rules for clocks in {place} were changed.", place=place)
    begins = local(after.starts_at, after.timezone) if after.starts_at is not None else None
    if begins is not None and begins.replace(tzinfo=None) != after.starts_wall:
        return _(
            "The rules for clocks in {place} were changed. The promised hour, {clock}, does not exist there "
            "on that day any more; the session begins at {now} there.",
            place=place, clock=_clock(after.starts_wall), now=_clock(begins),
        )  # fmt: skip
    return _(
        "The rules for clocks in {place} were changed. The session stays at {clock} there, as it was "
        "promised.",
        place=place, clock=_clock(after.starts_wall),
    )  # fmt: skip


def place_in(_: Language, stand: Stand) -> str:
    """`in person, Training centre, Accra`: the way in the reader's language, the venue as it is written."""
    venue = stand.place.partition(", ")[2]
    match stand.way:
        case "online":
            way = _("online")
        case "in person":
            way = _("in person")
        case _other:
            way = _("online and in person")
    return f"{way}, {venue}" if venue else way


def days_of(_: Language, stand: Stand) -> str:
    """`11–12 May 2027`."""
    if stand.first_on is None or stand.last_on is None:
        return ""
    return times.span_of_days(_, stand.first_on, stand.last_on)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
