"""What the day band says in words: the hours and states of a row, and one sentence for the whole figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.dates import listed, number_word, tiny_day
from app.domain.day_hours import AWAKE, DAY_OFF, NIGHT, WORK
from app.domain.timezones import abbreviation, offset_text

_STATE_WORDS = {NIGHT: "asleep", AWAKE: "awake", WORK: "at work", DAY_OFF: "day off"}


@dataclass(frozen=True, slots=True)
class Heard:
    """How the session falls in one place: the states it passes through, and whether it runs past midnight
    there.
    """

    place: str
    people: int | None
    states: tuple[str, ...]
    past_midnight: bool

    @property
    def group(self) -> str:
        """At night for any of it, else on a day off for any of it, else at work for all of it, else awake."""
        for state in (NIGHT, DAY_OFF):
            if state in self.states:
                return state
        return WORK if set(self.states) == {WORK} else AWAKE


def hours(starts: datetime, ends: datetime) -> str:
    """`12:00–13:30`."""
    return f"{starts.hour:02}:{starts.minute:02}–{ends.hour:02}:{ends.minute:02}"


def states(passed: Sequence[str]) -> str:
    """`at work`; `awake, then at work`."""
    return ", then ".join(_STATE_WORDS[state] for state in passed)


def ends_on(starts: datetime, last_moment: datetime) -> str:
    """`ends Fri 23 Apr` when the local date changes on the way, else nothing."""
    return "" if starts.date() == last_moment.date() else f"ends {tiny_day(last_moment.date())}"


def offsets(first: datetime, last: datetime) -> str:
    """`UTC+1`; on a day the clocks change `BST, then GMT`."""
    if first.utcoffset() == last.utcoffset():
        return offset_text(first)
    return f"{abbreviation(first) or offset_text(first)}, then {abbreviation(last) or offset_text(last)}"


def people_note(people: int | None, *, is_reader: bool, reader_enrolled: bool, leads: bool) -> str:
    """`9 with you`, `4 people`, `1 person`; for the reader alone `only you`, or `you` where another place
    leads.
    """
    if people and is_reader and reader_enrolled:
        return "only you" if people == 1 else f"{people} with you"
    if people:
        return "1 person" if people == 1 else f"{people} people"
    return "you" if is_reader and not leads else ""


def caption(heard: Sequence[Heard]) -> str:
    """One sentence for all places, with head counts where every place but the first tells them."""
    counted = [one for one in heard if one.people]
    if counted and all(one.people is not None for one in heard[1:]):
        return _with_counts(counted)
    return _without_counts(heard)


Group = tuple[str, list[Heard]]

_ORDER = (WORK, AWAKE, DAY_OFF, NIGHT)


def _grouped(heard: Sequence[Heard]) -> list[Group]:
    groups = [(group, [one for one in heard if one.group == group]) for group in _ORDER]
    return [(group, members) for group, members in groups if members]


def _with_counts(heard: Sequence[Heard]) -> str:
    total, groups = _total(heard), _grouped(heard)
    where = f"in {heard[0].place}" if len(heard) == 1 else f"in these {number_word(len(heard))} places"
    if len(groups) == 1:
        doing = _doing(groups[0], total, "the session")
        if total == 1:
            return f"The one person enrolled, {where}, {doing}."
        everybody = "Both" if total == 2 else f"All {number_word(total)}"
        return f"{everybody} people enrolled {where} {doing}."
    parts = [_part(group, "it" if place else "the session") for place, group in enumerate(groups)]
    return f"Of the {number_word(total)} people enrolled {where}, {_joined(parts)}."


def _part(group: Group, what: str) -> str:
    """Those who would lose sleep are named by place, while that stays short."""
    state, members = group
    people = _total(members)
    named = f", in {listed([one.place for one in members])}," if state == NIGHT and len(members) <= 2 else ""
    return f"{number_word(people)}{named} {_doing(group, people, what)}"


def _total(heard: Sequence[Heard]) -> int:
    return sum(one.people or 0 for one in heard)


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])}, and {parts[-1]}"


def _doing(group: Group, people: int, what: str) -> str:
    state, members = group
    be, have = ("is", "has") if people == 1 else ("are", "have")
    if state == WORK:
        return f"{be} at work while {what} runs"
    if state == AWAKE:
        return f"{be} awake outside work for some or all of {what}"
    if state == DAY_OFF:
        return f"{have} a day off"
    return f"would be up {'past midnight' if all(one.past_midnight for one in members) else 'at night'}"


def _without_counts(heard: Sequence[Heard]) -> str:
    phrases: dict[str, Callable[[str], str]] = {
        WORK: lambda places: f"in working hours in {places}",
        AWAKE: lambda places: f"partly or wholly outside working hours in {places}",
        DAY_OFF: lambda places: f"on a day off in {places}",
        NIGHT: lambda places: f"at night in {places}",
    }
    parts = [phrases[state](listed([one.place for one in members])) for state, members in _grouped(heard)]
    return f"The session falls {_joined(parts)}."


def summary(one: Heard, *, is_reader: bool) -> str:
    """For a strip alone: `the session falls in your working hours`."""
    whose = "your" if is_reader else "the"
    falls = {
        WORK: f"in {whose} working hours",
        AWAKE: f"partly in {whose} working hours"
        if WORK in one.states
        else f"outside {whose} working hours, in waking hours",
        DAY_OFF: f"on {'your' if is_reader else 'a'} day off",
        NIGHT: "at night" if one.states == (NIGHT,) else "partly at night",
    }
    return f"the session falls {falls[one.group]}"
