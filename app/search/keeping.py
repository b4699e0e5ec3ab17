"""Keeps the index in step: a text that journeys are found by changes, and the index with it, at once.

Slices that hold those texts come before this one and may not call it, so it listens to `db`. Statements that
bypass objects (`update(Journey)…`) are not noticed; `flask search reindex` repairs what they leave.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import SessionTransaction, UOWTransaction

from app.database import db
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
from app.search import queries
from app.search.operations import reindex
from app.search.texts import JOURNEY_TEXTS
from app.toolkits.models import Toolkit, ToolkitCredit, journey_toolkits

TOUCHED = "journeys_to_index"

Found = Callable[[set[int]], Any]


def _sessions_journey(*joins: Any) -> Any:
    found = select(LearningSession.journey_id)
    for target, on in joins:
        found = found.join(target, on)
    return found


_OFFERING = (Offering, Offering.learning_session_id == LearningSession.id)
_AGENDA = (AgendaItem, AgendaItem.offering_id == Offering.id)
_LED = (OfferingFacilitator, OfferingFacilitator.offering_id == Offering.id)

JOURNEYS_OF: dict[Any, Found] = {
    Topic: lambda ids: select(JourneyTopic.journey_id).where(JourneyTopic.topic_id.in_(ids)),
    Organisation: lambda ids: select(Partner.journey_id).where(Partner.organisation_id.in_(ids)),
    Activity: lambda ids: select(Activity.journey_id).where(Activity.id.in_(ids)),
    Publication: lambda ids: select(Publication.journey_id).where(Publication.id.in_(ids)),
    CountryGroup: lambda ids: select(CountryGroup.journey_id).where(CountryGroup.id.in_(ids)),
    LearningSession: lambda ids: _sessions_journey().where(LearningSession.id.in_(ids)),
    Offering: lambda ids: _sessions_journey(_OFFERING).where(Offering.id.in_(ids)),
    AgendaItem: lambda ids: _sessions_journey(_OFFERING, _AGENDA).where(AgendaItem.id.in_(ids)),
    Facilitator: lambda ids: _sessions_journey(_OFFERING, _LED).where(
        OfferingFacilitator.facilitator_id.in_(ids)
    ),
    Toolkit: lambda ids: select(journey_toolkits.c.journey_id).where(journey_toolkits.c.toolkit_id.in_(ids)),
}
"""From ids of a thing to the journeys that are found by it."""

WATCHED: dict[Any, tuple[Any, str, tuple[str, ...]]] = {
    Journey: (Journey, "id", JOURNEY_TEXTS),
    Outcome: (Journey, "journey_id", ("text",)),
    JourneyTopic: (Journey, "journey_id", ("topic_id",)),
    JourneyAudience: (Journey, "journey_id", ("audience",)),
    Theme: (Journey, "journey_id", ("title", "summary")),
    Activity: (Journey, "journey_id", ("title", "summary")),
    Contact: (Journey, "journey_id", ("name", "post", "institution")),
    Publication: (Journey, "journey_id", ("title",)),
    Partner: (Journey, "journey_id", ("organisation_id",)),
    CountryGroup: (Journey, "journey_id", ("name",)),
    LearningSession: (Journey, "journey_id", ("journey_id", "title", "summary")),
    Topic: (Topic, "id", ("name",)),
    Organisation: (Organisation, "id", ("name", "short_name")),
    Facilitator: (Facilitator, "id", ("name", "affiliation")),
    Toolkit: (Toolkit, "id", ("title",)),
    ActivityCredit: (Activity, "activity_id", ("name", "affiliation")),
    PublicationCredit: (Publication, "publication_id", ("name", "affiliation")),
    CountryGroupMember: (CountryGroup, "country_group_id", ("name", "institution")),
    Offering: (LearningSession, "learning_session_id", ()),
    OfferingFacilitator: (Offering, "offering_id", ("facilitator_id",)),
    AgendaCredit: (AgendaItem, "agenda_item_id", ("name", "affiliation")),
    ToolkitCredit: (Toolkit, "toolkit_id", ("name", "affiliation")),
}
"""Class → the thing its words belong to, the column that names it, and the columns whose change matters."""


def listen() -> None:
    """Begin to watch `db`; doing it again changes nothing."""
    if not event.contains(db, "after_flush", _note):
        event.listen(db, "after_flush", _note)
        event.listen(db, "before_commit", _follow)
        event.listen(db, "after_transaction_end", _forget)


def _note(active: OrmSession, flush: UOWTransaction) -> None:
    touched = active.info.setdefault(TOUCHED, {})
    for state, (is_deleted, is_only_listed) in flush.states.items():  # knows of orphans too, unlike `deleted`
        thing = state.obj()
        if type(thing) not in WATCHED or (is_only_listed and not is_deleted):
            continue
        if is_deleted or thing in active.new or _is_reworded(thing):
            for owner, number in _owners(thing):
                touched.setdefault(owner, set()).add(number)


def _owners(thing: Any) -> Iterator[tuple[Any, int]]:
    """(class, id) of what a thing's words belong to, before as well as after a change."""
    owner, column, _ = WATCHED[type(thing)]
    history = inspect(thing).attrs[column].history
    yield from ((owner, number) for number in (*history.sum(),) if number is not None)
    if type(thing) is Toolkit:
        gone = inspect(thing).attrs["journeys"].history.deleted or ()
        yield from ((Journey, journey.id) for journey in gone)


def _is_reworded(thing: Any) -> bool:
    attributes = inspect(thing).attrs
    names = (*WATCHED[type(thing)][2], *(("journeys",) if type(thing) is Toolkit else ()))
    return any(attributes[name].history.has_changes() for name in names)


def _follow(active: OrmSession) -> None:
    """Before the commit of the whole transaction: write what its changes mean for the index."""
    if active.in_nested_transaction():
        return
    active.flush()
    touched: dict[Any, set[int]] = active.info.pop(TOUCHED, {})
    journey_ids = touched.pop(Journey, set())
    for owner, numbers in touched.items():
        journey_ids |= queries.ids(JOURNEYS_OF[owner](numbers))
    if journey_ids:
        reindex(journey_ids)


def _forget(active: OrmSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        active.info.pop(TOUCHED, None)
