"""Getting into a journey by its policy, and what organisers decide about those who ask."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.admission import Admission, Policy
from app.domain.errors import DomainError, NotOpen, Refused
from app.domain.seats import PlaceStatus
from app.enrolments import admitting, all_sessions, entering, following, operations, policies
from app.enrolments.decisions import EnrolmentDecided, EnrolmentDecision
from app.enrolments.models import Enrolment, EnrolmentStatus, Invitation
from app.enrolments.rules import InvitationKind
from app.jobs.operations import Claim
from app.journeys.models import Journey, JourneyStatus
from app.participants.models import Participant
from tests.enrolments.reading import messages, seated, several, statuses
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, pat, will

LATER = NOW + timedelta(days=1)
REQUESTED, ACTIVE = EnrolmentStatus.REQUESTED, EnrolmentStatus.ACTIVE
DECLINED, LEFT = EnrolmentStatus.DECLINED, EnrolmentStatus.LEFT
ASKS = {"admission": Admission.APPROVAL, "question": "What do you work on?"}


def journey_with(**facts) -> Journey:
    journey = make_journey()
    admitting.change_policy(journey, Policy(timezone="Europe/London", **facts), NOW)
    return journey


def ask(journey: Journey, person: Participant, now: datetime = NOW, **said) -> Enrolment:
    return entering.ask_to_join(journey, person, now, **said)


def decisions(enrolment: Enrolment) -> list[tuple[EnrolmentDecided, str]]:
    log = select(EnrolmentDecision).filter_by(enrolment_id=enrolment.id).order_by(EnrolmentDecision.id)
    return [(one.what, one.note) for one in db.scalars(log)]


def test_an_open_journey_enrols_whoever_asks(database):
    enrolment = ask(make_journey(), pat())

    assert enrolment.status is ACTIVE
    assert decisions(enrolment) == [(EnrolmentDecided.ENROLLED, "")]
    assert messages() == [("enrolled", "Pat")]


@pytest.mark.parametrize("status", [JourneyStatus.DRAFT, JourneyStatus.PUBLISHED, JourneyStatus.CLOSED])
@pytest.mark.parametrize("admission", list(Admission))
def test_a_journey_that_is_not_open_refuses_everything(database, status, admission):
    journey = make_journey(status=status)
    admitting.change_policy(journey, Policy(admission=admission), NOW)
    waiting = Enrolment(journey_id=journey.id, participant_id=will().id, enrolled_at=NOW, status=REQUESTED)
    db.add(waiting)
    db.flush()

    with pytest.raises(NotOpen, match="is closed|does not take enrolments yet"):
        ask(journey, pat())
    with pytest.raises(NotOpen):
        entering.approve_enrolment(waiting, None, NOW)


def test_enrolment_opens_and_closes_at_its_moments_told_in_their_zone(database):
    opens, closes = datetime(2027, 4, 1, 9, 0, tzinfo=UTC), datetime(2027, 4, 8, 9, 0, tzinfo=UTC)
    journey = journey_with(opens_at=opens, closes_at=closes)

    with pytest.raises(NotOpen, match=r"opens on Thursday 1 April 2027, 10:00 in London \(BST, UTC\+1\)"):
        ask(journey, pat())
    assert ask(journey, will(), opens).status is ACTIVE
    with pytest.raises(NotOpen, match="closed on Thursday 8 April 2027, 10:00 in London"):
        ask(journey, make_participant("Late"), closes)


def test_the_limit_counts_who_is_in_and_leaving_makes_room(database):
    journey = journey_with(most_people=2)
    first, second, third = several(3)
    ask(journey, first)
    ask(journey, second)

    with pytest.raises(Refused, match="takes 2 people, and all of these places are taken. When somebody"):
        ask(journey, third)
    operations.leave(journey, first, LATER)

    assert ask(journey, third, LATER).status is ACTIVE
    assert policies.people_in(journey.id) == 2


def test_who_asks_where_organisers_approve_answers_and_waits(database):
    journey = journey_with(**ASKS)
    person = pat()

    with pytest.raises(DomainError, match="Answer the question") as refused:
        ask(journey, person, answer="  ")
    asked = ask(journey, person, answer=" Capitation. ")

    assert refused.value.field == "answer"
    assert (asked.status, asked.answer, asked.enrolled_at) == (REQUESTED, "Capitation.", NOW)
    assert asked.country == "GH"
    assert decisions(asked) == [(EnrolmentDecided.REQUESTED, "")]
    assert messages() == [("enrolment-requested", "Pat")]


def test_asking_again_changes_the_answer_and_keeps_the_turn(database):
    journey, person = journey_with(**ASKS), pat()
    first = ask(journey, person, answer="One", wants_all=True)

    again = ask(journey, person, LATER, answer="Two")

    assert (again.id, again.answer, again.enrolled_at, again.wants_all) == (first.id, "Two", NOW, False)
    assert len(decisions(first)) == 1
    assert messages() == [("enrolment-requested", "Pat")]


def test_saying_yes_enrols_with_a_message(database):
    journey = journey_with(**ASKS)
    asked, owner = ask(journey, pat(), answer="Capitation"), ada(journey)

    entering.approve_enrolment(asked, owner, LATER, " Welcome! ")
    entering.approve_enrolment(asked, owner, LATER)

    assert (asked.status, asked.enrolled_at, asked.decided_at) == (ACTIVE, LATER, LATER)
    assert (asked.answer, asked.decision_note) == ("Capitation", "Welcome!")
    assert decisions(asked)[1:] == [(EnrolmentDecided.APPROVED, "Welcome!")]
    assert messages() == [("enrolment-requested", "Pat"), ("enrolled", "Pat")]


def test_saying_no_needs_a_reason_and_can_be_undone_by_the_organisers_only(database):
    journey = journey_with(**ASKS)
    person, owner = pat(), ada(journey)
    asked = ask(journey, person, answer="Capitation")

    with pytest.raises(DomainError, match="Say why") as refused:
        entering.decline_enrolment(asked, "  ", owner, LATER)
    entering.decline_enrolment(asked, "It is for advisers.", owner, LATER)
    entering.decline_enrolment(asked, "Once more", owner, LATER)
    with pytest.raises(Refused, match="“It is for advisers.” If something has changed since, write to them"):
        ask(journey, person, LATER, answer="Please")

    assert refused.value.field == "reason"
    assert (asked.status, asked.decision_note, asked.decided_at) == (DECLINED, "It is for advisers.", LATER)
    entering.approve_enrolment(asked, owner, LATER)
    assert asked.status is ACTIVE
    assert [what for what, _ in decisions(asked)] == ["requested", "declined", "approved"]
    assert messages()[1] == ("enrolment-declined", "Pat")


def test_approving_keeps_to_the_limit(database):
    journey = journey_with(admission=Admission.APPROVAL, most_people=1)
    first, second = (ask(journey, one) for one in several(2))
    entering.approve_enrolment(first, None, LATER)

    with pytest.raises(Refused, match="at most 1. Raise its limit first, or let Bashir Test wait"):
        entering.approve_enrolment(second, None, LATER)

    assert second.status is REQUESTED


def test_taking_a_yes_back_frees_the_coming_places(database):
    offering = make_offering(capacity_online=1)
    journey = offering.learning_session.journey
    admitting.change_policy(journey, Policy(admission=Admission.APPROVAL), NOW)
    first, second = several(2)
    seated(offering, [first, second])
    enrolment = db.scalars(select(Enrolment).filter_by(participant_id=first.id)).one()

    entering.withdraw_enrolment_approval(enrolment, None, LATER, "One moment.")
    entering.withdraw_enrolment_approval(enrolment, None, LATER)

    assert statuses(offering) == [PlaceStatus.RELEASED, PlaceStatus.CONFIRMED]
    assert (enrolment.status, enrolment.decision_note) == (REQUESTED, "One moment.")
    assert decisions(enrolment)[-1] == (EnrolmentDecided.APPROVAL_WITHDRAWN, "One moment.")
    assert messages()[-1] == ("enrolment-back-to-request", "Amina")


def test_no_yes_is_taken_back_where_nobody_approves(database):
    enrolment = ask(make_journey(), pat())
    with pytest.raises(Refused, match="does not rest on an approval"):
        entering.withdraw_enrolment_approval(enrolment, None, LATER)


def test_removing_somebody_frees_their_places_and_tells_them_why(database):
    offering = make_offering(capacity_online=1)
    first, second = several(2)
    seated(offering, [first, second])
    enrolment = db.scalars(select(Enrolment).filter_by(participant_id=first.id)).one()

    with pytest.raises(DomainError, match="Say why"):
        entering.remove(enrolment, "", None, LATER)
    entering.remove(enrolment, "You have changed your post.", None, LATER)
    entering.remove(enrolment, "Again", None, LATER)

    assert (enrolment.status, enrolment.left_at) == (LEFT, LATER)
    assert statuses(offering) == [PlaceStatus.RELEASED, PlaceStatus.CONFIRMED]
    assert decisions(enrolment)[-1] == (EnrolmentDecided.REMOVED, "You have changed your post.")
    assert messages()[-1] == ("enrolment-removed", "Amina")


def test_who_withdraws_a_request_asks_no_more(database):
    journey, person = journey_with(**ASKS), pat()
    asked = ask(journey, person, answer="Capitation")

    operations.leave(journey, person, LATER)

    assert asked.status is LEFT
    for decide in (
        lambda: entering.approve_enrolment(asked, None, LATER),
        lambda: entering.decline_enrolment(asked, "No", None, LATER),
    ):
        with pytest.raises(Refused, match="does not ask to join any more"):
            decide()


def invitation(journey: Journey, most_uses: int | None = None) -> Invitation:
    made = Invitation(
        journey_id=journey.id, kind=InvitationKind.CODE, value="ACCRA-27", value_folded="accra27",
        most_uses=most_uses, created_at=NOW,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def test_an_invitation_lets_in_as_often_as_it_says(database):
    journey = journey_with(admission=Admission.INVITATION)
    made, (first, second) = invitation(journey, most_uses=1), several(2)

    with pytest.raises(Refused, match="by invitation") as uninvited:
        ask(journey, first)
    with pytest.raises(DomainError, match="This code lets nobody in") as mistyped:
        ask(journey, first, code="ACCRA-72")
    enrolment = ask(journey, first, code="accra 27")
    with pytest.raises(DomainError, match="This code lets nobody in"):
        ask(journey, second, code="ACCRA-27")

    assert (uninvited.value.field, mistyped.value.field) == ("code", "code")
    assert (enrolment.status, enrolment.invitation_id, made.uses) == (ACTIVE, made.id, 1)


def test_one_press_is_enough_where_nothing_is_asked(database):
    person = pat(is_confirmed=False)
    user = db.get_one(type(ada(make_journey("Other"))), person.user_id)
    invited = journey_with(admission=Admission.INVITATION)

    def at_once(journey):
        return entering.can_enrol_at_once(journey.id, user, NOW)

    assert at_once(make_journey())
    assert not at_once(journey_with(admission=Admission.APPROVAL))
    assert not at_once(invited)
    db.add(
        Invitation(
            journey_id=invited.id, kind=InvitationKind.ADDRESS, value=user.email,
            value_folded=user.email_folded, created_at=NOW,
        )
    )  # fmt: skip
    db.flush()
    assert not at_once(invited)
    user.email_confirmed_at = NOW
    db.flush()
    assert at_once(invited)
    assert ask(invited, person, user=user).status is ACTIVE


def test_opening_to_everybody_lets_in_who_had_asked_in_their_order_up_to_the_limit(database):
    journey = journey_with(admission=Admission.APPROVAL)
    asked = [ask(journey, one, NOW + timedelta(hours=place)) for place, one in enumerate(several(3))]

    admitted = admitting.change_policy(journey, Policy(most_people=2), LATER)

    assert (admitted.now, admitted.left) == (2, 0)
    assert [one.status for one in asked] == [ACTIVE, ACTIVE, REQUESTED]
    operations.leave(journey, db.get_one(Participant, asked[0].participant_id), LATER)
    following.admit_waiting(Claim(0, "", {}, 1), LATER)
    following.admit(Claim(0, "", {"journey_id": journey.id}, 1), LATER)
    assert [one.status for one in asked] == [LEFT, ACTIVE, ACTIVE]


def test_other_changes_leave_requests_as_they_are(database):
    journey = journey_with(admission=Admission.APPROVAL)
    asked = ask(journey, pat())

    admitted = admitting.change_policy(journey, Policy(admission=Admission.INVITATION), LATER)

    assert (admitted.now, asked.status) == (0, REQUESTED)
    assert admitting.could_admit() == []


def test_many_who_had_asked_are_let_in_by_the_worker(database, monkeypatch):
    monkeypatch.setattr(admitting, "BATCH", 2)
    journey = journey_with(admission=Admission.APPROVAL)
    asked = [ask(journey, one) for one in several(5)]

    admitted = admitting.change_policy(journey, Policy(), LATER)
    following.admit(Claim(0, admitting.ADMIT, {"journey_id": journey.id}, 1), LATER)

    assert (admitted.now, admitted.left) == (2, 3)
    assert {one.status for one in asked} == {ACTIVE}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"opens_at": LATER, "closes_at": NOW}, "closes"),
        ({"most_people": 0}, "most_people"),
        ({"most_people": 10**7}, "most_people"),
        ({"question": "x" * 5000}, "question"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(database, facts, field):
    with pytest.raises(DomainError) as refused:
        admitting.change_policy(make_journey(), Policy(**facts), NOW)
    assert refused.value.field == field


def test_a_journey_without_a_policy_is_open_in_its_own_zone(database):
    journey = make_journey(timezone="Africa/Accra")
    make_offering(make_learning_session(journey))
    assert policies.policy_of(journey.id) == Policy(timezone="Africa/Accra")


def test_closing_an_account_forgets_what_was_written_and_keeps_what_was_decided(database):
    journey = journey_with(**ASKS)
    person = pat()
    asked = ask(journey, person, answer="I am Pat Asante.")
    entering.approve_enrolment(asked, None, LATER, "Welcome, Pat!")

    operations.release_everything(person, LATER)

    db.refresh(asked)
    assert (asked.answer, asked.decision_note) == ("", "")
    assert decisions(asked) == [("requested", ""), ("approved", ""), ("left", "")]


def test_closing_an_account_withdraws_requests_also_where_the_journey_is_closed(database):
    journey, person = journey_with(**ASKS), pat()
    asked = ask(journey, person, answer="Capitation")
    journey.status = JourneyStatus.CLOSED

    operations.release_everything(person, LATER)

    assert asked.status is LEFT


def test_in_a_closed_journey_nobody_begins_to_follow_and_no_yes_is_taken_back(database):
    journey = journey_with(**ASKS)
    enrolment = ask(journey, pat(), answer="Costs")
    by = ada(journey)
    entering.approve_enrolment(enrolment, by, NOW)
    journey.status = JourneyStatus.CLOSED
    db.flush()

    with pytest.raises(NotOpen, match="is closed"):
        all_sessions.follow(enrolment, LATER)
    with pytest.raises(NotOpen, match="Pat Asante stays enrolled"):
        entering.withdraw_enrolment_approval(enrolment, by, LATER)

    assert (enrolment.status, enrolment.wants_all) == (ACTIVE, False)


def test_the_page_does_not_promise_every_session_of_a_closed_journey(app, database):
    journey, person = make_journey(), pat()
    ask(journey, person)
    journey.status = JourneyStatus.CLOSED
    db.flush()
    here = f"/journeys/{journey.slug}/"

    browser = browser_of(app, person)
    told = browser.get(f"{here}enrolment/all", follow_redirects=True)
    answer = browser.submit(f"{here}enrolment/all", {"wish": "all"}, page="/sign-out")

    assert (told.request.path, "is closed" in Page(told).notices[0]) == (here, True)
    assert answer.status_code == 403
    assert "is closed" in answer.text
    assert not db.scalars(select(Enrolment.wants_all)).one()
