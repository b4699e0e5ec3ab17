"""Which roster a screen is about, and what the reader may do there."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.domain.permissions import Permission
from app.enrolments.roster.asked import Asked
from app.enrolments.roster.people import people_roster
from app.enrolments.roster.places import places_roster
from app.enrolments.roster.statements import Roster
from app.enrolments.views.loading import Target
from app.journeys.models import Journey
from app.learning_sessions.models import Offering
from app.web.access import can


@dataclass(frozen=True)
class Where:
    """The roster of a journey, or of one of its sittings."""

    journey: Journey
    offering: Offering | None
    roster: Roster
    keeps: bool
    """Whether the reader decides about these people; who does not sees no addresses."""

    def url(self, what: str = "", asked: Asked | None = None, **values: Any) -> str:
        """The address of one of its screens, with what is asked for."""
        name = "offering_roster" if self.offering is not None else "roster"
        endpoint = f"enrolments.{name}_{what}" if what else f"enrolments.{name}"
        at: dict[str, Any] = {"slug": self.journey.slug}
        if self.offering is not None:
            at = {"offering_id": self.offering.id}
        return url_for(endpoint, **at, **values) + (asked.query() if asked is not None else "")


def of_offering(target: Target | Offering) -> Where:
    """The roster of a sitting, as the reader sees it."""
    offering = target.offering if isinstance(target, Target) else target
    journey = offering.learning_session.journey
    keeps = can(Permission.OFFERING_ROSTER, offering)
    return Where(journey, offering, places_roster(offering, journey.id, keeps), keeps)


def of_journey(journey: Journey) -> Where:
    """The roster of a journey, as the reader sees it."""
    keeps = can(Permission.JOURNEY_ROSTER, journey)
    return Where(journey, None, people_roster(journey.id, keeps), keeps)
