"""Getting into a journey by its policy, and what its organisers decide about those who ask.

None commits. Each locks the journey first, so that its limit holds whoever asks at the same moment; each is
noted, and told to the person.
"""

from datetime import datetime

from app.accounts.models import User
from app.database import db
from app.domain.admission import Admission, Asker, Entry, decide
from app.domain.attendance import Way
from app.domain.errors import DomainError, NotOpen, Refused
from app.enrolments import all_sessions, interest, inviting, operations, policies, queries, steps
from app.enrolments.decisions import EnrolmentDecided, Ground
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.enrolments.recording import record_enrolment
from app.enrolments.rules import Invitation
from app.journeys.locking import lock
from app.journeys.models import Journey, JourneyStatus
from app.participants.models import Participant

LONGEST_NOTE = 2000


def ask_to_join(
    journey: Journey, participant: Participant, now: datetime, *,
    answer: str = "", code: str = "", wants_all: bool = False, way: Way | None = None,
    user: User | None = None,
) -> Enrolment:  # fmt: skip
    """Ask to join: enrolled at once, or a request for the organisers. Asking again changes what was said.

    `wants_all`: with a place in every session. `user`: the account of who asks, for what is sent to its
    address. Raises NotOpen, Refused (full, not invited, declined before) or DomainError (`answer`, `code`).
    """
    lock(journey)
    if journey.status is not JourneyStatus.OPEN:
        raise NotOpen(operations.why_closed(journey))
    found = _known(journey, participant)
    if found is None or found.status is not EnrolmentStatus.ACTIVE:
        found = _enter(journey, participant, found, answer, code, user, now)
    if wants_all:
        all_sessions.follow(found, now, way)
    elif found.status is EnrolmentStatus.REQUESTED:
        found.wants_all = False
    db.flush()
    return found


def can_enrol_at_once(journey_id: int, user: User | None, now: datetime) -> bool:
    """Whether one press would enrol this account: nothing is asked of it, and nobody has to decide."""
    policy = policies.policy_of(journey_id)
    if policy.admission is Admission.APPROVAL:
        return False
    return policy.admission is Admission.OPEN or inviting.admits(journey_id, user, "", now) is not None


def approve_enrolment(enrolment: Enrolment, by: User | None, now: datetime, note: str = "") -> None:
    """Say yes to somebody who asked, also to one declined before. Twice is once.

    Who wanted every session gets the places from the worker. Raises NotOpen, or Refused when the journey is
    full or they do not ask any more.
    """
    journey, participant = _locked(enrolment)
    if enrolment.status is EnrolmentStatus.ACTIVE:
        return
    if enrolment.status is EnrolmentStatus.LEFT:
        raise Refused(f"{participant.name} does not ask to join any more.")
    policy = policies.policy_of(journey.id)
    if policy.is_full(policies.people_in(journey.id)):
        raise Refused(
            f"The journey is full: it takes at most {policy.most_people:,}. Raise its limit first, or let "
            f"{participant.name} wait."
        )
    note = _short(note, "note")
    operations.enrol(journey, participant, now, what=EnrolmentDecided.APPROVED, by=by, note=note)
    enrolment.decided_at, enrolment.decision_note = now, note
    if enrolment.wants_all:
        all_sessions.follow(enrolment, now)
    db.flush()


def decline_enrolment(enrolment: Enrolment, reason: str, by: User | None, now: datetime) -> None:
    """Say no to somebody who asked, with a reason they read. Twice is once.

    Raises DomainError without a reason, Refused for who is enrolled or does not ask any more.
    """
    reason = _stated(reason)
    _, participant = _locked(enrolment)
    if enrolment.status is EnrolmentStatus.DECLINED:
        return
    if enrolment.status is EnrolmentStatus.ACTIVE:
        raise Refused(f"{participant.name} is enrolled. Remove them, or withdraw the approval.")
    if enrolment.status is EnrolmentStatus.LEFT:
        raise Refused(f"{participant.name} does not ask to join any more.")
    enrolment.status = EnrolmentStatus.DECLINED
    _decided(enrolment, EnrolmentDecided.DECLINED, reason, by, now)
    _tell(enrolment, participant, "enrolment-declined", now)


def withdraw_enrolment_approval(enrolment: Enrolment, by: User | None, now: datetime, note: str = "") -> None:
    """Take a yes back: they ask again, without their coming places. Twice is once.

    Raises NotOpen where nobody could say yes again, or Refused where nobody approves.
    """
    note = _short(note, "note")
    journey, participant = _locked(enrolment)
    if enrolment.status is EnrolmentStatus.REQUESTED:
        return
    if enrolment.status is not EnrolmentStatus.ACTIVE or not _approves(journey):
        raise Refused(f"The enrolment of {participant.name} does not rest on an approval.")
    if journey.status is not JourneyStatus.OPEN:
        raise NotOpen(f"{operations.why_closed(journey)} {participant.name} stays enrolled.")
    places = queries.live_places(participant.id, journey.id)
    given_up = operations.release_coming(places, now, Ground.ORGANISER, by=by, note=note)
    enrolment.status = EnrolmentStatus.REQUESTED
    _decided(enrolment, EnrolmentDecided.APPROVAL_WITHDRAWN, note, by, now)
    operations.tell_left(enrolment, participant, "enrolment-back-to-request", given_up, now)
    db.flush()


