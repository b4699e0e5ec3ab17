"""The geometry of one strip of the day band: ticks, runs, cuts and the words in it, in percent of the axis.

The rules are the design's: words never lie over the session, over hatching or over each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.domain.dates import weekday_short
from app.domain.day_hours import AWAKE, DAY_OFF, NIGHT, WORK, Axis, DayPicture
from app.domain.timezones import local, wall_of

_LABEL_ROOM, _LABEL_ROOM_WHEN_NARROW = 90, 180  # minutes of a day that a weekday's three letters need
_ASLEEP_ROOM, _WORKING_ROOM = 150, 180
_MINUS = "−"


@dataclass(frozen=True, slots=True)
class Tick:
    """An hour on the axis; `fine` ones may vanish when it is narrow."""

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
    """A word in a strip: in the middle of its x, or (`dx`) just behind a line."""

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


def percent(part: float, whole: float) -> str:
    """`29.167%`, `50%`: three decimals at most."""
    return f"{part / whole * 100:.3f}".rstrip("0").rstrip(".") + "%"


def ticks(axis: Axis, label_minute: float) -> tuple[Tick, ...]:
    """Every third hour; those under the label of the session left out, those near it only shown where there
    is room.
    """
    first, found = (12 if axis.from_noon else 0), []
    for step in range(0, 25, 3):
        days, hour = divmod(first + step, 24)
        at = wall_of(datetime.combine(axis.day + timedelta(days=days), time(hour)), axis.zone)
        minute, is_end = axis.minute_of(at), step in (0, 24)
        middle_of_text = min(max(minute / axis.minutes, 0.025), 0.975)
        distance = abs(middle_of_text - label_minute / axis.minutes)
        if distance < 0.065 or not (is_end or local(at, axis.zone).hour == hour):
            continue
        anchor = {0: "start", 24: "end"}.get(step, "middle")
        text = "24" if step == 24 and not axis.from_noon else f"{hour:02}"
        found.append(Tick(percent(minute, axis.minutes), text, anchor, step % 6 == 3 or distance < 0.15))
    return tuple(found)


_CSS = {NIGHT: "n", AWAKE: "a", WORK: "w", DAY_OFF: "a"}
_TEXTURE = {NIGHT: "", AWAKE: "hatch", WORK: "", DAY_OFF: "cross"}


def runs(shown: DayPicture, minutes: int) -> tuple[Run, ...]:
    """The bands of a strip, in order."""
    return tuple(
        Run(
            _CSS[run.state],
            percent(run.begins, minutes),
            percent(run.ends - run.begins, minutes),
            _TEXTURE[run.state],
        )
        for run in shown.stretches
    )


def cuts(shown: DayPicture, minutes: int, begins: int, ends: int) -> tuple[Cut, ...]:
    """Local midnights and clock changes inside the axis; `begins` and `ends` are the session's, which labels
    step clear of.
    """
    lines = [*(midnight.minute for midnight in shown.midnights), *(change.minute for change in shown.changes)]

    def label(minute: int, text: str, always_fine: bool) -> Word | None:
        for at in (
            (minute, ends) if begins - minute < _LABEL_ROOM_WHEN_NARROW and minute < ends else (minute,)
        ):
            state, room = _room(shown, at, [*lines, begins], minutes)
            if state in (NIGHT, WORK) and room >= _LABEL_ROOM and not begins <= at < ends:
                fine = always_fine or room < _LABEL_ROOM_WHEN_NARROW
                return Word(f"in-{_CSS[state]}{' fine' if fine else ''}", percent(at, minutes), text, dx=7)
        return None

    midnights = [
        Cut(percent(one.minute, minutes), False, label(one.minute, weekday_short(one.day), False))
        for one in shown.midnights
    ]
    changes = [
        Cut(percent(one.minute, minutes), True, label(one.minute, _gain(one.gained), True))
        for one in shown.changes
    ]
    return (*midnights, *changes)


def _room(shown: DayPicture, minute: int, obstacles: list[int], minutes: int) -> tuple[str, int]:
    """The state at a minute, and how far it stays free from there."""
    run = next((one for one in shown.stretches if one.begins <= minute < one.ends), None)
    if run is None:
        return "", 0
    return run.state, min([run.ends, minutes, *(one for one in obstacles if one > minute)]) - minute


def _gain(minutes: int) -> str:
    sign = "+" if minutes > 0 else _MINUS
    return f"{sign}{abs(minutes) // 60} h" if minutes % 60 == 0 else f"{sign}{abs(minutes)} min"


def words_in_bands(shown: DayPicture, minutes: int, begins: int, ends: int) -> tuple[Word, ...]:
    """“asleep” and “working hours”, each in the widest free piece of its state that has room for it."""
    found = []
    for state, text, room in ((NIGHT, "asleep", _ASLEEP_ROOM), (WORK, "working hours", _WORKING_ROOM)):
        pieces = [piece for piece in _free_pieces(shown, state, begins, ends) if piece[1] - piece[0] >= room]
        if pieces:
            low, high = max(pieces, key=lambda piece: piece[1] - piece[0])
            found.append(Word(f"in-{_CSS[state]} fine", percent((low + high) / 2, minutes), text))
    return tuple(found)


def _free_pieces(shown: DayPicture, state: str, begins: int, ends: int) -> Iterator[tuple[int, int]]:
    """Runs of a state without the session in them; a run with a cut in it is left to the cut's label."""
    cut_at = [*(one.minute for one in shown.midnights), *(one.minute for one in shown.changes)]
    for run in shown.stretches:
        if run.state != state or any(run.begins < minute < run.ends for minute in cut_at):
            continue
        yield run.begins, min(run.ends, begins)
        yield max(run.begins, ends), run.ends
