"""The statements every roster is read with. Their number does not depend on how many people there are."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import User
from app.accounts.queries import fold_email
from app.database import db
from app.domain.text import fold_text
from app.domain.zone_directory import countries, country_name
from app.enrolments.models import Enrolment
from app.enrolments.roster.asked import NOTHING, Asked
from app.organisations.models import Organisation
from app.participants.models import Participant

PAGE = 50
MOST_WORDS = 8
MOST_ORGANISATIONS = 100
"""So many are offered to choose from, those with the most people; all are found by searching."""

ADDRESS = func.coalesce(User.email, Participant.email)
ORGANISATION = func.coalesce(Organisation.name_folded, "")


@dataclass(frozen=True)
class Roster:
    """One list of people, in terms of the database."""

    key: InstrumentedAttribute[int]
    here: ColumnElement[bool]
    table: Any
    joins: Mapping[str, "Join"]
    """What can be joined to its rows: participant, enrolment, organisation, account, block."""
    status: ColumnElement[str]
    statuses: Mapping[str, str]
    """What each is called, in the order of the list."""
    since: ColumnElement[Any]
    line: Any
    """The order of those who have the same status."""
    columns: Mapping[str, Any]
    """What the rows tell beside what those of every list tell."""
    sees_addresses: bool
    block: Any = None
    block_name: Any = None


@dataclass(frozen=True)
class Join:
    """A table that tells more of each row; it is joined only where a statement needs it."""

    table: Any
    on: ColumnElement[bool]
    after: str = ""
    """Another one that it is joined to."""


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
    found = dict(db.execute(_grouped(roster, roster.status)).all())
    codes = db.execute(_grouped(roster, Enrolment.country, needs="enrolment"))
    blocks = db.execute(_blocks(roster)).all() if roster.block is not None else []
    by_status = {status: found[status] for status in roster.statuses if status in found}
    return Counts(
        by_status,
        {
            "status": [Choice(one, roster.statuses[one], people) for one, people in by_status.items()],
            "country": _choices((code, country_name(code) if code else "", people) for code, people in codes),
            "organisation": _choices(db.execute(_most_organisations(roster))),
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
    return db.scalar(_asked_for(roster, asked, func.count())) or 0


def page_of(roster: Roster, asked: Asked, number: int) -> list[Entry]:
    """The people of one page, in the order that is asked for; two statements."""
    ids = db.scalars(_in_order(roster, asked).limit(PAGE).offset(PAGE * (number - 1))).all()
    return entries(roster, ids)


def ids_of(roster: Roster, asked: Asked) -> list[int]:
    """The numbers of the rows of everybody who is asked for, in order."""
    return list(db.scalars(_in_order(roster, asked)))


def known(roster: Roster, ids: Sequence[int]) -> list[int]:
    """Those of these numbers that are rows of this roster, in its usual order."""
    return list(db.scalars(_in_order(roster, Asked()).where(roster.key.in_(ids)))) if ids else []


def entries(roster: Roster, ids: Sequence[int]) -> list[Entry]:
    """The people of these rows, in the order of the numbers."""
    if not ids:
        return []
    shown = _shown(roster, Asked()).where(roster.key.in_(ids))
    found = {row.id: Entry(**row._mapping) for row in db.execute(shown)}
    return [found[number] for number in ids if number in found]


def every_entry(roster: Roster, asked: Asked) -> Iterator[Entry]:
    """Everybody who is asked for, in order, read a piece at a time."""
    shown = _sorted(_shown(roster, asked), roster, asked)
    for row in db.execute(shown.execution_options(yield_per=500)):
        yield Entry(**row._mapping)


def statuses_of(roster: Roster, ids: Sequence[int]) -> dict[int, str]:
    """Number of the row → its status now."""
    found = _asked_for(roster, Asked(), roster.key, roster.status).where(roster.key.in_(ids))
    return dict(db.execute(found).all())


def organisation_name(number: str) -> str | None:
    """What an organisation is called, by its number as an address says it."""
    if not is_number(number):
        return None
    return db.scalar(select(Organisation.name).where(Organisation.id == int(number)))


def count_statuses(roster: Roster, asked: Asked, ids: Sequence[int] | None = None) -> dict[str, int]:
    """How many of those asked for, or of these rows, have each status, in the order of the list."""
    counted = _asked_for(roster, asked, roster.status, func.count()).group_by(roster.status)
    found = dict(db.execute(counted if ids is None else counted.where(roster.key.in_(ids))).all())
    return {status: found[status] for status in roster.statuses if status in found}


def without_address(roster: Roster, asked: Asked, ids: Sequence[int] | None = None) -> list[str]:
    """The names of those asked for, or of these rows, whom no mail can reach."""
    needs = ("participant", "account")
    found = _asked_for(roster, asked, Participant.name, needs=needs).where(func.coalesce(ADDRESS, "") == "")
    narrowed = found if ids is None else found.where(roster.key.in_(ids))
    return list(db.scalars(narrowed.order_by(Participant.name_folded, roster.key)))


def _shown(roster: Roster, asked: Asked) -> Any:
    columns: list[Any] = [
        roster.key.label("id"),
        Participant.id.label("participant_id"),
        Participant.name,
        Enrolment.country,
        Organisation.name.label("organisation"),
        func.coalesce(Enrolment.stakeholder_group, "").label("stakeholder_group"),
        Participant.timezone,
        roster.status.label("status"),
        roster.since.label("since"),
        *(expression.label(name) for name, expression in roster.columns.items()),
    ]
    needs = ["participant", "enrolment", "organisation", "block"]
    if roster.sees_addresses:
        columns.append(ADDRESS.label("email"))
        needs.append("account")
    return _asked_for(roster, asked, *columns, needs=needs)


def _in_order(roster: Roster, asked: Asked) -> Any:
    return _sorted(_asked_for(roster, asked, roster.key, needs=SORT_NEEDS[asked.by]), roster, asked)


def _asked_for(roster: Roster, asked: Asked, *columns: Any, needs: Iterable[str] = ()) -> Any:
    """Of the people asked for; a value that nobody can have is nobody's."""
    words = asked.q.split()[:MOST_WORDS]
    needed = {*needs}
    if words:
        needed |= {"participant", "organisation", *(["account"] if roster.sees_addresses else [])}
    if asked.country or asked.organisation:
        needed.add("enrolment")
    statement = select(*columns).select_from(_source(roster, needed)).where(roster.here)
    if asked.status:
        statement = statement.where(
            roster.status == asked.status if asked.status in roster.statuses else false()
        )
    if asked.country:
        statement = statement.where(Enrolment.country.is_not_distinct_from(_or_nothing(asked.country)))
    if asked.organisation:
        statement = statement.where(_is_number(Enrolment.organisation_id, asked.organisation))
    if asked.block:
        statement = statement.where(_is_number(roster.block, asked.block))
    return statement.where(*(_has(word, roster) for word in words))