def remove(enrolment: Enrolment, reason: str, by: User | None, now: datetime) -> None:
    """Take somebody out of a journey, as if they had left, with a reason they read. Twice is once.

    Raises DomainError without a reason.
    """
    reason = _stated(reason)
    journey, participant = _locked(enrolment)
    if enrolment.status in (EnrolmentStatus.LEFT, EnrolmentStatus.DECLINED):
        return
    places = queries.live_places(participant.id, journey.id)
    given_up = operations.release_coming(places, now, Ground.ORGANISER, by=by, note=reason)
    interest.withdraw_everywhere(participant, now, journey.id)
    enrolment.status, enrolment.left_at, enrolment.wants_all = EnrolmentStatus.LEFT, now, False
    _decided(enrolment, EnrolmentDecided.REMOVED, reason, by, now)
    operations.tell_left(enrolment, participant, "enrolment-removed", given_up, now)
    db.flush()


def _enter(
    journey: Journey, participant: Participant, found: Enrolment | None, answer: str, code: str,
    user: User | None, now: datetime,
) -> Enrolment:  # fmt: skip
    """What becomes of somebody who is not enrolled."""
    policy, invitation = policies.policy_of(journey.id), None
    if policy.admission is Admission.INVITATION:
        invitation = inviting.admits(journey.id, user, code, now)
    entry = decide(policy, _asker(found, invitation, answer, code, user), policies.people_in(journey.id), now)
    if entry is Entry.REQUESTED:
        return _request(journey, participant, found, answer if policy.asks else "", now)
    if invitation is not None:
        inviting.use(invitation)
    enrolled = operations.enrol(journey, participant, now)
    enrolled.invitation_id = invitation.id if invitation is not None else None
    enrolled.decided_at, enrolled.decision_note = None, ""
    return enrolled


def _asker(
    found: Enrolment | None, invitation: Invitation | None, answer: str, code: str, user: User | None
) -> Asker:
    was_declined = found is not None and found.status is EnrolmentStatus.DECLINED
    return Asker(
        is_invited=invitation is not None,
        brings_code=bool(code.strip()),
        has_confirmed_address=user is not None and user.email_confirmed_at is not None,
        answer=answer,
        declined=found.decision_note if found is not None and was_declined else None,
    )


def _request(
    journey: Journey, participant: Participant, found: Enrolment | None, answer: str, now: datetime
) -> Enrolment:
    """Ask the organisers. Who asks already keeps their turn."""
    if found is not None and found.status is EnrolmentStatus.REQUESTED:
        found.answer = answer.strip()
        return found
    if found is None:
        found = Enrolment(journey_id=journey.id, participant_id=participant.id)
        db.add(found)
    found.status, found.enrolled_at, found.left_at = EnrolmentStatus.REQUESTED, now, None
    found.answer, found.decided_at, found.decision_note = answer.strip(), None, ""
    found.invitation_id, found.wants_all = None, False
    operations.note_facts(found, participant)
    db.flush()
    record_enrolment(found, EnrolmentDecided.REQUESTED, now)
    _tell(found, participant, "enrolment-requested", now)
    return found


def _known(journey: Journey, participant: Participant) -> Enrolment | None:
    """Their enrolment as it is under the lock."""
    found = queries.enrolment(journey.id, participant.id)
    if found is not None:
        db.refresh(found)
    return found


def _locked(enrolment: Enrolment) -> tuple[Journey, Participant]:
    """Lock the journey of an enrolment, and read the enrolment as it is then."""
    journey = db.get_one(Journey, enrolment.journey_id)
    lock(journey)
    db.refresh(enrolment)
    return journey, db.get_one(Participant, enrolment.participant_id)


def _approves(journey: Journey) -> bool:
    return policies.policy_of(journey.id).admission is Admission.APPROVAL


def _decided(enrolment: Enrolment, what: EnrolmentDecided, note: str, by: User | None, now: datetime) -> None:
    enrolment.decided_at, enrolment.decision_note = now, note
    db.flush()
    record_enrolment(enrolment, what, now, by=by, note=note)


def _tell(enrolment: Enrolment, participant: Participant, kind: str, now: datetime) -> None:
    facts = {"journey_id": enrolment.journey_id, "participant_id": participant.id}
    steps.tell(participant, kind, facts, now, enrolment.journey_id)
    db.flush()


def _stated(reason: str) -> str:
    reason = _short(reason, "reason")
    if not reason:
        raise DomainError("Say why: the person reads it.", "reason")
    return reason


def _short(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise DomainError(f"Use at most {LONGEST_NOTE:,} characters.", field)
    return text
