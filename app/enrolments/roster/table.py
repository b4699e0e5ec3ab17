"""A roster as a table to take along: what its columns are, and what stands in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from app.domain.timezones import local
from app.domain.zone_directory import country_name
from app.enrolments.roster.listing import Entry
from app.enrolments.roster.shown import there
from app.enrolments.roster.statements import Roster
from app.learning_sessions.models import Offering

Column = tuple[str, Callable[[Entry], str | int | None]]


def columns(
    roster: Roster, offering: Offering | None, timezone: str, places_in_line: Mapping[int, int]
) -> list[Column]:
    """(head, what stands below it). Times are read in the zone that the heads name."""

    def at(pick: Callable[[Entry], datetime | None]) -> Callable[[Entry], str]:
        return lambda one: _moment(pick(one), timezone)

    found: list[Column] = [("Name", lambda one: one.name)]
    if roster.sees_addresses:
        found.append(("E-mail", lambda one: one.email))
    found += [
        ("Organisation", lambda one: one.organisation),
        ("Country", lambda one: country_name(one.country) if one.country else ""),
        ("Group of stakeholders", lambda one: one.stakeholder_group),
        ("Time zone", lambda one: one.timezone),
        ("Status", lambda one: roster.statuses[one.status]),
        (f"Since ({timezone})", at(lambda one: one.since)),
        (f"Asked at ({timezone})", at(lambda one: one.asked_at)),
    ]
    if offering is not None:
        return found + _of_places(offering, timezone, places_in_line, at)
    return [
        *found,
        (f"Decided at ({timezone})", at(lambda one: one.decided_at)),
        ("All sessions", lambda one: "yes" if one.wants_all else ""),
        ("Answer", lambda one: one.answer),
        ("Note", lambda one: one.note),
    ]


def rows(wanted: Iterable[Column], entries: Iterable[Entry]) -> Iterator[list[str | int | None]]:
    """The rows of the table, one at a time."""
    below = [value for _, value in wanted]
    for one in entries:
        yield [value(one) for value in below]


def _of_places(
    offering: Offering, timezone: str, places_in_line: Mapping[int, int],
    at: Callable[[Callable[[Entry], datetime | None]], Callable[[Entry], str]],
) -> list[Column]:  # fmt: skip
    starts_at, own_zone = offering.starts_at, offering.timezone
    found: list[Column] = [
        (f"Confirmed at ({timezone})", at(lambda one: one.confirmed_at)),
        (f"Offer ends at ({timezone})", at(lambda one: one.offer_ends_at)),
        ("Position in line", lambda one: places_in_line.get(one.id)),
        ("Attends", lambda one: one.way.label if one.way else ""),
        ("Reserved for", lambda one: one.block),
    ]
    if starts_at is not None:
        found.append(("Begins there", lambda one: there(starts_at, one.timezone, own_zone).text))
    return found


def _moment(instant: datetime | None, timezone: str) -> str:
    return f"{local(instant, timezone):%Y-%m-%d %H:%M}" if instant is not None else ""
