"""Whom a journey is for, as values the catalogue can be narrowed by."""

from collections.abc import Iterable

from app.database import db
from app.domain.errors import DomainError
from app.journeys.models import Journey, JourneyAudience

LONGEST = 80


def set_audiences(journey: Journey, names: Iterable[str]) -> None:
    """Make these, and no others, the journey's audiences; saying one twice changes nothing.

    A name is used as it stands, so journeys that mean the same people must call them the same.
    """
    wanted = {" ".join(name.split()) for name in names} - {""}
    for name in wanted:
        if len(name) > LONGEST:
            complaint = f"An audience is named in at most {LONGEST} characters: “{name[:40]}…”."
            raise DomainError(complaint, "audiences")
    kept = [one for one in journey.audiences if one.audience in wanted]
    known = {one.audience for one in kept}
    journey.audiences = kept + [JourneyAudience(audience=name) for name in sorted(wanted - known)]
    db.flush()
