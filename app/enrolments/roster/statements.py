"""The statements that rosters are read with: only what each of them needs is joined."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import User
from app.accounts.queries import fold_email
from app.database import db
from app.domain.text import fold_text
from app.domain.zone_directory import countries
from app.enrolments.models import Enrolment
from app.enrolments.roster.asked import NOTHING, Asked
from app.organisations.models import Organisation
from app.participants.models import Participant

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


def shown_of(roster: Roster, asked: Asked) -> Any:
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
    return asked_for(roster, asked, *columns, needs=needs)


def in_order(roster: Roster, asked: Asked) -> Any:
    return put_in_order(asked_for(roster, asked, roster.key, needs=SORT_NEEDS[asked.by]), roster, asked)


def asked_for(roster: Roster, asked: Asked, *columns: Any, needs: Iterable[str] = ()) -> Any:
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


def put_in_order(statement: Any, roster: Roster, asked: Asked) -> Any:
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


def grouped(roster: Roster, *columns: Any, needs: str = "") -> Any:
    counted = select(*columns, func.count().label("people")).select_from(_source(roster, {needs}))
    return counted.where(roster.here).group_by(*columns)


def most_organisations(roster: Roster) -> Any:
    counted = grouped(roster, Enrolment.organisation_id, needs="enrolment")
    most = (
        counted.order_by(func.count().desc(), Enrolment.organisation_id).limit(MOST_ORGANISATIONS).subquery()
    )
    named = select(most.c.organisation_id, Organisation.name, most.c.people)
    return named.outerjoin(Organisation, Organisation.id == most.c.organisation_id)


def blocks_of(roster: Roster) -> Any:
    counted = grouped(roster, roster.block, roster.block_name, needs="block")
    return counted.where(roster.block.is_not(None))
