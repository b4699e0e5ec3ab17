"""The letters as they are sent, whole, read by calendar programs that are none of ours: for four cities an
invitation, its update after a move, the sitting given up for another, and the end.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from app.database import db
from app.domain.admission import Admission, Policy
from app.domain.attendance import Way
from app.enrolments import admitting, approving, entering, operations
from app.enrolments.models import Place
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.scheduling.operations import cancel, revise
from tests.calendars.readers.every import READERS
from tests.calendars.readers.seen import Reader, Seen
from tests.enrolments.reading import several
from tests.enrolments.ruled import OFFERS, let_time_pass, ruled
from tests.factories import NOW, make_learning_session, make_offering
from tests.notices.changes.telling import messages_to, told
from tests.notices.golden import PEOPLE, text_in
from tests.people import pat, seat
from tests.scheduling.telling import as_it_is

TITLE = 'Who pays, and why; "capitation" \\ é 健康'
STARTS, LATER = datetime(2027, 4, 22, 12, 0, tzinfo=UTC), NOW + timedelta(hours=1)
MOVED, EVENING = datetime(2027, 4, 23, 15, 0), datetime(2027, 4, 22, 19, 0)
LENGTH = timedelta(minutes=90)


@pytest.fixture(autouse=True)
def asks(app, database, time_machine, monkeypatch):
    """A site that asks calendars for answers, at the moment of the tests."""
    time_machine.move_to(NOW)
    asking = replace(app.config["SETTINGS"], reply_to="replies@meridian.example")
    monkeypatch.setitem(app.config, "SETTINGS", asking)
    with app.app_context():
        yield asking


def sent(place: Place, kind: str) -> bytes:
    """The newest message of a kind about a place, as it goes to the mail server."""
    found = db.query(OutboxMessage).filter_by(kind=kind).order_by(OutboxMessage.id.desc())
    message = next(one for one in found if one.payload["place_id"] == place.id)
    return compose(message, "Meridian <meridian@example.org>").as_bytes()


def object_in(raw: bytes) -> bytes:
    """The calendar object of a mail, which is there twice and the same; its method is that of the part."""
    mail = message_from_bytes(raw, policy=policy.default)
    alternative, file = mail.iter_parts()
    *words, inline = alternative.iter_parts()
    assert [one.get_content_type() for one in words] == ["text/plain", "text/html"]
    assert (inline.get_content_type(), file.get_content_type()) == ("text/calendar", "application/ics")
    body = inline.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body == file.get_payload(decode=True)
    assert f"METHOD:{inline.get_param('method')}\r\n".encode() in body
    return body


def has_object(raw: bytes) -> bool:
    return message_from_bytes(raw, policy=policy.default).get_content_type() == "multipart/mixed"


def sequences(*read: Seen) -> list[int]:
    """The numbers of what was read, one after the other; missing ones come first."""
    return [-1 if one.sequence is None else one.sequence for one in read]


def length_of(one: Seen) -> timedelta:
    assert isinstance(one.starts, datetime)
    assert isinstance(one.ends, datetime)
    return one.ends - one.starts


@dataclass(frozen=True)
class Life:
    """What was mailed about one place, and what each mail should be understood to say."""

    uid: str
    twin_uid: str
    objects: tuple[bytes, ...]
    """Invitation, update, what takes the first out, the invitation to the twin, its end."""


def life_of(person) -> Life:
    one = make_learning_session(title=TITLE)
    first = make_offering(one)
    twin = make_offering(one, wall=EVENING)
    place = seat(person, first)
    mails = [sent(place, "place-confirmed")]
    revise(first, as_it_is(first, wall=MOVED), LATER)
    told(LATER)
    (moved,) = messages_to(person.name)
    assert moved.kind == "session-moved"
    mails.append(compose(moved, "Meridian <meridian@example.org>").as_bytes())
    there = approving.move(place, twin, None, LATER)
    mails += [sent(place, "calendar-update"), sent(there, "place-moved")]
    operations.release_place(there, LATER)
    mails.append(sent(there, "place-released"))
    return Life(first.uid, twin.uid, tuple(object_in(raw) for raw in mails))


@pytest.fixture
def lives() -> list[Life]:
    return [life_of(person_in()) for person_in in PEOPLE]


@pytest.mark.engine("sqlite")  # the bytes do not depend on it
@pytest.mark.parametrize("reader", [one for one in READERS if one.keeps_uids], ids=lambda one: one.name)
def test_a_reader_understands_what_is_sent_to_four_cities(lives: list[Life], reader: Reader):
    if lack := reader.lack():
        pytest.skip(lack)
    objects = [body for life in lives for body in life.objects]
    read = iter(reader.read(objects))
    moved, evening = MOVED.replace(hour=14, tzinfo=UTC), EVENING.replace(hour=18, tzinfo=UTC)
    for life in lives:
        ((asked,), (updated,), (out,), (other,), (ended,)) = (next(read) for _ in life.objects)
        told = [(one.uid, one.starts, one.status) for one in (asked, updated, out, other, ended)]
        assert told == [
            (life.uid, STARTS, "CONFIRMED"),
            (life.uid, moved, "CONFIRMED"),
            (life.uid, moved, ""),
            (life.twin_uid, evening, "CONFIRMED"),
            (life.twin_uid, evening, ""),
        ]
        assert {one.title for one in (asked, updated, out, other, ended)} == {TITLE}
        assert {length_of(one) for one in (asked, updated, out, other, ended)} == {LENGTH}
        if reader.counts_changes:
            assert sequences(asked, updated, out) == sorted(set(sequences(asked, updated, out)))
            assert sequences(other, ended) == sorted(set(sequences(other, ended)))


# What goes with which letter


def method_in(raw: bytes) -> str:
    mail = message_from_bytes(raw, policy=policy.default)
    found = [str(one.get_param("method")) for one in mail.walk() if one.get_content_type() == "text/calendar"]
    return found[0] if found else ""


def test_an_offer_invites_and_its_end_takes_that_back(time_machine):
    offering = ruled(OFFERS, capacity_online=1)
    held, mine = seat(several(1)[0], offering), seat(pat(), offering)
    operations.release_place(held, NOW)
    assert method_in(sent(mine, "offered")) == "REQUEST"
    late = NOW + timedelta(hours=48)
    time_machine.move_to(late)
    let_time_pass(mine.offering_id, late)
    assert method_in(sent(mine, "offer-lapsed")) == "CANCEL"


def test_who_loses_the_place_and_waits_again_has_it_out_of_the_calendar():
    offering = make_offering(capacity_online=1)
    mine = seat(pat(), offering)
    revise(offering, as_it_is(offering, capacity_online=0), NOW, may_unseat=True)
    assert method_in(sent(mine, "waiting")) == "CANCEL"


@pytest.mark.parametrize("end", ["declined", "removed", "back"])
def test_what_organisers_end_leaves_the_calendar(end):
    mine = seat(pat(), ruled({"needs_approval": True}))
    approving.approve(mine, None, NOW)
    match end:
        case "declined":
            approving.decline(mine, "It is for others.", None, NOW)
            kind = "place-declined"
        case "removed":
            approving.take_out(mine, "It is for others.", None, NOW)
            kind = "place-removed"
        case _:
            approving.withdraw_approval(mine, None, NOW)
            kind = "place-back-to-request"
    assert method_in(sent(mine, kind)) == "CANCEL"


def test_who_was_never_invited_hears_of_no_cancellation():
    offering = make_offering(capacity_online=1)
    seat(several(1)[0], offering)
    mine = seat(pat(), offering)
    assert not has_object(sent(mine, "waiting"))
    operations.release_place(mine, NOW)
    assert not has_object(sent(mine, "place-released"))


def test_an_end_is_told_though_the_sitting_is_cancelled_meanwhile():
    offering = make_offering()
    mine = seat(pat(), offering)
    operations.release_place(mine, NOW)
    cancel(offering, "Strike", LATER)
    raw = sent(mine, "place-released")
    assert b"STATUS:CANCELLED\r\n" in object_in(raw)


def test_leaving_a_journey_with_one_seat_is_one_mail():
    mine = seat(pat(), make_offering())
    operations.leave(mine.offering.learning_session.journey, mine.participant, NOW)
    (left,) = db.query(OutboxMessage).filter_by(kind="journey-left")
    raw = compose(left, "Meridian <meridian@example.org>").as_bytes()
    assert method_in(raw) == "CANCEL"
    assert db.query(OutboxMessage).filter_by(kind="calendar-update").count() == 0


@pytest.mark.parametrize("end", ["left", "approval withdrawn", "removed"])
def test_the_entry_of_the_only_seat_goes_though_they_are_enrolled_again_before_it_is_told(end):
    person, offering = pat(), make_offering()
    journey = offering.learning_session.journey
    admitting.change_policy(journey, Policy(timezone="Europe/London", admission=Admission.APPROVAL), NOW)
    asked = entering.ask_to_join(journey, person, NOW)
    entering.approve_enrolment(asked, None, NOW)
    place = operations.take_place(offering, person, Way.ONLINE, NOW)
    match end:
        case "left":
            operations.leave(journey, person, NOW)
            kind = "journey-left"
        case "removed":
            entering.remove(asked, "The ministry sends somebody else.", None, NOW)
            kind = "enrolment-removed"
        case _:
            entering.withdraw_enrolment_approval(asked, None, NOW)
            kind = "enrolment-back-to-request"
    operations.enrol(journey, person, NOW)
    (late,) = db.query(OutboxMessage).filter_by(kind=kind)

    mail = compose(late, "Meridian <meridian@example.org>")

    assert method_in(mail.as_bytes()) == "CANCEL"
    assert "You are enrolled in “Financing and Payment Models”, but your place here has ended:" in text_in(
        mail
    )
    operations.take_place(offering, person, Way.ONLINE, NOW)
    assert method_in(sent(place, "place-confirmed")) == "REQUEST"
    with pytest.raises(NoLongerNeeded):
        compose(late, "Meridian <meridian@example.org>")


def test_leaving_a_journey_with_several_seats_is_one_letter_and_each_entry_goes():
    person, one = pat(), make_learning_session()
    places = [seat(person, make_offering(beside(one, title))) for title in ("Costing", "Paying", "Pricing")]
    operations.leave(one.journey, person, NOW)
    (left,) = db.query(OutboxMessage).filter_by(kind="journey-left")
    mail = compose(left, "Meridian <meridian@example.org>")
    assert not has_object(mail.as_bytes())
    assert [line for line in text_in(mail).splitlines() if line.startswith("- ")] == [
        f"- {title}: Thursday 22 April 2027, 12:00–13:30 in Accra (GMT, UTC), your time"
        for title in ("Costing", "Paying", "Pricing")
    ]
    assert [method_in(sent(place, "calendar-update")) for place in places] == ["CANCEL"] * 3


def beside(one, title):
    return make_learning_session(one.journey, title)


def test_a_site_without_an_address_for_answers_asks_for_none(app, asks, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(asks, reply_to=""))
    raw = sent(seat(pat(), make_offering()), "place-confirmed")
    mail = message_from_bytes(raw, policy=policy.default)
    assert "The invitation with this mail puts it into your calendar." in text_in(mail)
    assert "“no”" not in text_in(mail)
    assert b"RSVP=FALSE" in object_in(raw).replace(b"\r\n ", b"")


def test_an_offer_that_ends_with_its_sitting_leaves_the_calendar():
    offering = ruled(OFFERS, capacity_online=1)
    held, mine = seat(several(1)[0], offering), seat(pat(), offering)
    operations.release_place(held, NOW)
    cancel(offering, "Strike", LATER)
    let_time_pass(offering.id, LATER)
    told(LATER)
    (message,) = messages_to(mine.participant.name)
    assert message.kind == "session-cancelled"
    raw = compose(message, "Meridian <meridian@example.org>").as_bytes()
    assert b"STATUS:CANCELLED\r\n" in object_in(raw)
