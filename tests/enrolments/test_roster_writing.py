"""Writing to a part of a roster: who gets it is said before, three read it before, then it is sent once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.database import db
from app.enrolments.models import Place, RosterMessage
from app.learning_sessions.models import Offering
from app.messages import recipients
from app.messages.delivery import compose
from app.messages.kinds import Choice
from app.messages.models import MessageState, OutboxMessage
from app.participants.models import Participant
from tests.enrolments.rosters import fill
from tests.enrolments.test_roster_acts import at, carried, numbers, ticked
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, make_account, pat, seat, will

TEXT = "It begins {time}, {place}."


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def offering(database):
    """Pat reads Accra's time, Will Dhaka's, Kim Kathmandu's, Pia Accra's; Noa has given no address."""
    made = make_offering()
    seat(pat(), made)
    for name, timezone in (("Pia Boateng", "Africa/Accra"), ("Kim Rai", "Asia/Kathmandu")):
        seat(make_participant(name, user=make_account(name), timezone=timezone), made)
    seat(will(), made)
    seat(make_participant("Noa Nobody"), made)
    return made


@pytest.fixture
def writer(app, offering):
    return Writer(browser_of(app, ada(offering.learning_session.journey)), offering)


class Writer:
    """Ada, before the form of a message to people of a sitting."""

    def __init__(self, browser, offering, what=None):
        self.browser, self.url = browser, what or at(offering, "message")
        self.page = self.url + "?whom=all"
        self.last = browser.get(self.page)

    def press(self, step, subject="Bring a case", text=TEXT, **more):
        words = {"subject": subject, "text": text, "step": step}
        self.last = self.browser.submit(self.url, {**carried(self.last), **words, **more}, page=self.page)
        return self.last

    def preview(self, **words):
        return Page(self.press("preview", **words))


def outbox(kind="roster-message"):
    return db.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
    ).all()


def previews(answer):
    """The words of each preview."""
    return re.findall(r"<article.*?</article>", answer.text, re.DOTALL)


def test_whom_it_does_not_reach_is_said_before_and_afterwards(database, writer):
    recipients.switch("pia@example.org", Choice.ORGANISERS, False, NOW)
    recipients.switch("will@example.org", Choice.REMINDERS, False, NOW)
    recipients.mark_refused("kim@example.org", 550, "no such user", NOW)
    db.commit()

    page = Page(writer.browser.get(writer.page))

    assert page.title == "Write to 2 people"
    assert (
        "5 people: 1 has no address (Noa Nobody), 1 has switched such mail off, 1 address refuses mail "
        "(Kim Rai). 2 people are written to." in page.text
    )
    assert page.buttons.count("Preview") == 1
    assert "Send to 2 people" in writer.preview().buttons
    done = Page(writer.browser.get(writer.press("send").headers["Location"]))
    assert done.title == "2 written to, 1 without such mail, 1 refused by mail servers, 1 not reached"
    assert {one.to_address for one in outbox()} == {"pat@example.org", "will@example.org"}


def test_it_is_shown_as_people_of_different_zones_read_it(writer):
    answer = writer.press("preview")
    read = previews(answer)

    assert len(read) == 3
    assert "12:00–13:30 in Accra (GMT, UTC), your time, online." in read[0]
    assert "in Kathmandu (UTC+5:45), your time, online." in read[1]
    assert "in Dhaka (UTC+6), your time, online." in read[2]
    assert outbox() == []
    assert db.scalar(select(func.count()).select_from(RosterMessage)) == 0


def test_other_readers_can_be_chosen(database, writer, offering):
    writer.preview()
    second = database.scalars(
        select(Place.id).join(Place.participant).where(Place.offering_id == offering.id).order_by(Place.id)
    ).all()[1]
    read = previews(writer.press("preview", reader=str(second)))
    assert "To <bdi>Pia Boateng</bdi>" in read[0]
    assert "Dear Pia Boateng," in read[0]


@pytest.mark.parametrize(
    ("subject", "text", "sentence"),
    [
        (
            "For {nmae}",
            "T",
            "There is no field “{nmae}” here. There are {name}, {journey}, {session}, {time} and {place}.",
        ),
        ("S", "One { alone", "A “{” stands alone. For the brace itself write “{{”."),
    ],
)  # fmt: skip
def test_a_field_that_there_is_not_is_named_at_its_place(writer, subject, text, sentence):
    answer = writer.press("send", subject, text)
    assert answer.status_code == 422
    assert sentence in Page(answer).text
    assert subject in answer.text
    assert text in answer.text
    assert outbox() == []


def test_what_is_of_a_session_is_none_of_the_fields_of_a_journey(app, offering):
    journey = offering.learning_session.journey
    writer = Writer(browser_of(app, ada(journey)), None, f"/organise/journeys/{journey.slug}/roster/message")
    refused = writer.press("preview", text="At {time}.")
    assert refused.status_code == 422
    assert "There is no field “{time}” here. There are {name} and {journey}." in Page(refused).text
    assert "Send to 4 people" in writer.preview(text="Read {journey}.").buttons
    assert writer.press("send", text="Read {journey}.").status_code == 303
    assert len(outbox()) == 4
    assert outbox()[0].order_key is None


def test_nothing_is_sent_but_as_it_was_shown(writer):
    writer.preview()
    answer = writer.press("send", text="Something else.")
    assert answer.status_code == 422
    assert "Nothing was sent: the words are others than those you were shown." in Page(answer).text
    assert "Something else." in previews(answer)[0]
    assert outbox() == []
    assert writer.press("send", text="Something else.").status_code == 303
    assert len(outbox()) == 4


def test_a_form_that_lost_its_token_keeps_the_words(writer):
    writer.preview()
    answer = writer.press("send", csrf_token="lost")
    assert answer.status_code == 422
    assert TEXT in answer.text
    assert "Bring a case" in answer.text
    assert outbox() == []


def test_a_double_press_sends_once(writer):
    writer.preview()
    form = {**carried(writer.last), "subject": "Bring a case", "text": TEXT, "step": "send"}
    first, second = (writer.browser.post(writer.url, data=form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len(outbox()) == 4
    assert db.scalar(select(func.count()).select_from(RosterMessage)) == 1


def test_a_test_goes_to_its_writer_alone_and_counts_as_nothing(writer):
    writer.preview()
    before = {**carried(writer.last), "subject": "S", "text": TEXT, "step": "test"}
    answer = writer.press("test")
    assert "A test is on its way to ada@example.org. Nobody else gets it." in Page(answer).text
    assert answer.status_code == 200
    (test,) = outbox("roster-test")
    assert (test.to_address, test.scope) == ("ada@example.org", None)
    assert outbox() == []
    assert db.scalar(select(func.count()).select_from(RosterMessage)) == 0
    assert writer.browser.post(writer.url, data=before).status_code == 200  # the same form again
    assert len(outbox("roster-test")) == 1


def test_tests_are_few_a_minute(writer, time_machine):
    writer.preview()
    answers = [writer.press("test") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 422]
    assert "There were too many attempts. Wait 30 seconds, then try again." in Page(answers[3]).text
    assert TEXT in answers[3].text
    time_machine.move_to(NOW + timedelta(minutes=2))
    assert writer.press("test").status_code == 200
    assert len(outbox("roster-test")) == 4


def test_a_test_says_that_it_is_one(app, writer):
    writer.preview()
    writer.press("test")
    with app.app_context():
        mail = compose(outbox("roster-test")[0], "Meridian <meridian@example.org>")
    assert mail["Subject"] == "Test: Bring a case"
    assert mail["To"] == "Ada Owusu <ada@example.org>"
    assert mail["List-Unsubscribe"] is None


def test_what_was_written_before_stands_with_what_became_of_it(app, writer, offering):
    writer.preview()
    writer.press("send")
    first, second, *_others = outbox()
    db.execute(
        update(OutboxMessage).where(OutboxMessage.id == first.id).values(state=MessageState.SENT, sent_at=NOW)
    )
    db.execute(update(OutboxMessage).where(OutboxMessage.id == second.id).values(state=MessageState.DEAD))
    db.commit()
    journey = offering.learning_session.journey
    for url in (at(offering, "messages"), f"/organise/journeys/{journey.slug}/roster/messages"):
        page = Page(writer.browser.get(url))
        assert page.title == "Written before"
        assert "Bring a case" in page.text
        assert "Ada Owusu" in page.text
        assert "To 4 people: everybody. 1 sent, 2 waiting, 1 not delivered." in page.text
    other = make_offering(make_learning_session(journey, "Another"))
    db.commit()
    assert "Nothing yet" in Page(writer.browser.get(at(other, "messages"))).text


@pytest.mark.parametrize(
    ("query", "audience"),
    [
        ("?whom=all", "everybody"),
        ("?whom=all&status=confirmed&q=a", "“a”, Confirmed"),
        ("", "chosen by name"),
    ],
)
def test_to_which_part_it_was_is_kept_in_words(database, writer, offering, query, audience):
    writer.page = writer.url + (query or ticked(numbers(database, offering)[:2], "message"))
    writer.last = writer.browser.get(writer.page)
    writer.preview()
    assert writer.press("send").status_code == 303
    assert db.scalars(select(RosterMessage.audience)).one() == audience


def test_the_pages_cost_the_same_for_many(database, writer, offering, query_counter):
    counts = []
    for people in (0, 60):
        if people:
            fill(database.get_one(Offering, offering.id), people)
        writer.last = writer.browser.get(writer.page)
        with query_counter() as shown:
            writer.browser.get(writer.page)
        with query_counter() as previewed:
            writer.press("preview")
        counts.append((shown.count, previewed.count))
    (page, preview), (page_of_many, preview_for_many) = counts
    assert page_of_many == page
    assert preview_for_many <= preview


def test_it_is_shown_where_the_first_hundreds_have_no_address(app, database):
    offering = make_offering()
    fill(offering, 210)
    database.execute(update(Place).where(Place.offering_id == offering.id).values(status="confirmed"))
    database.execute(update(Participant).values(email="", email_folded=""))
    seat(make_participant("Zoe Last", user=make_account("Zoe Last")), offering)
    writer = Writer(browser_of(app, ada(offering.learning_session.journey)), offering)
    assert len(previews(writer.press("preview"))) == 1
