from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import DomainError, NotFound, NotOpen, Refused
from app.domain.place_rules import Giving
from app.domain.seats import PlaceStatus
from app.enrolments import approving, blocks, naming, operations, queries, reserving
from app.enrolments.decisions import Decided, EnrolmentDecided, Ground, PlaceDecision
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.recording import record_enrolment
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.journeys.composing import add_country_group
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.enrolments.grouping import RELEASE, make_block
from tests.enrolments.invariants import check_session
from tests.factories import NOW, make_offering, make_participant
from tests.people import ada, make_account, pat, seat, will

CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED
OFFERED, REQUESTED = PlaceStatus.OFFERED, PlaceStatus.REQUESTED
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def offering(database) -> Offering:
    return make_offering(capacity_online=3)


@pytest.fixture
def block(offering) -> ReservedBlock:
    return make_block(offering, 3)


def decisions(place: Place) -> list[tuple[Decided, Ground]]:
    rows = select(PlaceDecision).where(PlaceDecision.place_id == place.id).order_by(PlaceDecision.id)
    return [(one.what, one.ground) for one in db.scalars(rows)]


def mail() -> list[tuple[str, str]]:
    return [
        (one.kind, one.to_address) for one in db.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    ]


def twin_of(offering: Offering, **facts) -> Offering:
    return make_offering(offering.learning_session, wall=datetime(2027, 4, 29, 13), **facts)


def check(offering: Offering, now: datetime = LATER) -> None:
    check_session(offering.learning_session_id, now)


def test_naming_is_invitation_and_approval_at_once(offering, block):
    db.add(PlaceRule(offering_id=offering.id, needs_approval=True))
    db.flush()
    organiser, person = ada(offering.learning_session.journey), pat()
    place = naming.name(block, person, LATER, organiser)
    assert (place.status, place.way, place.block_id, place.confirmed_at) == (
        CONFIRMED, Way.ONLINE, block.id, LATER
    )  # fmt: skip
    assert (block.named, block.unnamed) == (1, 2)
    assert (offering.confirmed_online, offering.held_online) == (1, 2)
    row = db.scalars(select(PlaceDecision)).one()
    assert (row.what, row.ground, row.by_id, row.note) == (
        Decided.NAMED, Ground.BLOCK, organiser.id, "Ghana country group"
    )  # fmt: skip
    enrolment = queries.enrolment(offering.learning_session.journey_id, person.id)
    assert enrolment is not None
    assert enrolment.status is EnrolmentStatus.ACTIVE
    assert [kind for kind, _ in mail()] == ["enrolled", "named"]
    check(offering)


def test_who_waits_is_seated_and_keeps_the_number(offering, block):
    place = seat(pat(), offering)
    number = place.queue_number
    other = seat(will(), offering)
    assert naming.name(block, place.participant, LATER) is place
    assert (place.status, place.queue_number, place.sequence) == (CONFIRMED, number, 1)
    assert other.status is WAITING
    check(offering)


def test_who_has_asked_the_organisers_is_seated(offering, block):
    db.add(PlaceRule(offering_id=offering.id, needs_approval=True))
    place = seat(pat(), offering)
    assert place.status is REQUESTED
    assert naming.name(block, place.participant, LATER).status is CONFIRMED
    check(offering)


def test_an_offer_to_somebody_named_is_free_for_the_next(database):
    offering = make_offering(capacity_online=4)
    block = make_block(offering, 3)
    db.add(PlaceRule(offering_id=offering.id, giving=Giving.OFFER))
    holder, first, second = (make_participant(f"Person {number}") for number in range(3))
    held = seat(holder, offering)
    offered, waits = seat(first, offering), seat(second, offering)
    operations.release_place(held, NOW)
    assert (offered.status, waits.status) == (OFFERED, WAITING)
    naming.name(block, first, LATER)
    assert (offered.status, offered.offer_ends_at, waits.status) == (CONFIRMED, None, OFFERED)
    assert (offering.confirmed_online, offering.held_online) == (1, 3)
    check(offering)


