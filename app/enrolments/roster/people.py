"""The roster of a journey: everybody who is, was or asks to be enrolled in it."""

from sqlalchemy import String, case, func, select, type_coerce

from app.accounts.models import User
from app.database import db
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.enrolments.roster.statements import Join, Roster
from app.organisations.models import Organisation
from app.participants.models import Participant

STATUSES = {"requested": "Asks to join", "active": "Enrolled", "declined": "Declined", "left": "Left"}

_since = case(
    (Enrolment.status == EnrolmentStatus.LEFT, func.coalesce(Enrolment.left_at, Enrolment.enrolled_at)),
    (Enrolment.status == EnrolmentStatus.REQUESTED, Enrolment.enrolled_at),
    else_=func.coalesce(Enrolment.decided_at, Enrolment.enrolled_at),
)


def people_roster(journey_id: int, sees_addresses: bool) -> Roster:
    """The roster of a journey. Country and organisation are those of the enrolment."""
    return Roster(
        key=Enrolment.id,
        here=Enrolment.journey_id == journey_id,
        table=Enrolment.__table__,
        joins={
            "participant": Join(Participant, Participant.id == Enrolment.participant_id),
            "organisation": Join(Organisation, Organisation.id == Enrolment.organisation_id),
            "account": Join(User, User.id == Participant.user_id, "participant"),
        },
        status=type_coerce(Enrolment.status, String),
        statuses=STATUSES,
        since=_since,
        line=Enrolment.enrolled_at,
        columns={
            "asked_at": Enrolment.enrolled_at,
            "decided_at": Enrolment.decided_at,
            "answer": Enrolment.answer,
            "note": Enrolment.decision_note,
            "wants_all": Enrolment.wants_all,
        },
        sees_addresses=sees_addresses,
    )


def counts_of_people(journey_id: int) -> dict[str, int]:
    """Status → how many enrolments of a journey have it, none left out; one query."""
    rows = db.execute(
        select(Enrolment.status, func.count())
        .where(Enrolment.journey_id == journey_id)
        .group_by(Enrolment.status)
    )
    return dict.fromkeys(STATUSES, 0) | {status.value: people for status, people in rows}
