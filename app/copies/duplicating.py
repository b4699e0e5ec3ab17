"""Rows as copies of other rows: every column, save those that a copy has anew.

What is carried over is not listed; so a column that is added later comes along by itself, unless somebody
says here that it does not.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import inspect

from app.database import Base
from app.enrolments.models import EnrolmentPolicy, PlaceRule
from app.journeys.matter import (
    Activity,
    ActivityCredit,
    Contact,
    Partner,
    Publication,
    PublicationCredit,
)
from app.journeys.models import (
    CountryGroup,
    CountryGroupMember,
    ExpectedZone,
    Journey,
    JourneyAudience,
    JourneyTopic,
    Outcome,
    QuestionHeading,
    Theme,
)
from app.learning_sessions.models import (
    AgendaCredit,
    AgendaItem,
    LearningSession,
    Offering,
    OfferingFacilitator,
)

Row = TypeVar("Row", bound=Base)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OF_A_JOURNEY = _names("id journey_id")
_TRACES = _names("created_at updated_at version")

ANEW: Mapping[type[Base], frozenset[str]] = {
    Journey: _TRACES
    | _names("id slug title title_folded short_title status published_at closed_on closing_note")
    | _names("starts_on ends_on next_at"),
    **dict.fromkeys(
        (Outcome, Theme, Activity, Partner, Contact, Publication, CountryGroup, ExpectedZone), _OF_A_JOURNEY
    ),
    JourneyTopic: _names("journey_id"),
    JourneyAudience: _names("journey_id"),
    QuestionHeading: _OF_A_JOURNEY | {"parent_id"},
    ActivityCredit: _names("id activity_id"),
    PublicationCredit: _names("id publication_id"),
    CountryGroupMember: _names("id country_group_id participant_id"),
    LearningSession: _OF_A_JOURNEY | _TRACES,
    Offering: _TRACES
    | _names("id learning_session_id position uid status sequence cancelled_at cancellation_note")
    | _names("timezone starts_wall fold length_minutes starts_at ends_at first_on last_on")
    | _names("zone_data_version zone_flag registration_opens_at registration_closes_at")
    | _names("confirmed_online confirmed_in_person held_online held_in_person last_queue_number"),
    OfferingFacilitator: _names("offering_id"),
    AgendaItem: _names("id offering_id"),
    AgendaCredit: _names("id agenda_item_id"),
    EnrolmentPolicy: _names("journey_id opens_at closes_at version"),
    PlaceRule: _names("offering_id draw_at seed drawn_at balanced_until_at version"),
}
"""What a copy has anew. The members of a country's group are named, and lead to no participant."""

WITH: Mapping[type[Base], tuple[str, ...]] = {
    Journey: (
        "outcomes", "topics", "audiences", "themes", "activities", "partners", "contacts", "publications",
        "country_groups", "expected_zones",
    ),
    Activity: ("credits",),
    Publication: ("credits",),
    CountryGroup: ("members",),
    Offering: ("facilitators", "agenda"),
    AgendaItem: ("credits",),
}  # fmt: skip
"""The lists that are copied along."""


def columns_of(row: Base) -> dict[str, Any]:
    """What a copy of the row takes over, by attribute."""
    anew = ANEW[type(row)]
    return {one.key: getattr(row, one.key) for one in inspect(type(row)).column_attrs if one.key not in anew}


def duplicate(row: Row, **anew: Any) -> Row:
    """A new row like `row`, with the lists in it."""
    copy = type(row)(**columns_of(row), **anew)
    carry_lists(row, copy)
    return copy


def carry(row: Row, copy: Row) -> None:
    """Let a row that is there already take over what a copy takes over, with the lists in it."""
    for name, value in columns_of(row).items():
        setattr(copy, name, value)
    carry_lists(row, copy)


def carry_lists(row: Base, copy: Base) -> None:
    """The rows in the lists of `row`, again in those of `copy`."""
    for name in WITH.get(type(row), ()):
        getattr(copy, name).extend(_duplicates(getattr(row, name)))


def _duplicates(rows: Iterable[Base]) -> list[Base]:
    return [duplicate(one) for one in rows]
