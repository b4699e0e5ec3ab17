"""Writing the log of decisions, in the transaction of each decision."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select, update

from app.accounts.models import User
from app.database import db
from app.domain.place_rules import RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments.decisions import Decided, EnrolmentDecided, EnrolmentDecision, Ground, PlaceDecision
from app.enrolments.models import Enrolment, Place
from app.participants.models import Participant

_DECISION = insert(cast(Table, PlaceDecision.__table__))

GROUND_OF = {
    RuleKind.FIRST_COME: Ground.FIRST_COME,
    RuleKind.LOTTERY: Ground.LOTTERY,
    RuleKind.BALANCED: Ground.BALANCED,
}


def record(
    place: Place, what: Decided, ground: Ground, before: PlaceStatus | None, now: datetime, *,
    position_before: int | None = None, position_after: int | None = None, by: User | None = None,
    note: str = "",
) -> None:  # fmt: skip
    """Note what was decided about a place, whose status is already what it became."""
    db.execute(
        _DECISION,
        {
            "place_id": place.id,
            "offering_id": place.offering_id,
            "decided_at": now,
            "what": what,
            "ground": ground,
            "status_before": before,
            "status_after": place.status,
            "position_before": position_before,
            "position_after": position_after,
            "by_id": by.id if by is not None else None,
            "note": note,
        },
    )


def record_enrolment(
    enrolment: Enrolment, what: EnrolmentDecided, now: datetime, *, by: User | None = None, note: str = ""
) -> None:
    """Note what was decided about an enrolment, which has its number already."""
    db.add(
        EnrolmentDecision(
            enrolment_id=enrolment.id,
            decided_at=now,
            what=what,
            by_id=by.id if by is not None else None,
            note=note,
        )
    )


def forget_words(participant: Participant) -> None:
    """Forget what somebody answered and what was written to them; what was decided stays."""
    enrolments, places = (
        select(one.id).where(one.participant_id == participant.id) for one in (Enrolment, Place)
    )
    db.execute(
        update(EnrolmentDecision).where(EnrolmentDecision.enrolment_id.in_(enrolments)).values(note="")
    )
    db.execute(update(PlaceDecision).where(PlaceDecision.place_id.in_(places)).values(note=""))
    words = update(Enrolment).where(Enrolment.participant_id == participant.id)
    db.execute(words.values(answer="", decision_note=""))
