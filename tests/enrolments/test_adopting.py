"""What becomes of somebody kept without an account once the address is confirmed by one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts import addresses
from app.database import db
from app.domain.attendance import Way
from app.domain.availability import Availability
from app.domain.seats import PlaceStatus
from app.enrolments import adopting, approving, interest, naming, operations, queries
from app.enrolments.models import Enrolment, EnrolmentStatus, Interest, Place, PlaceDecision
from app.enrolments.reserved import ReservedBlock
from app.journeys import operations as journeys
from app.journeys.models import JourneyStatus
from app.participants import operations as participants
from app.participants.models import Participant
from tests.enrolments.invariants import check_session
from tests.enrolments.ruled import let_time_pass, lottery, ruled
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_user
from tests.page import Page
from tests.people import browser_of, pat, seat, will

CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED
EMAIL = "pat@example.org"
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def kept(email=EMAIL, name="P. Asante"):
    """Somebody whom an organiser imported, or a focal person named."""
    return participants.create(participants.Profile(name, "Africa/Accra", "GH"), NOW, email=email)


def confirm(participant):
    """The account confirms its address, as its link does."""
    return addresses.confirm(db.get_one(addresses.User, participant.user_id), LATER)


def places_of(participant):
    found = db.scalars(select(Place).where(Place.participant_id == participant.id).order_by(Place.id))
    return [(one.id, one.status) for one in found]


def status_in(journey, participant):
    found = queries.enrolment(journey.id, participant.id)
    return found.status if found is not None else None


def test_what_nobody_else_has_changes_hands_as_it_is(database):
    offering = make_offering(capacity_online=1)
    journey = offering.learning_session.journey
    imported, queued = kept(" Pat@Example.org"), kept(name="Pat again")
    place = seat(imported, offering)
    wait = seat(queued, make_offering(make_learning_session(journey, "Another"), capacity_online=0))
    own, number = pat(is_confirmed=False), place.queue_number
    said = confirm(own)
    assert said == ["What organisers kept under pat@example.org is yours now: 1 enrolment and 2 places."]
    assert places_of(own) == [(place.id, CONFIRMED), (wait.id, WAITING)]
    assert (place.queue_number, status_in(journey, own)) == (number, EnrolmentStatus.ACTIVE)
    assert db.get(Participant, imported.id) is None
    check_session(offering.learning_session_id, LATER)


def test_nothing_happens_before_the_address_is_confirmed_or_for_another(database):
    offering = make_offering()
    place = seat(kept(), offering)
    other = kept("somebody@example.org")
    own = pat(is_confirmed=False)
    assert places_of(own) == []
    confirm(own)
    assert places_of(own) == [(place.id, CONFIRMED)]
    assert db.get(Participant, other.id) is not None
    assert confirm(own) == [], "twice is once"


def test_an_account_without_a_participant_gets_the_one_kept_for_it(database):
    place = seat(kept(), make_offering())
    user = make_user("Pat Asante", EMAIL, is_confirmed=False)
    said = addresses.confirm(user, LATER)
    own = db.scalars(select(Participant).where(Participant.user_id == user.id)).one()
    assert (own.id, own.name, own.email) == (place.participant_id, "Pat Asante", "")
    assert said == ["What organisers kept under pat@example.org is yours now: 1 enrolment and 1 place."]


def test_both_confirmed_is_one_place_and_the_next_moves_up(database):
    offering = make_offering(capacity_online=2)
    imported, own, next_one = kept(), pat(is_confirmed=False), will()
    lost, mine, wait = seat(imported, offering), seat(own, offering), seat(next_one, offering)
    assert wait.status is WAITING
    confirm(own)
    assert places_of(own) == [(mine.id, CONFIRMED)]
    assert (lost.status, wait.status) == (RELEASED, CONFIRMED)
    nobody = db.get_one(Participant, lost.participant_id)
    assert (nobody.name, nobody.email, nobody.email_folded) == ("", "", "")
    assert status_in(offering.learning_session.journey, nobody) is EnrolmentStatus.LEFT
    check_session(offering.learning_session_id, LATER)


@pytest.mark.parametrize("own_first", [True, False])
def test_the_better_place_stays(database, own_first):
    offering = make_offering(capacity_online=1)
    imported, own = kept(), pat(is_confirmed=False)
    first, second = (own, imported) if own_first else (imported, own)
    holding, waiting = seat(first, offering), seat(second, offering)
    confirm(own)
    assert places_of(own) == [(holding.id, CONFIRMED)]
    assert waiting.status is RELEASED
    assert holding.sequence > waiting.sequence  # their calendar knows one event, not two
    check_session(offering.learning_session_id, LATER)


def test_of_two_waits_the_earlier_stays(database):
    offering = make_offering(capacity_online=1)
    seat(will(), offering)
    early = seat(kept(), offering)
    own = pat(is_confirmed=False)
    late = seat(own, offering)
    confirm(own)
    assert places_of(own) == [(early.id, WAITING)]
    assert late.status is RELEASED
    check_session(offering.learning_session_id, LATER)


def test_twin_sittings_are_one_seat(database):
    first = make_offering(capacity_online=1)
    second = make_offering(first.learning_session, capacity_online=1)
    imported, own, next_one = kept(), pat(is_confirmed=False), will()
    lost, mine, wait = seat(imported, first), seat(own, second), seat(next_one, first)
    confirm(own)
    assert places_of(own) == [(mine.id, CONFIRMED)]
    assert (lost.status, wait.status) == (RELEASED, CONFIRMED)
    check_session(first.learning_session_id, LATER)


def test_a_wait_for_the_twin_goes_on_beside_a_place(database):
    first = make_offering(capacity_online=1)
    second = make_offering(first.learning_session, capacity_online=1)
    seat(will(), second)
    imported, own = kept(), pat(is_confirmed=False)
    place, wait = seat(imported, first), seat(own, second)
    confirm(own)
    assert sorted(places_of(own)) == sorted([(place.id, CONFIRMED), (wait.id, WAITING)])
    check_session(first.learning_session_id, LATER)


def test_what_is_over_stays_as_it_was(database):
    offering = make_offering()
    imported, own = kept(), pat(is_confirmed=False)
    was, mine = seat(imported, offering), seat(own, offering)
    only = make_offering(make_learning_session(offering.learning_session.journey, "Another"))
    past = seat(imported, only)
    user = db.get_one(addresses.User, own.user_id)
    addresses.confirm(user, NOW + timedelta(days=90))
    assert (was.status, mine.status) == (CONFIRMED, CONFIRMED)
    assert sorted(places_of(own)) == sorted([(mine.id, CONFIRMED), (past.id, CONFIRMED)])
    check_session(offering.learning_session_id, NOW + timedelta(days=90))


def test_a_place_of_a_group_stays_one_of_the_group(database):
    offering = make_offering(capacity_online=5)
    journey = offering.learning_session.journey
    focal = kept(name="Pat")
    block = ReservedBlock(
        offering_id=offering.id, learning_session_id=offering.learning_session_id, way=Way.ONLINE,
        name="Ghana", places=2, release_at=NOW + timedelta(days=9), timezone="Africa/Accra", created_at=NOW,
        focal_participant_id=focal.id,
    )  # fmt: skip
    db.add(block)
    offering.held_online = 2
    db.flush()
    operations.enrol(journey, focal, NOW)
    place = naming.name(block, focal, NOW)
    own = pat(is_confirmed=False)
    asked = seat(own, make_offering(make_learning_session(journey, "Another")))
    confirm(own)
    assert places_of(own) == [(place.id, CONFIRMED), (asked.id, CONFIRMED)]
    assert (place.block_id, block.named, block.focal_participant_id) == (block.id, 1, own.id)
    check_session(offering.learning_session_id, LATER)


class TestEnrolments:
    def test_both_enrolled_is_one(self, database):
        journey = make_journey()
        imported, own = kept(), pat(is_confirmed=False)
        first = operations.enrol(journey, imported, NOW)
        mine = operations.enrol(journey, own, NOW)
        assert confirm(own) == []
        assert (mine.status, mine.participant_id) == (EnrolmentStatus.ACTIVE, own.id)
        assert first.status is EnrolmentStatus.LEFT

    def test_a_request_gives_way_to_being_enrolled_by_organisers(self, database):
        journey = make_journey()
        imported, own = kept(), pat(is_confirmed=False)
        first = operations.enrol(journey, imported, NOW)
        mine = operations.enrol(journey, own, NOW)
        mine.status, mine.answer = EnrolmentStatus.REQUESTED, "Because."
        confirm(own)
        assert first.participant_id == own.id
        assert (mine.answer, mine.status) == ("", EnrolmentStatus.LEFT), "what was answered is forgotten"
        assert (mine.status, db.get_one(Participant, mine.participant_id).name) == (EnrolmentStatus.LEFT, "")

    @pytest.mark.parametrize("status", [EnrolmentStatus.DECLINED, EnrolmentStatus.LEFT])
    def test_a_no_and_a_later_leaving_stand_and_free_the_place(self, database, status):
        offering = make_offering(capacity_online=1)
        journey = offering.learning_session.journey
        imported, own, next_one = kept(), pat(is_confirmed=False), will()
        lost, wait = seat(imported, offering), seat(next_one, offering)
        mine = operations.enrol(journey, own, NOW)
        if status is EnrolmentStatus.LEFT:
            operations.leave(journey, own, NOW + timedelta(minutes=1))
        else:
            mine.status = status
        confirm(own)
        assert status_in(journey, own) is status
        assert (lost.status, wait.status) == (RELEASED, CONFIRMED)
        check_session(offering.learning_session_id, LATER)

    def test_who_left_before_the_import_is_in_again(self, database):
        offering = make_offering()
        journey = offering.learning_session.journey
        own = pat(is_confirmed=False)
        operations.enrol(journey, own, NOW - timedelta(days=2))
        operations.leave(journey, own, NOW - timedelta(days=1))
        place = seat(kept(), offering)
        confirm(own)
        assert status_in(journey, own) is EnrolmentStatus.ACTIVE
        assert places_of(own) == [(place.id, CONFIRMED)]

    def test_in_a_closed_journey_too(self, database):
        offering = make_offering()
        journey = offering.learning_session.journey
        place = seat(kept(), offering)
        journeys.close(journey, "Over.", date(2027, 3, 1), NOW)
        own = pat(is_confirmed=False)
        confirm(own)
        assert places_of(own) == [(place.id, CONFIRMED)]
        assert status_in(journey, own) is EnrolmentStatus.ACTIVE


def test_a_declined_place_stays_declined(database):
    offering = make_offering(capacity_online=1)
    imported, own = kept(), pat(is_confirmed=False)
    mine = seat(own, offering)
    approving.decline(mine, "Not yet.", None, NOW)
    lost = seat(imported, offering)
    confirm(own)
    assert places_of(own) == [(mine.id, PlaceStatus.DECLINED)]
    assert lost.status is RELEASED
    check_session(offering.learning_session_id, LATER)


def test_interest_in_an_undated_session_changes_hands(database):
    journey = make_journey()
    undated, both = (make_learning_session(journey, title) for title in ("One", "Two"))
    imported, own = kept(), pat(is_confirmed=False)
    any_day = Availability(frozenset(), None, None)
    interest.say_interest(undated, imported, any_day, "In the morning", NOW)
    interest.say_interest(both, imported, any_day, "", NOW)
    interest.say_interest(both, own, any_day, "Mine", NOW)
    confirm(own)
    said = {one.learning_session_id: one.note for one in queries.interests_of(own.id)}
    assert said == {undated.id: "In the morning", both.id: "Mine"}
    assert db.scalars(select(Interest).where(Interest.withdrawn_at.is_not(None))).one().note == ""


def test_whoever_is_added_in_the_very_moment_is_adopted_within_the_hour(app, database):
    own = pat(is_confirmed=False)
    confirm(own)
    place = seat(kept(), make_offering())
    stranger = seat(kept("other@example.org"), make_offering(make_learning_session(title="Another")))
    db.commit()
    adopting.adopt_late(None, LATER)
    assert places_of(own) == [(place.id, CONFIRMED)]
    assert stranger.participant_id != own.id
    check_session(place.learning_session_id, LATER)


def test_the_log_goes_along_and_says_what_was_given_up(database):
    offering = make_offering(capacity_online=2)
    imported, own = kept(), pat(is_confirmed=False)
    lost = seat(imported, offering)
    seat(own, offering)
    confirm(own)
    last = db.scalars(
        select(PlaceDecision).where(PlaceDecision.place_id == lost.id).order_by(PlaceDecision.id)
    ).all()[-1]
    assert (last.what, last.ground, last.status_after) == ("released", "twin", RELEASED)


def test_the_person_reads_what_became_theirs(app, database):
    seat(kept(), make_offering())
    own = pat(is_confirmed=False)
    user = db.get_one(addresses.User, own.user_id)
    link = f"/confirm-address/{addresses.token_for(user, app.config['SECRET_KEY'])}"
    done = browser_of(app, own).submit(link, follow_redirects=True)
    assert Page(done).notices == [
        "pat@example.org is confirmed.",
        "What organisers kept under pat@example.org is yours now: 1 enrolment and 1 place.",
    ]


def test_every_enrolment_and_place_has_one_owner_of_many(database):
    """Six kept under one address, over three sittings: all of it comes together, nothing twice."""
    journey = make_journey()
    sittings = [
        make_offering(make_learning_session(journey, str(one)), capacity_online=3) for one in range(3)
    ]
    many = [kept(name=f"Pat {one}") for one in range(6)]
    for person in many:
        for sitting in sittings:
            seat(person, sitting)
    own = pat(is_confirmed=False)
    confirm(own)
    assert [status for _, status in places_of(own)] == [CONFIRMED] * 3
    active = db.scalars(select(Enrolment).where(Enrolment.status == EnrolmentStatus.ACTIVE)).all()
    assert [one.participant_id for one in active] == [own.id]
    for sitting in sittings:
        check_session(sitting.learning_session_id, LATER)
        assert sitting.confirmed_online == 1


@pytest.mark.parametrize("seed", ["one", "two", "three", "four"])
def test_of_two_tickets_in_one_lottery_the_own_counts(database, seed):
    draw_at = NOW + timedelta(minutes=30)
    offering = ruled(lottery(draw_at, seed=seed), capacity_online=1)
    imported, own = kept(), pat(is_confirmed=False)
    lost, mine, other = (seat(one, offering) for one in (imported, own, will()))
    let_time_pass(offering.id, draw_at)
    confirm(own)
    assert [number for number, _ in places_of(own)] == [mine.id]
    assert lost.status is RELEASED
    assert {mine.status, other.status} == {CONFIRMED, WAITING}
    check_session(offering.learning_session_id, LATER)


def test_a_wish_for_every_session_of_a_closed_journey_is_not_taken_over(database):
    imported, own, journey = kept(), pat(is_confirmed=False), make_journey()
    for one in (imported, own):
        operations.enrol(journey, one, NOW)
    queries.enrolment(journey.id, imported.id).wants_all = True
    journey.status = JourneyStatus.CLOSED
    db.flush()
    confirm(own)
    assert not queries.enrolment(journey.id, own.id).wants_all
