from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.errors import AlreadyTaken, DomainError, NotOpen, Refused
from app.domain.place_rules import RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import naming, operations, reserving
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.enrolments.seating import settle_learning_session
from app.home.operations import close_account
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.storing import promise_of
from app.messages.models import OutboxMessage
from app.scheduling import operations as scheduling
from app.scheduling.deleting import delete_sitting
from tests.enrolments.grouping import RELEASE, make_block, wanted
from tests.enrolments.invariants import check_session
from tests.factories import (
    NOW,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_venue,
)
from tests.people import make_account, pat, seat
from tests.scheduling.telling import as_it_is

CONFIRMED, WAITING = PlaceStatus.CONFIRMED, PlaceStatus.WAITING
HOUR = timedelta(hours=1)


def crowd(count: int, first: int = 1):
    return [make_participant(f"Person {number}") for number in range(first, first + count)]


def statuses(offering: Offering) -> dict[PlaceStatus, int]:
    found: dict[PlaceStatus, int] = {}
    for place in db.scalars(select(Place).where(Place.offering_id == offering.id)):
        found[place.status] = found.get(place.status, 0) + 1
    return found


def kinds() -> list[str]:
    return list(db.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def test_reserved_places_are_nobody_elses(database):
    offering = make_offering(capacity_online=4)
    make_block(offering, 3)
    first, second = (seat(one, offering) for one in crowd(2))
    assert (first.status, second.status) == (CONFIRMED, WAITING)
    assert (offering.confirmed_online, offering.held_online) == (1, 3)
    check_session(offering.learning_session_id, NOW)


def test_a_block_of_sixty_handed_back_promotes_exactly_what_fits(database):
    """A known system offered sixty places above the limit when an unused block was deleted."""
    offering = make_offering(capacity_online=70)
    block = make_block(offering, 60)
    for one in crowd(95):
        seat(one, offering)
    assert statuses(offering) == {CONFIRMED: 10, WAITING: 85}
    assert reserving.hand_back(block, NOW + HOUR) == 60
    assert statuses(offering) == {CONFIRMED: 70, WAITING: 25}
    assert (offering.confirmed_online, offering.held_online) == (70, 0)
    assert reserving.hand_back(block, NOW + HOUR) == 0
    assert statuses(offering) == {CONFIRMED: 70, WAITING: 25}
    check_session(offering.learning_session_id, NOW + HOUR)


def test_what_is_handed_back_never_exceeds_a_capacity_lowered_meanwhile(database):
    offering = make_offering(capacity_online=70)
    block = make_block(offering, 60)
    for one in crowd(20):
        seat(one, offering)
    scheduling.revise(offering, as_it_is(offering, capacity_online=62), now=NOW + HOUR, may_unseat=True)
    assert statuses(offering) == {CONFIRMED: 2, WAITING: 18}
    reserving.hand_back(block, NOW + 2 * HOUR)
    assert statuses(offering) == {CONFIRMED: 20}
    check_session(offering.learning_session_id, NOW + 2 * HOUR)


def test_the_rest_goes_back_on_the_day_and_names_stay(database):
    offering = make_offering(capacity_online=4)
    block = make_block(offering, 3)
    named = naming.name(block, pat(), NOW)
    others = [seat(one, offering) for one in crowd(5)]
    assert [one.status for one in others] == [CONFIRMED, *[WAITING] * 4]
    settle_learning_session(offering.learning_session_id, RELEASE - HOUR)
    assert statuses(offering) == {CONFIRMED: 2, WAITING: 4}
    settle_learning_session(offering.learning_session_id, RELEASE)
    assert statuses(offering) == {CONFIRMED: 4, WAITING: 2}
    assert (named.status, block.places, block.named, block.returned_at) == (CONFIRMED, 1, 1, RELEASE)
    check_session(offering.learning_session_id, RELEASE)


def test_only_free_room_is_reserved(database):
    offering = make_offering(capacity_online=4)
    for one in crowd(2):
        seat(one, offering)
    with pytest.raises(Refused, match="Only 2 places online are free"):
        make_block(offering, 3)
    make_block(offering, 2)
    with pytest.raises(Refused, match="No place online is free"):
        make_block(offering, 1, name="Ministry of Health")


def test_who_waits_for_the_draw_is_not_passed_over(database):
    offering = make_offering(capacity_online=4)
    db.add(PlaceRule(offering_id=offering.id, kind=RuleKind.LOTTERY, draw_at=RELEASE, seed="abc"))
    db.flush()
    for one in crowd(3):
        assert seat(one, offering).status is WAITING
    with pytest.raises(Refused, match="Only 1 place online is free"):
        make_block(offering, 2)
    assert make_block(offering, 1).places == 1


def test_without_a_limit_nothing_needs_to_be_reserved(database):
    with pytest.raises(Refused, match="no limit to the places online"):
        make_block(make_offering(), 3)


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"release_at": NOW}, "release", "still to come"),
        ({"release_at": RELEASE + timedelta(days=8)}, "release", "by the beginning of the sitting"),
        ({"places": 0}, "places", "Reserve from 1"),
        ({"name": " "}, "name", "for which group"),
        ({"way": Way.IN_PERSON}, "way", "cannot be attended in person"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_at_its_field(database, facts, field, sentence):
    with pytest.raises(DomainError, match=sentence) as refusal:
        make_block(make_offering(capacity_online=9), **facts)
    assert refusal.value.field == field


def test_the_release_may_be_the_very_beginning(database):
    offering = make_offering(capacity_online=9)
    assert make_block(offering, release_at=offering.starts_at).release_at == offering.starts_at


def test_one_group_has_one_block_in_a_sitting(database):
    offering = make_offering(capacity_online=9)
    make_block(offering)
    with pytest.raises(AlreadyTaken, match="already"):
        make_block(offering, name="GHANA country group")


@pytest.mark.parametrize("status", [JourneyStatus.DRAFT, JourneyStatus.CLOSED])
def test_nothing_is_reserved_in_a_journey_that_is_not_out(database, status):
    with pytest.raises(NotOpen):
        make_block(make_offering(make_learning_session(make_journey(status=status)), capacity_online=9))


def test_nothing_is_reserved_in_a_cancelled_sitting_or_one_that_began(database):
    offering = make_offering(capacity_online=9)
    with pytest.raises(NotOpen, match="has begun"):
        make_block(offering, now=offering.starts_at)
    scheduling.cancel(offering, "Ill", now=NOW)
    with pytest.raises(NotOpen, match="cancelled"):
        make_block(offering)


def test_a_focal_person_has_an_account_and_is_told(database):
    offering = make_offering(capacity_online=9)
    with pytest.raises(Refused, match="has no account") as refusal:
        make_block(offering, focal=make_participant("Kofi Boateng"))
    assert refusal.value.field == "focal"
    make_block(offering, focal=pat())
    assert kinds() == ["block-reserved"]


def test_a_block_grows_out_of_free_room_and_shrinks_for_those_who_wait(database):
    offering = make_offering(capacity_online=6)
    block = make_block(offering, 3)
    everybody = [seat(one, offering) for one in crowd(2)]
    reserving.revise(block, wanted(4), NOW + HOUR)
    assert (block.places, offering.held_online) == (4, 4)
    everybody += [seat(one, offering) for one in crowd(3, 3)]
    with pytest.raises(Refused, match="No place online is free"):
        reserving.revise(block, wanted(5), NOW + HOUR)
    reserving.revise(block, wanted(2), NOW + HOUR)
    assert [one.status for one in everybody] == [CONFIRMED] * 4 + [WAITING]
    assert (block.places, offering.held_online, offering.confirmed_online) == (2, 2, 4)
    check_session(offering.learning_session_id, NOW + HOUR)


def test_a_block_is_never_smaller_than_its_names(database):
    block = make_block(make_offering(capacity_online=6), 3)
    for one in crowd(2):
        naming.name(block, one, NOW)
    with pytest.raises(Refused, match="2 places of this group have a name") as refusal:
        reserving.revise(block, wanted(1), NOW)
    assert refusal.value.field == "places"
    reserving.revise(block, wanted(2), NOW)
    assert block.unnamed == 0


def test_the_name_stays_once_people_were_told_it(database):
    block = make_block(make_offering(capacity_online=6), 3)
    reserving.revise(block, wanted(3, name="Country group of Ghana"), NOW)
    naming.unname(naming.name(block, pat(), NOW), NOW)
    with pytest.raises(Refused, match="so it stays"):
        reserving.revise(block, wanted(3, name="Accra"), NOW)


def test_another_focal_person_is_told_the_same_one_not_again(database):
    first, second = pat(), make_participant("Ama Darko", user=make_account("Ama Darko"))
    block = make_block(make_offering(capacity_online=6), focal=first)
    reserving.revise(block, wanted(3, focal=first, release_at=RELEASE + HOUR), NOW)
    assert block.release_at == RELEASE + HOUR
    reserving.revise(block, wanted(3, focal=second), NOW)
    to = db.scalars(select(OutboxMessage.to_address).order_by(OutboxMessage.id)).all()
    assert to == ["pat@example.org", "ama@example.org"]


def test_what_was_handed_back_is_not_changed_any_more(database):
    block = make_block(make_offering(capacity_online=6))
    reserving.hand_back(block, NOW + HOUR)
    with pytest.raises(NotOpen, match="went back to everybody"):
        reserving.revise(block, wanted(2), NOW + HOUR)


def test_a_cancelled_sitting_keeps_its_block_until_the_release(database):
    offering = make_offering(capacity_online=2)
    block = make_block(offering, 2)
    waits = seat(pat(), offering)
    scheduling.cancel(offering, "Ill", now=NOW)
    with pytest.raises(NotOpen, match="cancelled"):
        naming.name(block, crowd(1)[0], NOW)
    scheduling.restore(offering, now=NOW + HOUR)
    assert (block.unnamed, offering.held_online, waits.status) == (2, 2, WAITING)
    scheduling.cancel(offering, "Ill again", now=NOW + HOUR)
    settle_learning_session(offering.learning_session_id, RELEASE)
    assert (block.returned_at, offering.held_online, waits.status) == (RELEASE, 0, WAITING)
    scheduling.restore(offering, now=RELEASE + HOUR)
    assert waits.status is CONFIRMED
    check_session(offering.learning_session_id, RELEASE + HOUR)


def test_a_way_with_reserved_places_is_kept(database):
    offering = make_offering(
        attendance=Attendance.BOTH, venue=make_venue(timezone="Europe/London"),
        capacity_online=5, capacity_in_person=5,
    )  # fmt: skip
    block = make_block(offering, way=Way.IN_PERSON)
    online = as_it_is(offering, attendance=Attendance.ONLINE, venue=None, capacity_in_person=None)
    with pytest.raises(Refused, match="reserved for a group"):
        scheduling.revise(offering, online, now=NOW)
    reserving.hand_back(block, NOW)
    scheduling.revise(offering, online, now=NOW)


def test_a_sitting_with_reserved_places_is_not_deleted(database):
    offering = make_offering(capacity_online=5)
    block = make_block(offering)
    with pytest.raises(Refused, match="Hand them back first"):
        delete_sitting(offering, NOW)
    reserving.hand_back(block, NOW)
    delete_sitting(offering, NOW)
    assert db.scalars(select(ReservedBlock)).all() == []


def test_the_block_of_a_demonstration_moves_with_its_sitting(database):
    offering = make_offering(capacity_online=5)
    block = make_block(offering)
    promised = promise_of(offering)
    assert promised is not None
    later = replace(promised, starts_wall=promised.starts_wall + timedelta(days=7))
    scheduling.redate(offering, later, NOW, "Moved on.")
    assert block.release_at == RELEASE + timedelta(days=7)


def test_closing_the_account_of_the_focal_person_leaves_the_block_to_the_organisers(database):
    focal = pat()
    block = make_block(make_offering(capacity_online=5), focal=focal)
    close_account(db.get_one(User, focal.user_id), focal, NOW)
    db.refresh(block)
    assert (block.focal_participant_id, block.unnamed) == (None, 3)
    assert naming.name(block, make_participant("Esi Addo"), NOW).status is CONFIRMED


def test_closing_the_account_of_a_named_person_gives_the_place_back_to_the_group(database):
    offering = make_offering(capacity_online=3)
    block, holder = make_block(offering), pat()
    naming.name(block, holder, NOW)
    waits = seat(make_participant("Esi Addo"), offering)
    close_account(db.get_one(User, holder.user_id), holder, NOW)
    assert (block.unnamed, waits.status) == (3, WAITING)
    check_session(offering.learning_session_id, NOW)


def test_leaving_the_journey_gives_the_place_back_to_the_group(database):
    offering = make_offering(capacity_online=3)
    block, holder = make_block(offering), pat()
    naming.name(block, holder, NOW)
    operations.leave(offering.learning_session.journey, holder, NOW)
    assert (block.unnamed, offering.held_online) == (3, 3)
    check_session(offering.learning_session_id, NOW)
