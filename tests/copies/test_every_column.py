"""Nothing that a journey holds is forgotten by its copy: every column and every table is looked at.

A column or a table that is added later fails here until the copy knows it, or somebody says why it stays.
"""

import importlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import RelationshipProperty

import app as meridian
from app.copies.operations import CopyPlan, copy_journey
from app.database import Base, UtcDateTime, db
from app.domain.attendance import Attendance
from app.domain.place_rules import Balance, RuleKind
from app.enrolments.models import EnrolmentPolicy, PlaceRule
from app.journeys.composing import find_or_create_topic
from app.journeys.models import CountryGroup, CountryGroupMember, Journey, QuestionHeading, ThemeJourney
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.storing import promise_of
from app.participants.models import Participant
from app.toolkits.operations import link_journey
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
    make_participant,
    make_toolkit,
    make_user,
    make_venue,
)

for models in sorted(Path(meridian.__file__).parent.glob("*/models.py")):
    importlib.import_module(f"app.{models.parent.name}.models")

MAPPED: dict[str, Any] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}

WITHOUT = {
    "enrolments", "places", "interests", "offering_changes", "organiser_assignments", "outbox",
    "journey_slugs", "learning_session_slugs", "toolkit_entries", "search_terms",
    "invitations", "reserved_blocks", "enrolment_decisions", "place_decisions",
    "imports", "import_rows", "roster_messages", "feeds", "calendar_replies", "announcements",
}  # fmt: skip
"""People (those invited, reserved for, imported and written to among them, their calendar addresses and
replies) and history, old addresses, what belongs to a shared toolkit, and the index of the catalogue.
"""

OTHER = {
    "journeys": {
        "slug": "its own", "title": "its own", "title_folded": "of the title", "short_title": "its own",
        "status": "a draft",
        "published_at": "a draft", "closed_on": "a draft", "closing_note": "a draft", "next_at": "derived",
        "starts_on": "moved", "ends_on": "moved", "created_at": "now", "updated_at": "now",
        "version": "its own",
    },
    "learning_sessions": {"created_at": "now", "updated_at": "now", "version": "its own"},
    "offerings": {
        "uid": "new", "status": "scheduled", "sequence": "0", "cancelled_at": "scheduled",
        "cancellation_note": "scheduled", "starts_wall": "moved", "starts_at": "derived",
        "ends_at": "derived", "zone_data_version": "derived", "zone_flag": "derived",
        "registration_opens_at": "moved", "registration_closes_at": "moved", "confirmed_online": "nobody",
        "confirmed_in_person": "nobody",
        "held_online": "nobody", "held_in_person": "nobody", "last_queue_number": "nobody",
        "created_at": "now", "updated_at": "now", "version": "its own",
    },
    "country_group_members": {"participant_id": "named, without a link"},
    "enrolment_policies": {"opens_at": "moved", "closes_at": "moved", "version": "its own"},
    "place_rules": {
        "draw_at": "moved", "balanced_until_at": "moved", "seed": "new", "drawn_at": "not drawn",
        "version": "its own",
    },
}  # fmt: skip
"""What is not the same in the copy, and why."""

RULES: dict[type[Base], tuple[type[Base], ...]] = {Journey: (EnrolmentPolicy,), Offering: (PlaceRule,)}
"""Rows with the number of what they are the rule of; it does not list them."""

SHARED = {
    "organisations", "facilitators", "participants", "venues", "topics", "toolkits", "users",
}  # fmt: skip
"""Tables whose rows both refer to."""


def test_every_table_that_hangs_on_a_journey_is_copied_or_stays_for_a_reason(source, copied):
    hanging = {"journeys"}
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            if any(key.column.table.name in hanging for key in table.foreign_keys)
        } - hanging - WITHOUT  # fmt: skip
        more -= {name for name in more if name.startswith("toolkit_")}
        if not more:
            break
        hanging |= more
    reached = {name for name, _, _ in pairs(source, copied)}
    linked = {"journey_toolkits", "learning_session_themes", "theme_journeys"}
    assert hanging - reached - linked == set()


def test_every_column_is_the_same_or_other_for_a_reason(source, copied):
    forgotten = []
    for name, one, other in pairs(source, copied):
        for column in MAPPED[name].__table__.columns:
            if column.primary_key and column.autoincrement is True or is_parent(name, column):
                continue
            if column.name in OTHER.get(name, {}) or column.name == "id":
                continue
            if getattr(one, column.name) != getattr(other, column.name):
                forgotten.append(f"{name}.{column.name}")
    assert sorted(set(forgotten)) == []


