"""When a facilitator cannot lead: dated spans in a zone, whole days or by the hour. None of these commits."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.database import db
from app.domain.dates import day_range, short_day
from app.domain.errors import DomainError
from app.domain.timezones import city, wall_of, zone_rules
from app.facilitators.models import Absence, Facilitator

LONGEST = timedelta(days=732)


@dataclass(frozen=True)
class Away:
    """From the first day to the last; with hours, from `begins` on the first to `ends` on the last."""

    first_on: date
    last_on: date
    timezone: str
    begins: time | None = None
    ends: time | None = None
    note: str = ""

    @property
    def starts_wall(self) -> datetime:
        """The wall time at which it begins."""
        return datetime.combine(self.first_on, self.begins or time())

    @property
    def ends_wall(self) -> datetime:
        """The wall time at which it ends, exclusive."""
        if self.ends is None:
            return datetime.combine(self.last_on, time()) + timedelta(days=1)
        return datetime.combine(self.last_on, self.ends)


def add_absence(facilitator: Facilitator, away: Away) -> Absence:
    """Note that somebody cannot lead. Refuses an end before the start and spans of more than two years."""
    absence = Absence(facilitator_id=facilitator.id, **_columns(away))
    db.add(absence)
    db.flush()
    return absence


def change_absence(absence: Absence, away: Away) -> None:
    """Give an absence another span or note."""
    for name, value in _columns(away).items():
        setattr(absence, name, value)
    db.flush()


def remove_absence(absence: Absence) -> None:
    """They can lead after all."""
    db.delete(absence)
    db.flush()


def away_of(absence: Absence) -> Away:
    """The span as it was said."""
    begins, ends = absence.starts_wall, absence.ends_wall
    by_the_day = begins.time() == ends.time() == time()
    return Away(
        begins.date(),
        ends.date() - timedelta(days=1) if ends.time() == time() else ends.date(),
        absence.timezone,
        None if by_the_day or begins.time() == time() else begins.time(),
        None if ends.time() == time() else ends.time(),
        absence.note,
    )


def in_words(absence: Absence) -> str:
    """`1–5 March 2027, London`; `Mon 1 March 2027, 09:00 – Tue 2 March 2027, 13:00, London`."""
    away, place = away_of(absence), city(absence.timezone)
    if away.begins is None and away.ends is None:
        return f"{day_range(away.first_on, away.last_on)}, {place}"
    begins, ends = f"{absence.starts_wall:%H:%M}", f"{away.ends:%H:%M}" if away.ends else "24:00"
    if away.first_on == away.last_on:
        return f"{short_day(away.first_on, year=True)}, {begins}–{ends}, {place}"
    first, last = short_day(away.first_on, year=True), short_day(away.last_on, year=True)
    return f"{first}, {begins} – {last}, {ends}, {place}"


def _columns(away: Away) -> dict[str, object]:
    zone_rules(away.timezone)
    if away.last_on < away.first_on:
        raise DomainError("The last day cannot be before the first.", "last_on")
    if away.ends_wall <= away.starts_wall:
        raise DomainError("The end cannot be before the beginning.", "ends")
    if away.ends_wall - away.starts_wall > LONGEST:
        raise DomainError("Say at most two years at a time.", "last_on")
    return {
        "starts_wall": away.starts_wall,
        "ends_wall": away.ends_wall,
        "timezone": away.timezone,
        "note": away.note,
        **instants(away.starts_wall, away.ends_wall, away.timezone),
    }


def instants(starts_wall: datetime, ends_wall: datetime, timezone: str) -> dict[str, datetime]:
    """`starts_at` and `ends_at` of an absence: the first of two beginnings, the last of two ends.

    A wall time that clocks skip means the moment they skip it. Raises UnknownZone.
    """
    starts_at, ends_at = wall_of(starts_wall, timezone, 0), wall_of(ends_wall, timezone, 1)
    if ends_at <= starts_at:  # within an hour that clocks skip
        raise DomainError("Clocks skip this time; choose another end.", "ends")
    return {"starts_at": starts_at, "ends_at": ends_at}
