"""The limit of a journey and the uses of a code under a rush: real processes, a real database each."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from app.config import Settings
from app.database import db, writing
from app.domain.admission import Admission, Policy
from app.enrolments import admitting, policies
from app.enrolments.decisions import EnrolmentDecision
from app.enrolments.models import Enrolment, Invitation
from app.enrolments.rules import InvitationKind
from app.journeys.models import Journey
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.enrolments.crowd import all_at_once, press
from tests.factories import make_journey, make_participant
from tests.people import make_account

MOST, PEOPLE = 10, 24


def prepare(policy: Policy) -> tuple[Journey, list[Participant]]:
    now = datetime.now(UTC)
    journey = make_journey("The limit", now=now)
    admitting.change_policy(journey, policy, now)
    people = [
        make_participant(f"P{number} Test", user=make_account(f"P{number} Test")) for number in range(PEOPLE)
    ]
    return journey, people


def rush(racing: Settings, journey: Journey, people: list[Participant], **fields: Any) -> Counter[int]:
    """How many had which status."""
    page = f"/journeys/{journey.slug}/"
    answers = all_at_once(racing, [press(one, f"{page}enrolment", page, **fields) for one in people], 2)
    db.remove()
    return Counter(one.status for one in answers)


def test_two_dozen_people_asking_at_once_never_exceed_a_limit_of_ten(racing):
    with writing():
        journey, people = prepare(Policy(most_people=MOST))

    answered = rush(racing, journey, people)

    assert answered == {303: MOST, 422: PEOPLE - MOST}
    assert policies.people_in(journey.id) == MOST
    assert db.scalar(select(func.count(Enrolment.id))) == MOST
    assert db.scalar(select(func.count(EnrolmentDecision.id))) == MOST
    assert db.scalar(select(func.count(OutboxMessage.id))) == MOST


def test_a_code_for_ten_lets_in_ten_of_two_dozen_at_once(racing):
    with writing():
        journey, people = prepare(Policy(admission=Admission.INVITATION))
        code = Invitation(
            journey_id=journey.id, kind=InvitationKind.CODE, value="ACCRA-27", value_folded="accra27",
            most_uses=MOST, created_at=datetime.now(UTC),
        )  # fmt: skip
        db.add(code)

    answered = rush(racing, journey, people, code="ACCRA-27")

    assert answered == {303: MOST, 422: PEOPLE - MOST}
    assert policies.people_in(journey.id) == MOST
    assert db.scalar(select(Invitation.uses)) == MOST