def test_what_the_test_looks_at_is_filled(source, copied):
    """A column that holds nothing proves nothing."""
    empty = []
    seen = dict[str, list[Any]]()
    for name, one, _ in pairs(source, copied):
        seen.setdefault(name, []).append(one)
    for name, rows in seen.items():
        for column in MAPPED[name].__table__.columns:
            if column.name in {"first_on", "last_on", "fold", "parent_id"} or column.name in OTHER.get(
                name, {}
            ):
                continue
            if not any(getattr(row, column.name) for row in rows):
                empty.append(f"{name}.{column.name}")
    assert empty == []


def test_links_and_what_is_derived(source, copied, database):
    offering = database.scalars(
        select(Offering).join(LearningSession).where(LearningSession.journey_id == copied.id)
    ).one()
    assert offering.starts_wall == datetime(2027, 4, 22, 13) + timedelta(days=364)
    assert offering.registration_opens_at is not None
    assert (offering.confirmed_online, offering.sequence, offering.cancelled_at) == (0, 0, None)
    assert [one.title for one in offering.learning_session.themes] == [source.themes[0].title]
    assert offering.learning_session.themes[0].journey_id == copied.id
    assert database.scalars(select(CountryGroupMember.participant_id).join(CountryGroup).where(
        CountryGroup.journey_id == copied.id)).all() == [None]  # fmt: skip
    assert database.scalars(
        select(ThemeJourney.journey_id).order_by(ThemeJourney.journey_id)
    ).all() == [source.id, copied.id]  # fmt: skip
    toolkit_links = Base.metadata.tables["journey_toolkits"]
    assert len(database.execute(select(toolkit_links)).all()) == 2
    parents = database.scalars(
        select(QuestionHeading).where(QuestionHeading.journey_id == copied.id).order_by(QuestionHeading.id)
    ).all()
    assert parents[1].parent_id == parents[0].id


def pairs(one: Base, other: Base, seen: set[int] | None = None) -> list[tuple[str, Any, Any]]:
    """(table, row of the source, row of the copy) of everything that belongs to them, through their lists."""
    seen = set() if seen is None else seen
    if id(one) in seen or type(one).__tablename__ in SHARED:
        return []
    seen.add(id(one))
    found = [(type(one).__tablename__, one, other)]
    for relation in sa.inspect(type(one)).relationships:
        if (
            relation.uselist
            and relation.secondary is None
            and relation.mapper.class_.__tablename__ not in WITHOUT
        ):
            mine, theirs = rows_of(one, relation), rows_of(other, relation)
            assert len(mine) == len(theirs), f"{type(one).__name__}.{relation.key}"
            for first, second in zip(mine, theirs, strict=True):
                found += pairs(first, second, seen)
    for kind in RULES.get(type(one), ()):
        ours, theirs_too = (sa.inspect(each).identity for each in (one, other))
        assert ours is not None
        assert theirs_too is not None
        found.append((kind.__tablename__, db.get_one(kind, ours), db.get_one(kind, theirs_too)))
    if isinstance(one, Journey) and isinstance(other, Journey):
        for first, second in zip(sessions_of(one), sessions_of(other), strict=True):
            found += pairs(first, second, seen)
    return found


def rows_of(row: Base, relation: RelationshipProperty[Any]) -> list[Any]:
    return [] if relation.key == "children" else list(getattr(row, relation.key))


def sessions_of(journey: Journey) -> list[LearningSession]:
    query = select(LearningSession).where(LearningSession.journey_id == journey.id)
    return list(db.scalars(query.order_by(LearningSession.position)))


def is_parent(name: str, column: sa.Column[Any]) -> bool:
    """Whether the column leads to the row that this one belongs to."""
    return bool(column.foreign_keys) and next(iter(column.foreign_keys)).column.table.name in {
        "learning_sessions", "offerings", "activities", "publications", "country_groups", "agenda_items",
        "question_headings", *(() if name == "journeys" else ("journeys",)),
    }  # fmt: skip