def test_who_holds_a_twin_changes_over_in_one_step(offering, block):
    twin = twin_of(offering, capacity_online=1)
    person = pat()
    before, next_one = seat(person, twin), seat(will(), twin)
    place = naming.name(block, person, LATER)
    assert (before.status, place.status, next_one.status) == (RELEASED, CONFIRMED, CONFIRMED)
    assert decisions(before)[-1] == (Decided.SWAPPED, Ground.TWIN)
    check(offering)


def test_who_was_named_in_the_twin_leaves_that_place_to_its_group(offering, block):
    twin = twin_of(offering, capacity_online=1)
    there = make_block(twin, 1)
    person = pat()
    naming.name(there, person, NOW)
    naming.name(block, person, LATER)
    assert (there.unnamed, block.unnamed) == (1, 2)
    check(offering)


def test_nobody_is_named_twice_or_beyond_the_places(offering, block):
    person = pat()
    naming.name(block, person, NOW)
    with pytest.raises(Refused, match="Pat Asante has a place in this sitting already"):
        naming.name(block, person, NOW)
    for number in range(2):
        naming.name(block, make_participant(f"Person {number}"), NOW)
    with pytest.raises(Refused, match="Every place of “Ghana country group” has a name"):
        naming.name(block, make_participant("One Too Many"), NOW)


def test_who_gave_up_a_place_before_comes_back(offering, block):
    person = pat()
    place = naming.name(block, person, NOW)
    operations.release_place(place, NOW)
    number = place.queue_number
    assert naming.name(block, person, LATER) is place
    assert (place.status, place.released_at) == (CONFIRMED, None)
    assert place.sequence == 2  # named again after one cancellation
    assert place.queue_number > number
    check(offering)


def test_whom_the_organisers_declined_or_removed_is_not_named_past_them(offering, block):
    journey, person = offering.learning_session.journey, pat()
    enrolment = operations.enrol(journey, person, NOW)
    place = seat(person, offering)
    approving.decline(place, "Another time", None, NOW)
    with pytest.raises(Refused, match="declined a request of Pat Asante"):
        naming.name(block, person, LATER)
    operations.leave(journey, person, NOW)
    record_enrolment(enrolment, EnrolmentDecided.REMOVED, NOW)
    db.flush()
    with pytest.raises(Refused, match="declined or ended the enrolment of Pat Asante"):
        naming.name(block, person, LATER)


def test_a_name_taken_out_leaves_the_place_to_the_group(offering, block):
    place, waits = naming.name(block, pat(), NOW), seat(will(), offering)
    naming.unname(place, LATER)
    assert (place.status, place.block_id, block.unnamed, waits.status) == (RELEASED, None, 3, WAITING)
    assert decisions(place)[-1] == (Decided.RELEASED, Ground.BLOCK)
    assert mail()[-1] == ("unnamed", "pat@example.org")
    check(offering)


def test_a_swap_leaves_no_moment_in_which_the_seat_is_free(offering, block):
    for number in range(2):
        naming.name(block, make_participant(f"Person {number}"), NOW)
    place, waits = naming.name(block, pat(), NOW), seat(make_participant("Esi Addo"), offering)
    swapped = naming.swap(place, will(), LATER)
    assert (place.status, swapped.status, waits.status) == (RELEASED, CONFIRMED, WAITING)
    assert (block.named, offering.confirmed_online, offering.held_online) == (3, 3, 0)
    assert [kind for kind, _ in mail()][-2:] == ["unnamed", "named"]
    check(offering)


def test_a_swap_with_somebody_of_the_group_or_of_a_place_given_up_is_refused(offering, block):
    first, second = naming.name(block, pat(), NOW), naming.name(block, will(), NOW)
    with pytest.raises(Refused, match="has a place in this sitting already"):
        naming.swap(first, second.participant, LATER)
    operations.release_place(first, NOW)
    with pytest.raises(Refused, match="not one of the group’s any more"):
        naming.swap(first, make_participant("Esi Addo"), LATER)
    check(offering)


def test_who_gives_up_gives_back_to_the_group_while_it_stands_then_to_everybody(offering, block):
    first, second = naming.name(block, pat(), NOW), naming.name(block, will(), NOW)
    naming.name(block, make_participant("Person 3"), NOW)
    waits = seat(make_participant("Esi Addo"), offering)
    operations.release_place(first, LATER)
    assert (block.unnamed, waits.status) == (1, WAITING)
    naming.name(block, first.participant, LATER)
    operations.release_place(second, RELEASE)
    assert (waits.status, offering.held_online) == (CONFIRMED, 0)
    check(offering, RELEASE)


