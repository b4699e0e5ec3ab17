"""What the zones check has to say, in words: for the command line and for the desk."""

from datetime import datetime, timedelta

from app.domain.dates import short_day
from app.domain.timezones import Flag, Span, city, local, readable_zone, zone_phrase
from app.scheduling.zone_findings import AbsenceFinding, Checked, Finding


def flag_sentence(flag: Flag, starts_wall: datetime, timezone: str) -> str:
    """What a person should look at, and what to do about it."""
    promised = f"{starts_wall:%H:%M} on {short_day(starts_wall.date(), year=True)}"
    if flag is Flag.ZONE_GONE:
        return (
            f"The zone data no longer knows “{timezone}”. The sitting keeps its instant; "
            "give it a zone that exists."
        )
    if flag is Flag.NOW_IN_GAP:
        return (
            f"Under new rules clocks in {city(timezone)} skip {promised}. "
            "The sitting begins as long after the change as was promised; choose a time that exists."
        )
    return (
        f"Under new rules {promised} comes twice in {city(timezone)}. "
        "One of the two was taken; choose the one that is meant."
    )


def moved_by(before: datetime, after: datetime) -> str:
    """`1 hour earlier`, `30 minutes later`, `1 hour 15 minutes later`."""
    minutes = round(abs(after - before) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((hours, "hour"), (rest, "minute"))
        if count
    ]
    return f"{' '.join(parts) or 'less than a minute'} {'later' if after > before else 'earlier'}"


def lines(found: Checked) -> list[str]:
    """The findings, each with what stood and what comes of it."""
    said: list[str] = []
    for finding in found.findings:
        said += _finding(finding)
    for absence in found.absences:
        said += _absence(absence)
    return said


def total(found: Checked, applied: bool) -> str:
    """One line: how many were looked at, moved and flagged."""
    looked = f"{_counted(found.examined, 'coming sitting')} read under zone data {found.version}"
    if found.says_nothing:
        return f"{looked}: nothing changes."
    done = "" if applied else "would be "
    parts = [f"{found.moved} {done}moved", f"{found.flagged} {done}flagged"]
    if found.absences:
        parts.append(f"{_counted(len(found.absences), 'absence')} {done}moved")
    return f"{looked}: {', '.join(parts)}."


def _finding(finding: Finding) -> list[str]:
    wall, zone = finding.starts_wall, finding.timezone
    said = [
        f"{finding.journey} / {finding.learning_session} (sitting {finding.offering_id})",
        f"  promised  {short_day(wall.date(), year=True)}, {wall:%H:%M}, {zone}",
    ]
    if finding.is_moved:
        by = moved_by(finding.before.starts_at, finding.after.starts_at)
        said.append(f"  before    {_instant(finding.before, zone)}")
        said.append(f"  after     {_instant(finding.after, zone)}, {by}")
    else:
        said.append(f"  stays     {_instant(finding.after, zone)}")
    if finding.flag is not None:
        said.append(f"  look      {flag_sentence(finding.flag, wall, zone)}")
    elif not finding.is_moved:
        said.append("  look      The zone is known again; nothing is left to look at.")
    return said


def _absence(finding: AbsenceFinding) -> list[str]:
    wall = f"{finding.starts_wall:%Y-%m-%d %H:%M} to {finding.ends_wall:%Y-%m-%d %H:%M}"
    return [
        f"{finding.facilitator} is away {wall}, {finding.timezone}",
        *(
            f"  {name}    {one.starts_at:%Y-%m-%d %H:%MZ} to {one.ends_at:%Y-%m-%d %H:%MZ}"
            for name, one in (("before", finding.before), ("after ", finding.after))
        ),
    ]


def _instant(span: Span, timezone: str) -> str:
    """`2023-04-12 16:00Z, 10:00 there (CST, UTC−6)`; only the first where the zone is not known."""
    instant = f"{span.starts_at:%Y-%m-%d %H:%MZ}"
    if readable_zone(timezone) != timezone:
        return instant
    there = local(span.starts_at, timezone)
    day = "" if there.date() == span.starts_at.date() else f"{there:%Y-%m-%d} "
    return f"{instant}, {day}{there:%H:%M} there ({zone_phrase(there)})"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