def _source(roster: Roster, needed: Collection[str]) -> Any:
    """The rows, with what is needed of the other tables and nothing else."""
    wanted = {*needed, *(roster.joins[name].after for name in needed if name in roster.joins)}
    source = roster.table
    for name, one in roster.joins.items():
        if name in wanted:
            source = source.outerjoin(one.table, one.on)
    return source


def _has(word: str, roster: Roster) -> ColumnElement[bool]:
    """A word of the search occurs in the name or the organisation, or in the address where that is seen."""
    folded = fold_text(word)
    found = [column.contains(folded, autoescape=True) for column in (Participant.name_folded, ORGANISATION)]
    if roster.sees_addresses:
        address = func.coalesce(User.email_folded, Participant.email_folded)
        found.append(address.contains(fold_email(word), autoescape=True))
    return or_(*found)


def _or_nothing(value: str) -> str | None:
    return None if value == NOTHING else value


def _is_number(column: Any, value: str) -> ColumnElement[bool]:
    if column is None or (value != NOTHING and not is_number(value)):
        return false()
    wanted: ColumnElement[bool] = column.is_(None) if value == NOTHING else column == int(value)
    return wanted


def is_number(text: str) -> bool:
    """Whether `text` can be the number of a row."""
    return text.isascii() and text.isdigit() and len(text) < 10


SORT_NEEDS = {
    "status": (),
    "name": ("participant",),
    "organisation": ("participant", "organisation"),
    "country": ("participant", "enrolment"),
    "since": (),
}


def _sorted(statement: Any, roster: Roster, asked: Asked) -> Any:
    name = (Participant.name_folded, roster.key)
    columns: dict[str, tuple[Any, ...]] = {
        "status": (_rank(roster.status, roster.statuses), roster.line, roster.key),
        "name": name,
        "organisation": (Organisation.name_folded.is_(None), Organisation.name_folded, *name),
        "country": (Enrolment.country.is_(None), _country_rank(), *name),
        "since": (roster.since, roster.key),
    }
    chosen = columns[asked.by]
    return statement.order_by(*(one.desc() for one in chosen) if asked.is_descending else chosen)


def _rank(column: Any, values: Iterable[str]) -> Any:
    return case({value: place for place, value in enumerate(values)}, value=column, else_=len(list(values)))


def _country_rank() -> Any:
    """The place of a country among all, by its name: where its code stands in a list of the codes."""
    codes = "".join(f",{code}" for code, _ in countries())
    find = func.strpos if db.get_bind().dialect.name == "postgresql" else func.instr
    return find(codes, func.coalesce(Enrolment.country, ""))


def _grouped(roster: Roster, *columns: Any, needs: str = "") -> Any:
    counted = select(*columns, func.count().label("people")).select_from(_source(roster, {needs}))
    return counted.where(roster.here).group_by(*columns)


def _most_organisations(roster: Roster) -> Any:
    counted = _grouped(roster, Enrolment.organisation_id, needs="enrolment")
    most = (
        counted.order_by(func.count().desc(), Enrolment.organisation_id).limit(MOST_ORGANISATIONS).subquery()
    )
    named = select(most.c.organisation_id, Organisation.name, most.c.people)
    return named.outerjoin(Organisation, Organisation.id == most.c.organisation_id)


def _blocks(roster: Roster) -> Any:
    counted = _grouped(roster, roster.block, roster.block_name, needs="block")
    return counted.where(roster.block.is_not(None))


def _choices(rows: Iterable[Any]) -> list[Choice]:
    found = [
        Choice(str(value) if value is not None else NOTHING, name or "Not known", people)
        for value, name, people in rows
    ]
    return sorted(found, key=lambda one: (one.value == NOTHING, fold_text(one.name)))