@pytest.mark.parametrize("end", ["release", "hand back", "begin", "cancel", "close"])
def test_nobody_is_named_swapped_or_taken_out_after_the_end(offering, block, end):
    place, now = naming.name(block, pat(), NOW), LATER
    if end == "release":
        now = RELEASE
    elif end == "hand back":
        reserving.hand_back(block, now)
    elif end == "begin":
        assert offering.starts_at is not None
        now = offering.starts_at
    elif end == "cancel":
        offering.status = type(offering.status).CANCELLED
    else:
        offering.learning_session.journey.status = type(offering.learning_session.journey.status).CLOSED
    db.flush()
    other = will()
    for act in (
        lambda: naming.name(block, other, now),
        lambda: naming.join(block, 1, other, now),
        lambda: naming.swap(place, other, now),
        lambda: naming.unname(place, now),
    ):
        undo = db.begin_nested()
        with pytest.raises(NotOpen):
            act()
        undo.rollback()


def test_a_known_address_is_its_person_an_unknown_one_somebody_new(offering, block):
    journey = offering.learning_session.journey
    group = add_country_group(journey, "GH", "Ghana", NOW)
    block.country_group_id = group.id
    confirmed = make_participant("Efua Mensah", user=make_account("Efua Mensah"))
    pat(is_confirmed=False)
    assert naming.person(block, "EFUA@example.org", "", NOW) is confirmed
    with pytest.raises(DomainError, match="do not know this address") as refusal:
        naming.person(block, "pat@example.org", " ", NOW)
    assert refusal.value.field == "name"
    new = naming.person(block, "pat@example.org", "Patience Asante", NOW)
    assert (new.user_id, new.name, new.country, new.timezone) == (
        None, "Patience Asante", "GH", "Africa/Accra"
    )  # fmt: skip
    assert naming.person(block, "Pat@Example.org", "", NOW) is new
    naming.name(block, new, NOW)
    assert mail()[-1] == ("named", "pat@example.org")


def test_the_link_seats_once_and_dies_when_it_is_renewed(offering, block):
    person = pat()
    place = naming.join(block, 1, person, NOW)
    assert naming.join(block, 1, person, LATER) is place
    assert (block.named, decisions(place)) == (1, [(Decided.NAMED, Ground.BLOCK)])
    naming.renew_link(block, LATER)
    with pytest.raises(NotFound):
        naming.join(block, 1, will(), LATER)
    assert naming.join(block, 2, make_participant("Esi Addo"), LATER).status is CONFIRMED


def test_who_is_named_and_what_became_of_names_is_known(offering, block):
    organiser = ada(offering.learning_session.journey)
    place = naming.name(block, pat(), NOW, organiser)
    naming.swap(place, will(), LATER, organiser)
    naming.join(block, 1, make_participant("Esi Addo"), LATER)
    esi = queries.place(
        offering.id, db.scalars(select(Participant.id).order_by(Participant.id.desc())).first()
    )
    operations.release_place(esi, LATER)
    operations.take_place(offering, esi.participant, Way.ONLINE, LATER)
    assert [(one.name, one.by) for one in blocks.named_in(block.id)] == [("Will Rahman", "Ada Owusu")]
    assert [(one.what, one.name, one.by) for one in blocks.history_of(block)] == [
        (Decided.RELEASED, "Esi Addo", None),
        (Decided.NAMED, "Esi Addo", None),
        (Decided.NAMED, "Will Rahman", "Ada Owusu"),
        (Decided.RELEASED, "Pat Asante", "Ada Owusu"),
        (Decided.NAMED, "Pat Asante", "Ada Owusu"),
    ]


def test_nobody_is_enrolled_when_naming_is_refused(offering, block):
    reserving.hand_back(block, NOW)
    undo = db.begin_nested()
    with pytest.raises(NotOpen):
        naming.name(block, pat(), LATER)
    undo.rollback()
    assert db.scalars(select(Enrolment)).all() == []
