"""The objects and the mail of an invitation: what they hold, and that they agree."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from icalendar import Calendar

from app.calendars.addressing import attendee_of, claimed, is_signed
from app.calendars.invitations import Method, cancellation, request
from app.calendars.queries import feed_address
from app.database import db
from app.domain.errors import Refused
from app.enrolments import operations
from app.learning_sessions.sittings import Days
from app.messages.composed import CalendarObject
from app.messages.delivery import compose
from app.messages.mails import attach
from app.messages.models import OutboxMessage
from app.scheduling.operations import cancel, restore
from tests.calendars.mail.conftest import LATER
from tests.calendars.people import make_feed
from tests.calendars.reading import event_of, lines_of
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.notices.golden import text_in
from tests.people import browser_of, pat, seat, will

STARTS, ENDS = "20270422T120000Z", "20270422T133000Z"


def parsed(body):
    """(the calendar, its only event), after a check of the physical lines."""
    lines = lines_of(body)
    first = next(number for number, line in enumerate(lines) if line == "BEGIN:VEVENT")
    assert any(line.startswith("METHOD:") for line in lines[:first])
    assert not any(line.startswith("METHOD:") for line in lines[first:])
    calendar = Calendar.from_ical(body)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def line_of(body, name):
    (line,) = [line for line in lines_of(body) if line.split(":")[0].split(";")[0] == name]
    return line


def test_a_confirmed_place_is_a_request_that_is_accepted_already(confirmed, asking):
    body = request(confirmed, asking, LATER)
    calendar, event = parsed(body)
    assert str(calendar["METHOD"]) == "REQUEST"
    assert str(event["UID"]) == confirmed.offering.uid
    assert (line_of(body, "DTSTART"), line_of(body, "DTEND")) == (f"DTSTART:{STARTS}", f"DTEND:{ENDS}")
    assert line_of(body, "DTSTAMP") == "DTSTAMP:20270301T100000Z"
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
    attendee = event["ATTENDEE"]
    assert str(attendee) == "mailto:pat@example.org"
    assert dict(attendee.params) == {
        "CN": "Pat Asante", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED",
        "RSVP": "TRUE",
    }  # fmt: skip
    assert event["ORGANIZER"].params["CN"] == "Financing and Payment Models"
    assert str(event["URL"]).endswith("/sessions/what-capitation-pays-for/")


def test_an_offered_place_needs_an_answer(offered, asking):
    _, event = parsed(request(offered, asking, LATER))
    assert str(event["STATUS"]) == "TENTATIVE"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["SEQUENCE"] == offered.sequence == 1


def test_without_an_address_for_answers_none_is_asked_for(confirmed, settings):
    _, event = parsed(request(confirmed, settings, LATER))
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert str(event["ORGANIZER"]) == "mailto:meridian@example.org"


def test_the_same_place_gives_the_same_bytes_but_for_the_moment(confirmed, asking):
    first, again = request(confirmed, asking, LATER), request(confirmed, asking, LATER)
    assert first == again
    later = request(confirmed, asking, LATER + timedelta(minutes=1))
    assert [one for one in lines_of(later) if one not in lines_of(first)] == ["DTSTAMP:20270301T100100Z"]


def test_request_update_and_cancellation_have_one_organiser_and_rising_numbers(confirmed, asking):
    person = db.merge(confirmed.participant)
    told = [request(confirmed, asking, LATER)]
    cancel(confirmed.offering, "Strike", LATER)
    told.append(cancellation(confirmed, asking, LATER))
    restore(confirmed.offering, LATER)
    told.append(request(confirmed, asking, LATER))
    operations.release_place(confirmed, LATER)
    told.append(cancellation(confirmed, asking, LATER))
    operations.take_place(confirmed.offering, person, confirmed.way, LATER)
    told.append(request(confirmed, asking, LATER))
    events = [parsed(body)[1] for body in told]
    methods = [str(parsed(body)[0]["METHOD"]) for body in told]
    assert methods == ["REQUEST", "CANCEL", "REQUEST", "CANCEL", "REQUEST"]
    assert [str(one.get("STATUS", "")) for one in events] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
        "",
        "CONFIRMED",
    ]
    assert [one["SEQUENCE"] for one in events] == [0, 1, 2, 3, 4]
    assert len({line_of(body, "ORGANIZER") for body in told}) == 1
    assert len({line_of(body, "UID") for body in told}) == 1


def test_a_cancellation_names_one_person_and_asks_nothing(confirmed, asking):
    operations.release_place(confirmed, LATER)
    body = cancellation(confirmed, asking, LATER)
    attendee = parsed(body)[1]["ATTENDEE"]
    assert (str(attendee), dict(attendee.params)) == ("mailto:pat@example.org", {"CN": "Pat Asante"})
    assert line_of(body, "DTSTART") == f"DTSTART:{STARTS}"


def test_it_agrees_with_the_persons_feed(app, asking, time_machine, confirmed):
    time_machine.move_to(LATER)
    feed = make_feed(confirmed.participant, asking)
    invited = parsed(request(confirmed, asking, LATER))[1]
    address = feed_address(feed, asking)
    fed = event_of(browser_of(app).get(address.removeprefix(asking.site_url)).data)
    for name in (
        "UID",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "URL",
        "STATUS",
    ):
        assert invited[name] == fed[name], name


def test_days_are_dates_whose_end_is_the_day_after(database, asking):
    days = Days(date(2027, 4, 22), date(2027, 4, 23), "Europe/London")
    body = request(seat(pat(), make_offering(when=days)), asking, LATER)
    assert line_of(body, "DTSTART") == "DTSTART;VALUE=DATE:20270422"
    assert line_of(body, "DTEND") == "DTEND;VALUE=DATE:20270424"


def test_the_join_link_is_told_when_it_may_be_seen(database, asking):
    place = seat(pat(), make_offering(join_url="https://meet.example.org/a;b,c"))
    assert b"meet.example.org" not in request(place, asking, LATER)
    body = request(place, asking, place.offering.starts_at - timedelta(minutes=5))
    link = "https://meet.example.org/a;b,c"
    assert line_of(body, "CONFERENCE") == f"CONFERENCE;FEATURE=VIDEO;LABEL=Join;VALUE=URI:{link}"
    assert line_of(body, "LOCATION") == "LOCATION:https://meet.example.org/a\\;b\\,c"


def test_odd_names_and_titles_cannot_break_a_line(database, asking):
    person = pat()
    person.name = 'Ana "Nana"; Muñoz, 健康\r\nBCC:x@example.org'
    title = "Paying; pooling, \\ buying é 健康 العربية 🎈" * 3
    place = seat(person, make_offering(make_learning_session(make_journey(), title)))
    calendar, event = parsed(request(place, asking, LATER))
    assert event["ATTENDEE"].params["CN"] == "Ana 'Nana'; Muñoz, 健康 BCC:x@example.org"
    assert str(event["SUMMARY"]) == title
    assert "BCC" not in event


def test_nobody_is_invited_to_what_they_do_not_have(waiting, asking):
    with pytest.raises(Refused):
        request(waiting, asking, LATER)
    assert str(parsed(cancellation(waiting, asking, LATER))[0]["METHOD"]) == "CANCEL"


def test_a_place_that_stands_is_not_cancelled(confirmed, asking):
    with pytest.raises(Refused):
        cancellation(confirmed, asking, LATER)


def test_who_has_no_address_is_not_invited(confirmed, asking):
    confirmed.participant.user_id, confirmed.participant.email = None, ""
    with pytest.raises(Refused):
        request(confirmed, asking, LATER)


def test_the_address_fits_a_mail_server_and_proves_place_person_and_event(confirmed, asking):
    another = seat(will(), make_offering())
    address = str(parsed(request(confirmed, asking, LATER))[1]["ORGANIZER"]).removeprefix("mailto:")
    local, _, domain = address.partition("@")
    assert (local.startswith("replies+"), len(local) <= 64, domain) == (True, True, "meridian.example")
    assert local == local.lower()
    who = attendee_of(confirmed)
    claim = claimed(address.upper(), asking)
    assert claim is not None
    assert claim.place_id == confirmed.id
    assert is_signed(claim, confirmed, who, asking)
    assert not is_signed(claim, another, attendee_of(another), asking)
    assert not is_signed(claim, another, who, asking)
    assert not is_signed(claim, confirmed, replace(who, address="other@example.org"), asking)
    assert not is_signed(
        claim, confirmed, who, replace(asking, secret_key="another key of more than 32 characters")
    )
    confirmed.offering.uid = "another@meridian.invalid"
    assert not is_signed(claim, confirmed, who, asking)


def test_the_longest_name_of_an_address_leaves_room_for_the_token(confirmed, asking):
    longest = replace(asking, reply_to=f"{'r' * 29}@meridian.example")
    address = str(parsed(request(confirmed, longest, LATER))[1]["ORGANIZER"]).removeprefix("mailto:")
    assert len(address.partition("@")[0]) == 64


@pytest.mark.parametrize(
    "address",
    [
        "", "replies@meridian.example", "replies+@meridian.example", "replies+aaaaaaaa@meridian.example",
        f"replies+{'a' * 34}@other.example", f"answers+{'a' * 34}@meridian.example",
        f"replies+{'a' * 35}@meridian.example", f"replies+{'1' * 34}@meridian.example",
        f"replies+{'7' * 34}@meridian.example", f"replies+{'ä' * 34}@meridian.example", "@", "\ud800+@x",
    ],
)  # fmt: skip
def test_other_addresses_are_none_of_ours(asking, address):
    assert claimed(address, asking) is None


class TestMail:
    """The form that the mail takes: exactly these parts, in this order."""

    @pytest.fixture
    def composed(self, app, confirmed, time_machine):
        """A letter with a text and a page, and nothing for the calendar yet."""
        time_machine.move_to(NOW)
        message = db.query(OutboxMessage).filter_by(kind="enrolled").one()
        with app.app_context():
            return compose(message, "Meridian <meridian@example.org>")

    def test_the_parts_and_their_bytes(self, composed, confirmed, asking):
        body = request(confirmed, asking, LATER)
        words = text_in(composed)
        raw = attach(composed, CalendarObject(body, Method.REQUEST)).as_bytes()
        mail = message_from_bytes(raw, policy=SMTP)
        alternative, file = mail.iter_parts()
        text, page, inline = alternative.iter_parts()
        types = [one.get_content_type() for one in (mail, alternative, text, page, inline, file)]
        assert types == [
            "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
            "application/ics",
        ]  # fmt: skip
        assert b"\r\nContent-Type: text/calendar; method=REQUEST; charset=UTF-8\r\n" in raw
        assert inline["Content-Disposition"] is None
        assert inline["Content-Transfer-Encoding"] == "base64"
        assert inline.get_payload(decode=True) == body
        assert file.get_payload(decode=True) == body
        assert file["Content-Disposition"].content_disposition == "attachment"
        assert (file.get_filename(), file.get_param("name")) == ("invite.ics", "invite.ics")
        assert text.get_content().replace("\r\n", "\n") == words.replace("\r\n", "\n")
        assert mail["To"] == "Pat Asante <pat@example.org>"
        assert all(len(line) <= 998 and line.isascii() for line in raw.split(b"\r\n")[:20])

    def test_the_method_is_that_of_the_object(self, composed, confirmed, asking):
        operations.release_place(confirmed, LATER)
        mail = attach(composed, CalendarObject(cancellation(confirmed, asking, LATER), Method.CANCEL))
        inline = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        assert inline.get_param("method") == "CANCEL"
        assert b"METHOD:CANCEL\r\n" in inline.get_payload(decode=True)

    def test_html_stays_between_the_words_and_the_object(self, confirmed, asking):
        mail = EmailMessage(policy=SMTP)
        mail["Message-ID"] = "<0123@meridian.invalid>"
        mail.set_content("Words")
        mail.add_alternative("<p>Words</p>", subtype="html")
        attach(mail, CalendarObject(request(confirmed, asking, LATER), Method.REQUEST))
        alternative = next(mail.iter_parts())
        types = [one.get_content_type() for one in alternative.iter_parts()]
        assert types == ["text/plain", "text/html", "text/calendar"]

    def test_the_same_message_gives_the_same_bytes(self, confirmed, asking):
        def made():
            mail = EmailMessage(policy=SMTP)
            mail["Message-ID"] = "<0123@meridian.invalid>"
            mail.set_content("Words")
            return attach(mail, CalendarObject(request(confirmed, asking, LATER), Method.REQUEST)).as_bytes()

        assert made() == made()