@pytest.fixture
def source(database):
    """A journey with one row of everything, and something in every column."""
    network = make_journey("A network")
    journey = make_journey("Financing", parent=network)
    learning_session = make_learning_session(journey)
    offering = make_offering(learning_session, venue=make_venue(), attendance=Attendance.BOTH)
    fill(journey, Filler())
    fill(learning_session, Filler())
    fill(offering, Filler())
    learning_session.themes = [journey.themes[0]]
    journey.question_headings.append(QuestionHeading(position=2, title="Under it"))
    database.flush()
    journey.question_headings[1].parent_id = journey.question_headings[0].id
    link_journey(make_toolkit(), journey, NOW)
    database.add(filled(EnrolmentPolicy, Filler(), journey_id=journey.id))
    database.add(filled(PlaceRule, Filler(), offering_id=offering.id, **BALANCED))
    network.themes.append(filled(type(journey.themes[0]), Filler()))
    database.flush()
    database.add(ThemeJourney(theme_id=network.themes[0].id, journey_id=journey.id))
    database.flush()
    return journey


@pytest.fixture
def copied(source, database):
    offerings = [offering for one in sessions_of(source) for offering in one.offerings]
    later = {
        one.id: replace(promise, starts_wall=promise.starts_wall + timedelta(days=364))
        for one in offerings
        if (promise := promise_of(one)) is not None
    }
    copy = copy_journey(source, CopyPlan("Financing again", "Again", None, 364, later), make_user(), NOW)
    database.flush()
    database.expire_all()
    return database.get(Journey, copy.id)


class Filler:
    """Values that differ from each other and from every default."""

    count = 1

    def value(self, column: Any) -> Any:
        self.count += 1
        kind = column.type
        if isinstance(kind, sa.Enum) and kind.enum_class is not None:
            return list(kind.enum_class)[-1]
        if isinstance(kind, sa.Boolean):
            return True
        if isinstance(kind, UtcDateTime):
            return NOW + timedelta(days=self.count)
        if isinstance(kind, sa.Date):
            return date(2027, 1, 1) + timedelta(days=self.count)
        if isinstance(kind, sa.Integer):
            return self.count
        return f"text {self.count}"


FIXED = {
    "timezone": "Europe/London", "text_direction": "rtl", "country": "GH", "month": 5, "day": 6,
    "year": 2019, "last_queue_number": 9, "capacity_online": 90, "capacity_in_person": 80,
    "confirmed_online": 3, "confirmed_in_person": 4, "language": "fr",
}  # fmt: skip
"""Where not every value is legal."""

KEEP = {
    "id", "position", "slug", "uid", "title", "title_folded", "starts_wall", "starts_at", "ends_at", "fold",
    "first_on", "last_on", "length_minutes", "version", "attendance", "parent_id", "journey_id", "venue_id",
    "created_at", "updated_at", "zone_flag",
}  # fmt: skip


def fill(row: Base, filler: Filler) -> None:
    """Something in every column of the row, and one row in every list it has."""
    for column in type(row).__table__.columns:
        if column.name not in KEEP and not column.foreign_keys:
            setattr(row, column.name, FIXED.get(column.name, filler.value(column)))
    for relation in sa.inspect(type(row)).relationships:
        name = relation.mapper.class_.__tablename__
        if not relation.uselist or relation.secondary is not None or name in {"journeys", "offerings"}:
            continue
        if not getattr(row, relation.key):
            getattr(row, relation.key).append(filled(relation.mapper.class_, filler))


BALANCED = {"kind": RuleKind.BALANCED, "balance": Balance.COUNTRY, "draw_at": None, "seed": ""}
"""A rule cannot hold everything at once."""


def filled(kind: type[Base], filler: Filler, /, **given: Any) -> Any:
    """A new row with something in every column and list; what is `given` is as it says."""
    made: Any = kind(**given)
    for column in kind.__table__.columns:
        if column.name in given:
            continue
        if column.name in {"position"}:
            made.position = 1
        elif column.foreign_keys:
            make_target(made, column)
        elif column.name not in {"id", "version"}:
            setattr(made, column.name, FIXED.get(column.name, filler.value(column)))
    for relation in sa.inspect(kind).relationships:
        if relation.uselist and relation.secondary is None:
            getattr(made, relation.key).append(filled(relation.mapper.class_, filler))
    return made


def make_target(row: Any, column: Any) -> None:
    """A row of another table to refer to; the one it belongs to is set by the list it stands in."""
    table = next(iter(column.foreign_keys)).column.table.name
    makers: dict[str, Any] = {
        "organisations": make_organisation,
        "facilitators": make_facilitator,
        "participants": some_participant,
        "topics": some_topic,
    }
    if table in makers:
        setattr(row, column.name, makers[table]().id)


def some_participant() -> Participant:
    return make_participant()


def some_topic() -> Any:
    return find_or_create_topic("Capitation")
