"""What people are written when a rule or an organiser decides about their place."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.seats import PlaceStatus
from app.enrolments import approving, operations
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.journeys.models import JourneyStatus
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.participants import operations as participants
from app.scheduling.operations import cancel, revise
from tests.enrolments.reading import several
from tests.enrolments.ruled import BY_COUNTRY, OFFERS, let_time_pass, lottery, place_of, ruled
from tests.factories import NOW, make_learning_session, make_offering
from tests.notices.golden import text_in
from tests.people import pat, seat, will
from tests.scheduling.telling import as_it_is

DRAW = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _sending(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def mail(database, kind: str, first_name: str = "Will") -> tuple[str, str]:
    """Subject and text, in one line, of the message of a kind to somebody."""
    found = database.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.to_name.startswith(first_name))
    ).one()
    message = compose(found, "Meridian <meridian@example.org>")
    return message["Subject"], " ".join(text_in(message).split())


def offered_to_will(holder, **facts):
    return offered_to(will(), holder, **facts)


def offered_to(person, holder=None, **facts):
    offering = ruled(OFFERS, capacity_online=1, **facts)
    held, mine = seat(holder or pat(), offering), seat(person, offering)
    operations.release_place(held, NOW)
    return mine


def test_an_offer_tells_its_deadline_in_the_persons_zone_and_where_to_accept(database):
    mine = offered_to_will(pat())

    subject, text = mail(database, "offered")

    assert subject.startswith("A place is offered to you: What capitation pays for, Thu 22 April 18:00–19:30")
    assert "The place is kept for you until Wednesday 3 March 2027, 15:00 in Dhaka (UTC+6)." in text
    assert f"Accept or decline the place: http://127.0.0.1:8000/me/places/{mine.id}/accept" in text
    assert "other sitting" not in text


def test_an_offer_says_that_it_swaps(database):
    learning_session, person = make_learning_session(), will()
    seat(person, make_offering(learning_session))
    offering = ruled(OFFERS, learning_session, capacity_online=1)
    held = seat(pat(), offering)
    seat(person, offering)
    operations.release_place(held, NOW)

    assert (
        "Accepting it gives up, in the same step, your place in the other sitting: Thursday 22 April 2027, "
        "18:00–19:30 in Dhaka (UTC+6), your time." in mail(database, "offered")[1]
    )


def test_an_offer_that_has_ended_is_not_sent_and_its_end_is(database, time_machine):
    mine = offered_to_will(pat())
    seat(several(1)[0], mine.offering)
    late = NOW + timedelta(hours=48)
    time_machine.move_to(late)
    with pytest.raises(NoLongerNeeded):
        mail(database, "offered")
    let_time_pass(mine.offering_id, late)

    subject, text = mail(database, "offer-lapsed")

    assert subject.startswith("The offer of a place has ended: What capitation pays for")
    assert "It was not accepted in time, and went on in line." in text
    assert "If you still want to come, ask again on the page; you join the end of the line." in text


def test_an_offer_that_ends_with_nobody_in_line_says_that_somebody_else_can_have_it(database, time_machine):
    mine = offered_to_will(pat())
    late = NOW + timedelta(hours=48)
    time_machine.move_to(late)
    let_time_pass(mine.offering_id, late)

    text = mail(database, "offer-lapsed")[1]

    assert "It was not accepted in time, and somebody else can have the place. " in text
    assert "ask again on the page" in text


@pytest.mark.parametrize("what", ["begun", "cancelled", "closed", "registration over"])
def test_an_offer_that_ends_with_what_it_was_for_leads_nowhere_again(database, time_machine, what):
    """It lapses at the start of the sitting; or something else ends asking before the letter goes out."""
    mine = offered_to_will(pat())
    seat(several(1)[0], mine.offering)
    late = NOW + timedelta(hours=48)
    match what:
        case "begun":
            mine.offer_ends_at = late = mine.offering.starts_at
            let_time_pass(mine.offering_id, late)
            late += timedelta(seconds=5)
        case "cancelled":
            let_time_pass(mine.offering_id, late)
            cancel(mine.offering, "Strike", late)
        case "closed":
            let_time_pass(mine.offering_id, late)
            mine.offering.learning_session.journey.status = JourneyStatus.CLOSED
        case _:
            let_time_pass(mine.offering_id, late)
            mine.offering.registration_closes_at = late
    time_machine.move_to(late)

    text = mail(database, "offer-lapsed")[1]

    assert "It was not accepted in time. " in text
    assert "ask again" not in text
    assert ("This sitting is cancelled." in text) is (what == "cancelled")


def test_who_asked_again_is_not_told_of_the_offer_before(database, time_machine):
    mine = offered_to_will(pat())
    late = NOW + timedelta(hours=48)
    time_machine.move_to(late)
    let_time_pass(mine.offering_id, late)
    operations.take_place(mine.offering, mine.participant, mine.way, late)

    with pytest.raises(NoLongerNeeded):
        mail(database, "offer-lapsed")


def test_a_declined_request_tells_the_reason(database):
    mine = seat(will(), ruled({"needs_approval": True}))
    approving.decline(mine, "It is for finance officers.", None, NOW)

    subject, text = mail(database, "place-declined")

    assert subject.startswith("Your request for a place is declined: What capitation pays for")
    assert "They wrote: > It is for finance officers." in text
    assert f"http://127.0.0.1:8000/me/places/{mine.id}/" in text


@pytest.mark.parametrize(
    ("capacity", "subject", "words"),
    [
        (2, "You have no place any more", "You have no place in “What capitation pays for” any more"),
        (1, "You are not waiting any more", "You are out of the line for “What capitation pays for”"),
    ],
)
def test_who_is_taken_out_reads_what_ended_and_why(database, capacity, subject, words):
    offering = make_offering(capacity_online=capacity)
    seat(pat(), offering)
    approving.take_out(seat(will(), offering), "You told us that you are ill.", None, NOW)

    found, text = mail(database, "place-removed")

    assert found.startswith(subject)
    assert words in text
    assert "They wrote: > You told us that you are ill." in text


def test_who_is_moved_reads_where_and_when(database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    evening = make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0))
    approving.move(seat(will(), morning), evening, None, NOW, "The morning is too full.")

    subject, text = mail(database, "place-moved")

    assert subject.startswith(
        "Your place is now in another sitting: What capitation pays for, Fri 23 April 00:00"
    )
    assert "> The morning is too full. The organisers" in text
    assert "Given up for it: your place on Thursday 22 April 2027, 18:00–19:30 in Dhaka" in text


def test_an_approval_taken_back_is_told(database):
    mine = seat(will(), ruled({"needs_approval": True}))
    approving.approve(mine, None, NOW, "Welcome.")
    subject, text = mail(database, "promoted")
    assert subject.startswith("Your request is approved and a place is yours: What capitation pays for")
    assert "> Welcome. The organisers" in text
    approving.withdraw_approval(mine, None, NOW, "We look at it again.")

    subject, text = mail(database, "place-back-to-request")

    assert subject.startswith("The organisers decide anew about your place")
    assert "> We look at it again. The organisers" in text
    with pytest.raises(NoLongerNeeded):
        mail(database, "promoted")


# Waiting, under every rule


def test_who_takes_part_in_a_lottery_is_not_told_that_it_is_full(database, time_machine):
    offering = ruled(lottery(DRAW), capacity_online=1)
    people = [will(), *several(1)]
    for person in people:
        seat(person, offering)

    subject, text = mail(database, "waiting")

    assert subject.startswith("You take part in the lottery: What capitation pays for")
    assert "The lottery is drawn on Thursday 4 March 2027, 15:00 in Dhaka (UTC+6)" in text
    assert "full" not in text
    let_time_pass(offering.id, DRAW)
    first = next(person.name.split()[0] for person in people if holds(person, offering))
    assert mail(database, "promoted", first)[0].startswith("The lottery is drawn and a place is yours")


def test_who_is_not_drawn_is_told_where_they_stand_now(database, time_machine):
    offering = ruled(lottery(DRAW), capacity_online=1)
    people = [will(), *several(2)]
    for person in people:
        seat(person, offering)
    before = set(database.scalars(select(OutboxMessage.id)))
    time_machine.move_to(DRAW)
    let_time_pass(offering.id, DRAW)
    written = database.scalars(select(OutboxMessage).where(OutboxMessage.id.not_in(before))).all()
    in_line = {place_of(offering.id, person.id).queue_number: person for person in people}
    winner, *others = (in_line[number].name for number in sorted(in_line))
    assert [(one.kind, one.to_name) for one in written] == [
        ("promoted", winner), *(("waiting", name) for name in others),
    ]  # fmt: skip

    for position, message in enumerate(written[1:], 1):
        letter = compose(message, "Meridian <meridian@example.org>")
        text = " ".join(text_in(letter).split())
        assert letter["Subject"].startswith("The lottery is drawn; you are waiting for a place: What capit")
        assert (
            "The lottery is drawn, and did not give you a place. "
            f"You are number {position} of 2 in the line. "
            "The line follows the lottery, then the requests made after it. "
            "A freed place is yours at once when it is your turn, and we write to you." in text
        )


def test_a_letter_about_a_draw_to_come_is_not_sent_after_it(database, time_machine):
    """Nor is the one about the draw where something was decided since."""
    offering = ruled(lottery(DRAW), capacity_online=0)
    mine = seat(will(), offering)
    (before,) = database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "waiting"))
    time_machine.move_to(DRAW)
    let_time_pass(offering.id, DRAW)
    drawn = database.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()

    with pytest.raises(NoLongerNeeded):
        compose(before, "Meridian <meridian@example.org>")
    assert compose(drawn, "Meridian <meridian@example.org>")["Subject"].startswith("The lottery is drawn;")
    operations.release_place(mine, DRAW)
    operations.take_place(offering, mine.participant, mine.way, DRAW)
    with pytest.raises(NoLongerNeeded):
        compose(drawn, "Meridian <meridian@example.org>")


def holds(person, offering) -> bool:
    return place_of(offering.id, person.id).status is PlaceStatus.CONFIRMED


def test_who_can_be_passed_over_reads_so(database):
    offering = ruled(BY_COUNTRY, capacity_online=4)
    seat(will(), offering)
    second = several(2)
    for person in second:
        seat(person, offering)

    text = mail(database, "waiting", "Bashir")[1]

    assert (
        "Places are kept in balance between countries: Ghana has 1 of the 1 it can have, of 4. While that "
        "is so, you can be passed over." in text
    )


def test_an_approved_request_that_waits_is_told_both(database):
    offering = ruled({"needs_approval": True}, capacity_online=0)
    approving.approve(seat(will(), offering), None, NOW)

    text = mail(database, "waiting")[1]

    assert "The organisers have approved your request." in text
    assert "You are number 1 of 1 in the line." in text


def test_who_lost_a_place_to_fewer_places_is_told_so(database):
    offering = make_offering(capacity_online=1)
    seat(will(), offering)
    revise(offering, as_it_is(offering, capacity_online=0), NOW, may_unseat=True)

    text = mail(database, "waiting")[1]

    assert (
        "yours is one of those that ended. You are in line again, before those who asked after you." in text
    )


# People without an account

SIGN_UP = "Sign up with this address"


def ama():
    profile = participants.Profile(name="Ama Boateng", timezone="Africa/Accra", country="GH")
    return participants.create(profile, NOW, email="ama@example.org")


def leads_only_where_one_gets_without_an_account(text: str) -> bool:
    return SIGN_UP in text and "/sign-up" in text and "/me/" not in text


def test_who_has_no_account_is_told_to_sign_up_and_led_nowhere_else(database):
    offering, person = make_offering(capacity_online=1), ama()
    held = seat(pat(), offering)
    seat(person, offering)
    enrolled = mail(database, "enrolled", "Ama")[1]
    assert "You have no account here yet. With one for ama@example.org you see every hour" in enrolled
    assert leads_only_where_one_gets_without_an_account(enrolled)
    assert leads_only_where_one_gets_without_an_account(mail(database, "waiting", "Ama")[1])

    operations.release_place(held, NOW)

    promoted = mail(database, "promoted", "Ama")[1]
    assert leads_only_where_one_gets_without_an_account(promoted)
    assert "find your places, and can give them up." in promoted


def test_who_is_enrolled_in_every_session_without_an_account_is_told_so(database):
    offering, person = make_offering(), ama()
    seat(person, offering)
    assert leads_only_where_one_gets_without_an_account(mail(database, "place-confirmed", "Ama")[1])
    database.scalars(select(Enrolment)).one().wants_all = True
    text = mail(database, "enrolled", "Ama")[1]
    assert "with a place where there is one, else in its line." in text.replace("\n", " ")
    assert leads_only_where_one_gets_without_an_account(text)


def test_an_offer_to_somebody_without_an_account_says_how_to_accept(database):
    mine = offered_to(ama())

    text = mail(database, "offered", "Ama")[1]

    assert (
        "A place can be accepted only with an account. Sign up with this address, ama@example.org, and "
        "confirm it: http://127.0.0.1:8000/sign-up" in text
    )
    assert (
        f"After that, accept or decline the place: http://127.0.0.1:8000/me/places/{mine.id}/accept" in text
    )
    assert text.count(SIGN_UP) == 1


# What is told of what one gives up oneself


NEXT = "The place goes to the next in line."
FREE = "Somebody else can have the place now."
AGAIN = "If you change your mind, ask again on the page"
AT_THE_END = f"{AGAIN}; you join the end of the line."


def test_who_gives_a_place_up_has_it_confirmed_and_learns_how_to_come_back(database):
    offering = make_offering(capacity_online=1)
    mine = seat(will(), offering)
    seat(pat(), offering)
    operations.release_place(mine, NOW)

    subject, text = mail(database, "place-released")

    assert subject.startswith("You have given up your place: What capitation pays for, Thu 22 April 18:00")
    assert NEXT in text
    assert FREE not in text
    assert "Your calendar answered" not in text
    assert AT_THE_END in text


@pytest.mark.parametrize(
    ("capacity", "said", "back"), [(1, FREE, AT_THE_END), (None, "", f"{AGAIN}. ")], ids=["limit", "no limit"]
)
def test_a_place_given_up_that_nobody_waits_for_goes_to_no_next_in_line(database, capacity, said, back):
    operations.release_place(seat(will(), make_offering(capacity_online=capacity)), NOW)

    text = mail(database, "place-released")[1]

    assert NEXT not in text
    assert (FREE in text) is bool(said)
    assert back in text


@pytest.mark.parametrize("what", ["cancelled", "closed", "begun"])
def test_who_gives_a_place_up_that_nobody_can_have_reads_no_more(database, time_machine, what):
    offering, now = make_offering(capacity_online=1), NOW
    mine = seat(will(), offering)
    seat(pat(), offering)
    match what:
        case "cancelled":
            cancel(offering, "Strike", NOW)
        case "closed":
            offering.learning_session.journey.status = JourneyStatus.CLOSED
        case _:
            now = offering.starts_at + timedelta(minutes=5)
            time_machine.move_to(now)
    database.flush()
    operations.release_place(mine, now)

    text = mail(database, "place-released")[1]

    assert NEXT not in text
    assert FREE not in text
    assert AGAIN not in text
    assert ("This sitting is cancelled." in text) is (what == "cancelled")


def test_who_came_back_is_not_told_that_they_gave_up(database):
    place = seat(will(), make_offering())
    operations.release_place(place, NOW)
    operations.take_place(place.offering, place.participant, place.way, NOW)

    with pytest.raises(NoLongerNeeded):
        mail(database, "place-released")


def test_an_entry_stays_in_the_calendar_of_who_went_back_to_the_first_sitting(database):
    learning_session, person = make_learning_session(), will()
    first = make_offering(learning_session)
    second = make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0))
    for offering in (first, second, first):
        seat(person, offering)
    kept, gone = database.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "calendar-update").order_by(OutboxMessage.id)
    ).all()

    assert compose(gone, "Meridian <meridian@example.org>")["Subject"].startswith("Out of your calendar")
    with pytest.raises(NoLongerNeeded):
        compose(kept, "Meridian <meridian@example.org>")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (EnrolmentStatus.LEFT, "Your enrolment in “{journey}” has ended, and with it your place here:"),
        (
            EnrolmentStatus.REQUESTED,
            "Your request to join “{journey}” is with the organisers, and your place here has ended:",
        ),
        (EnrolmentStatus.ACTIVE, "You are enrolled in “{journey}”, but your place here has ended:"),
    ],
)
def test_an_entry_goes_with_what_the_enrolment_is_now(database, status, words):
    person, one = will(), make_learning_session()
    seat(person, make_offering(one))
    gone = seat(person, make_offering(make_learning_session(one.journey, "Costing")))
    operations.leave(one.journey, person, NOW)
    enrolment = database.scalars(select(Enrolment)).one()
    enrolment.status, enrolment.left_at = status, NOW if status is EnrolmentStatus.LEFT else None
    database.flush()
    (found,) = (
        message
        for message in database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "calendar-update"))
        if message.payload["place_id"] == gone.id
    )

    text = text_in(compose(found, "Meridian <meridian@example.org>"))

    assert words.format(journey="Financing and Payment Models") in " ".join(text.split())


def test_who_withdraws_a_request_to_join_is_not_told_of_places(database):
    journey, person = make_learning_session().journey, will()
    operations.enrol(journey, person, NOW)
    database.scalars(select(Enrolment)).one().status = EnrolmentStatus.REQUESTED
    operations.leave(journey, person, NOW)

    subject, text = mail(database, "journey-left")

    assert subject == "You have withdrawn your request: Financing and Payment Models"
    assert "places" not in text.partition("--")[0]


def test_what_is_told_of_a_place_keeps_its_order_and_belongs_to_its_journey(database):
    place = seat(will(), make_offering())
    operations.release_place(place, NOW)
    journey_id = place.offering.learning_session.journey_id
    keys = database.execute(
        select(OutboxMessage.kind, OutboxMessage.order_key, OutboxMessage.scope).order_by(OutboxMessage.id)
    ).all()

    of_journey, of_place = (
        f"participant:{place.participant_id}:{about}"
        for about in (f"journey:{journey_id}", f"offering:{place.offering_id}")
    )
    assert keys == [
        ("enrolled", of_journey, f"journey:{journey_id}"),
        ("place-confirmed", of_place, f"journey:{journey_id}"),
        ("place-released", of_place, f"journey:{journey_id}"),
    ]


def test_whoever_closes_their_account_is_written_no_more(database):
    person = will()
    seat(person, make_offering())
    operations.release_everything(person, NOW)
    kinds = set(database.scalars(select(OutboxMessage.kind)))
    assert kinds == {"enrolled", "place-confirmed"}
