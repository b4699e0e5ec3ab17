"""The statements every roster is read with. Their number does not depend on how many people there are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.domain.text import fold_text
from app.domain.zone_directory import country_name
from app.enrolments.models import Enrolment
from app.enrolments.roster.asked import NOTHING, Asked
from app.enrolments.roster.statements import (
    Roster,
    asked_for,
    blocks_of,
    grouped,
    in_order,
    is_number,
    most_organisations,
    put_in_order,
    shown_of,
)
from app.organisations.models import Organisation

PAGE = 50


@dataclass(frozen=True)
class Entry:
    """A person of a roster, as one row of it."""

    id: int
    participant_id: int
    name: str
    country: str | None
    organisation: str | None
    stakeholder_group: str
    timezone: str
    status: str
    since: datetime
    email: str = ""
    asked_at: datetime | None = None
    way: Any = None
    confirmed_at: datetime | None = None
    offer_ends_at: datetime | None = None
    block: str | None = None
    answer: str = ""
    note: str = ""
    decided_at: datetime | None = None
    wants_all: bool = False


@dataclass(frozen=True)
class Choice:
    """A value to narrow by, and how many people have it."""

    value: str
    name: str
    people: int


@dataclass(frozen=True)
class Counts:
    """How many people a roster has, whatever is asked for."""

    by_status: Mapping[str, int]
    choices: Mapping[str, Sequence[Choice]]
    """Filter → the values to choose from."""

    @property
    def everybody(self) -> int:
        return sum(self.by_status.values())

    def name_of(self, name: str, value: str) -> str:
        """What a value that was chosen is called."""
        return next((one.name for one in self.choices.get(name, ()) if one.value == value), value)


def counts(roster: Roster) -> Counts:
    """One grouped query for each choice."""
    found = dict(db.execute(grouped(roster, roster.status)).all())
    codes = db.execute(grouped(roster, Enrolment.country, needs="enrolment"))
    blocks = db.execute(blocks_of(roster)).all() if roster.block is not None else []
    by_status = {status: found[status] for status in roster.statuses if status in found}
    return Counts(
        by_status,
        {
            "status": [Choice(one, roster.statuses[one], people) for one, people in by_status.items()],
            "country": _choices((code, country_name(code) if code else "", people) for code, people in codes),
            "organisation": _choices(db.execute(most_organisations(roster))),
            "block": _choices(blocks),
        },
    )


def matching(roster: Roster, asked: Asked, found: Counts) -> int:
    """How many people are asked for; counted anew only where the counts do not tell it."""
    names = [name for name, _ in asked.chosen]
    if not names:
        return found.everybody
    if names == ["status"]:
        return found.by_status.get(asked.status, 0)
    return db.scalar(asked_for(roster, asked, func.count())) or 0


def page_of(roster: Roster, asked: Asked, number: int) -> list[Entry]:
    """The people of one page, in the order that is asked for; two statements."""
    ids = db.scalars(in_order(roster, asked).limit(PAGE).offset(PAGE * (number - 1))).all()
    return entries(roster, ids)


def ids_of(roster: Roster, asked: Asked) -> list[int]:
    """The numbers of the rows of everybody who is asked for, in order."""
    return list(db.scalars(in_order(roster, asked)))


def known(roster: Roster, ids: Sequence[int]) -> list[int]:
    """Those of these numbers that are rows of this roster, in its usual order."""
    return list(db.scalars(in_order(roster, Asked()).where(roster.key.in_(ids)))) if ids else []


def entries(roster: Roster, ids: Sequence[int]) -> list[Entry]:
    """The people of these rows, in the order of the numbers."""
    if not ids:
        return []
    shown = shown_of(roster, Asked()).where(roster.key.in_(ids))
    found = {row.id: Entry(**row._mapping) for row in db.execute(shown)}
    return [found[number] for number in ids if number in found]


def every_entry(roster: Roster, asked: Asked) -> Iterator[Entry]:
    """Everybody who is asked for, in order, read a piece at a time."""
    shown = put_in_order(shown_of(roster, asked), roster, asked)
    for row in db.execute(shown.execution_options(yield_per=500)):
        yield Entry(**row._mapping)


def statuses_of(roster: Roster, ids: Sequence[int]) -> dict[int, str]:
    """Number of the row → its status now."""
    found = asked_for(roster, Asked(), roster.key, roster.status).where(roster.key.in_(ids))
    return dict(db.execute(found).all())


def organisation_name(number: str) -> str | None:
    """What an organisation is called, by its number as an address says it."""
    if not is_number(number):
        return None
    return db.scalar(select(Organisation.name).where(Organisation.id == int(number)))


def count_statuses(roster: Roster, asked: Asked, ids: Sequence[int] | None = None) -> dict[str, int]:
    """How many of those asked for, or of these rows, have each status, in the order of the list."""
    counted = asked_for(roster, asked, roster.status, func.count()).group_by(roster.status)
    found = dict(db.execute(counted if ids is None else counted.where(roster.key.in_(ids))).all())
    return {status: found[status] for status in roster.statuses if status in found}


def _choices(rows: Iterable[Any]) -> list[Choice]:
    found = [
        Choice(str(value) if value is not None else NOTHING, name or "Not known", people)
        for value, name, people in rows
    ]
    return sorted(found, key=lambda one: (one.value == NOTHING, fold_text(one.name)))
