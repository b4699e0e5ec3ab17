"""Where a journey's words come from: one statement for all its texts, in every table that holds one."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import literal_column, select, union_all

from app.facilitators.models import Facilitator
from app.journeys.matter import Activity, ActivityCredit, Contact, Partner, Publication, PublicationCredit
from app.journeys.models import (
    CountryGroup,
    CountryGroupMember,
    Journey,
    JourneyAudience,
    JourneyTopic,
    Outcome,
    Theme,
    Topic,
)
from app.learning_sessions.models import (
    AgendaCredit,
    AgendaItem,
    LearningSession,
    Offering,
    OfferingFacilitator,
)
from app.organisations.models import Organisation
from app.toolkits.models import Toolkit, ToolkitCredit, journey_toolkits

OWN_TEXTS: dict[Any, tuple[str, ...]] = {
    JourneyAudience: ("audience",),
    Outcome: ("text",),
    Theme: ("title", "summary"),
    Activity: ("title", "summary"),
    Contact: ("name", "post", "institution"),
    Publication: ("title",),
    CountryGroup: ("name",),
    LearningSession: ("title", "summary"),
}
"""Tables with a journey_id of their own."""

JOURNEY_TEXTS = ("title", "short_title", "summary", "purpose", "audience")


def texts_of(journey_ids: Collection[int]) -> Any:
    """Rows of (journey id, text, text), the second text often empty."""
    return union_all(*_texts(journey_ids))


def _texts(ids: Collection[int]) -> Iterator[Any]:
    for place in range(0, len(JOURNEY_TEXTS), 2):
        pair = [getattr(Journey, name) for name in JOURNEY_TEXTS[place : place + 2]]
        yield _rows(Journey.id, *pair).where(Journey.id.in_(ids))
    for table, names in OWN_TEXTS.items():
        columns = [getattr(table, name) for name in names[:2]]
        yield _rows(table.journey_id, *columns).where(table.journey_id.in_(ids))
    yield _rows(Contact.journey_id, Contact.institution).where(Contact.journey_id.in_(ids))
    yield (
        _rows(JourneyTopic.journey_id, Topic.name)
        .join(Topic, Topic.id == JourneyTopic.topic_id)
        .where(JourneyTopic.journey_id.in_(ids))
    )
    yield (
        _rows(Partner.journey_id, Organisation.name, Organisation.short_name)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.journey_id.in_(ids))
    )
    yield from _people(ids)
    yield from _people_in_sessions(ids)
    yield from _toolkits(ids)


def _people(ids: Collection[int]) -> Iterator[Any]:
    yield (
        _rows(Activity.journey_id, ActivityCredit.name, ActivityCredit.affiliation)
        .join(ActivityCredit, ActivityCredit.activity_id == Activity.id)
        .where(Activity.journey_id.in_(ids))
    )
    yield (
        _rows(Publication.journey_id, PublicationCredit.name, PublicationCredit.affiliation)
        .join(PublicationCredit, PublicationCredit.publication_id == Publication.id)
        .where(Publication.journey_id.in_(ids))
    )
    yield (
        _rows(CountryGroup.journey_id, CountryGroupMember.name, CountryGroupMember.institution)
        .join(CountryGroupMember, CountryGroupMember.country_group_id == CountryGroup.id)
        .where(CountryGroup.journey_id.in_(ids))
    )


def _people_in_sessions(ids: Collection[int]) -> Iterator[Any]:
    yield (
        _rows(LearningSession.journey_id, Facilitator.name, Facilitator.affiliation)
        .join(Offering, Offering.learning_session_id == LearningSession.id)
        .join(OfferingFacilitator, OfferingFacilitator.offering_id == Offering.id)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(LearningSession.journey_id.in_(ids))
    )
    yield (
        _rows(LearningSession.journey_id, AgendaCredit.name, AgendaCredit.affiliation)
        .join(Offering, Offering.learning_session_id == LearningSession.id)
        .join(AgendaItem, AgendaItem.offering_id == Offering.id)
        .join(AgendaCredit, AgendaCredit.agenda_item_id == AgendaItem.id)
        .where(LearningSession.journey_id.in_(ids))
    )


def _toolkits(ids: Collection[int]) -> Iterator[Any]:
    shared = journey_toolkits.c
    yield (
        _rows(shared.journey_id, Toolkit.title)
        .join(Toolkit, Toolkit.id == shared.toolkit_id)
        .where(shared.journey_id.in_(ids))
    )
    yield (
        _rows(shared.journey_id, ToolkitCredit.name, ToolkitCredit.affiliation)
        .join(ToolkitCredit, ToolkitCredit.toolkit_id == shared.toolkit_id)
        .where(shared.journey_id.in_(ids))
    )


def _rows(journey_id: Any, *texts: Any) -> Any:
    first, second = (*texts, literal_column("''"))[:2]
    return select(journey_id.label("journey_id"), first.label("first"), second.label("second")).select_from(
        journey_id.table
    )
