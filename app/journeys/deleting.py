"""Deleting a journey that nobody has counted on. What was ever published is archived instead."""

from typing import Protocol

from sqlalchemy import delete

from app.database import db
from app.domain.dates import listed
from app.domain.errors import Refused
from app.journeys import queries
from app.journeys.models import Journey


class CountedOn(Protocol):
    """What later slices know of people who count on a journey. Counted after the journey was locked."""

    @property
    def enrolments(self) -> int: ...
    @property
    def places(self) -> int: ...


def why_not(journey: Journey, counted: CountedOn) -> str:
    """Why a journey cannot be deleted and what to do instead; empty when it can."""
    if journey.published_at is not None or journey.status != "draft":
        return "It has been published, so people may know its address and keep its dates. Archive it instead."
    if counted.enrolments or counted.places:
        return "People have enrolled in it or asked for places. Close and archive it instead."
    children = queries.titles_of_children(journey.id)
    if children:
        return f"Other journeys are part of it: {listed(children[:5])}. Take them out of it first."
    return ""


def delete_journey(journey: Journey, counted: CountedOn) -> None:
    """Delete a draft with everything in it. Lock it first, with what refers to it. Does not commit."""
    reason = why_not(journey, counted)
    if reason:
        raise Refused(reason)
    db.flush()
    db.expunge(journey)
    db.execute(delete(Journey).where(Journey.id == journey.id))
