"""What a story is, and how demonstration dates are kept relative to the day of loading."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.domain.timezones import Promise

MON, TUE, WED, THU = range(4)


@dataclass(frozen=True)
class Planned:
    """A demonstration sitting: which one it is, and when, counted from the week of loading."""

    journey: str
    """Slug."""
    learning_session: str
    """Slug."""
    number: int
    """1 for the first sitting, 2 for its twin."""
    weeks: int
    """0 is the week of loading; negative: already over."""
    weekday: int
    at: time
    timezone: str
    length_minutes: int

    def promise(self, now: datetime) -> Promise:
        """The wall time that was planned, in its week as seen from `now`."""
        monday = now.date() - timedelta(days=now.weekday())
        day = monday + timedelta(weeks=self.weeks, days=self.weekday)
        return Promise(datetime.combine(day, self.at), self.timezone, 0, self.length_minutes)


@dataclass(frozen=True)
class Story:
    """One programme: its name on the command line, its main journey, how it is loaded, what can be moved."""

    name: str
    title: str
    slug: str
    load: Callable[[datetime], None]
    planned: tuple[Planned, ...] = ()


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A time on the wall."""
    return datetime.combine(date(year, month, day), time(hour, minute))


def paragraphs(*texts: str) -> str:
    """Markdown paragraphs."""
    return "\n\n".join(texts)
