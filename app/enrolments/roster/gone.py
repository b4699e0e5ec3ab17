"""Why something that could be done with people when a page was opened cannot be done any more."""

from datetime import datetime

from app.enrolments.standing import is_held, is_over
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import Offering, OfferingStatus


def gone_with_places(act: str, offering: Offering, now: datetime) -> str:
    """Of an act that `acts_with_places` does not offer now: the rest of a sentence."""
    if is_over(offering, now):
        return "the sitting is over"
    if act in ("approve", "withdraw") and not is_held(offering, now):
        is_cancelled = offering.status is OfferingStatus.CANCELLED
        return "the sitting is cancelled" if is_cancelled else "the sitting has begun"
    if act == "withdraw":
        return "places in this sitting do not rest on an approval any more"
    if act == "move":
        return "there is no other sitting that takes people"
    return "nobody asks for a place here any more, and places are given without approval"


def gone_with_people(act: str, journey: Journey) -> str:
    """Of an act that `acts_with_people` does not offer now: the rest of a sentence."""
    if act == "approve" and journey.status is not JourneyStatus.OPEN:
        return "the journey is not open"
    if act == "withdraw":
        return "people join this journey without approval now"
    return "nobody asks to join any more, and people join without approval"
