"""What people typed stays text in every letter: no markup, no line, no link, no header of its own."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

import pytest

from app.accounts.models import User
from app.database import db
from app.enrolments import approving, entering, naming, operations
from app.messages.delivery import compose
from app.messages.mails import AS_SENT, named_address
from app.messages.models import OutboxMessage
from app.notices.language import Language
from app.notices.letters import Facts, Items, Letter, Quote, Table, page_of, text_of
from tests.enrolments.grouping import make_block
from tests.enrolments.ruled import ruled
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.notices.golden import check_page, page_in, text_in
from tests.people import pat, seat

EVIL = "https://evil.example/"
TYPED = f"<script>x</script>\r\nBcc: eve@example.org\n\n--\n{EVIL}\n\u202e]]> {{{{ 7 }}}} {{name}} %s"
HERE = "http://127.0.0.1:8000/"


@pytest.fixture(autouse=True)
def _sending(app, database, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def somebody():
    person = pat()
    person.name = db.get_one(User, person.user_id).name = TYPED
    db.flush()
    return person


def of_hostile_title(**facts):
    journey = make_journey(short_title="")
    one = make_learning_session(journey)
    offering = (
        ruled({"needs_approval": True}, one) if facts.pop("asks", False) else make_offering(one, **facts)
    )
    journey.title = one.title = TYPED
    db.flush()
    return offering


def check_all_mails(expected: set[str]) -> None:
    found = db.query(OutboxMessage).order_by(OutboxMessage.id).all()
    assert {one.kind for one in found} == expected
    for one in found:
        mail = compose(one, "Meridian <meridian@example.org>")
        check_page(mail)
        sent = message_from_bytes(mail.as_bytes(), policy=policy.default)
        assert [name for name in ("Bcc", "Cc", "To", "Subject", "From") for _ in sent.get_all(name, [])] == [
            "To", "Subject", "From",
        ]  # fmt: skip
        assert str(sent["To"].addresses[0].addr_spec) == "pat@example.org"
        assert "<script" not in page_in(mail)
        lines = text_in(mail).splitlines()
        assert [line for line in lines if line.startswith(("Bcc:", EVIL, "-- "))] == []
        assert lines.count("--") == 1
        assert all(line.startswith(HERE) for line in lines if line.startswith("http"))


def test_letters_about_a_seat(database):
    offering, person = of_hostile_title(capacity_online=5), somebody()
    seat(person, offering)
    operations.leave(offering.learning_session.journey, person, NOW)
    entering.ask_to_join(offering.learning_session.journey, person, NOW)
    database.query(OutboxMessage).filter(OutboxMessage.kind.in_(["place-confirmed", "journey-left"])).delete()
    operations.take_place(offering, person, offering.attendance.ways[0], NOW)
    check_all_mails({"enrolled", "place-confirmed"})


def test_letters_with_words_of_organisers(database):
    offering, person = of_hostile_title(asks=True), somebody()
    approving.decline(seat(person, offering), TYPED, None, NOW)
    check_all_mails({"enrolled", "place-declined"})


def test_letters_about_a_group(database):
    offering, person = of_hostile_title(capacity_online=5), somebody()
    naming.name(make_block(offering, name=TYPED.replace("\r", ""), focal=person), person, NOW)
    check_all_mails({"enrolled", "named", "block-reserved"})


def test_the_words_of_others_are_told_from_ours_line_by_line():
    letter = Letter("s", "g", "t", [Quote(TYPED, "The organisers")], "why")
    text = text_of(letter, Language("en"))
    assert f"> --\n> {EVIL}\n" in text
    assert "> Bcc: eve@example.org" in text


def test_a_value_of_a_list_cannot_make_a_line(app):
    parts = [Facts((("Where", TYPED),)), Items(((TYPED, ""),)), Table(("Who",), ((TYPED,),))]
    letter = Letter("s", "g", "t", parts, "why")
    lines = text_of(letter, Language("en")).splitlines()
    assert [line for line in lines if line.startswith((EVIL, "Bcc:"))] == []
    assert lines.count("--") == 1
    assert "<script" not in page_of(letter, Language("en"))


def test_a_name_of_another_direction_does_not_turn_the_sentence():
    said = Language("en")("Dear {name},", name="ليلى حسن")
    assert said == "Dear \u2068ليلى حسن\u2069,"
    assert Language("en")("Dear {name},", name="Nguyễn 健康") == "Dear Nguyễn 健康,"


@pytest.mark.parametrize("length", [1, 20, 39, 40, 41, 60, 80, 200, 500])
@pytest.mark.parametrize(
    "sign", ["<eve@example.org>, ", '"', "(", "\\", "=?utf-8?q?x?=", "é <eve@example.org>, "]
)
def test_a_name_is_never_an_address(length, sign):
    mail = EmailMessage(policy=AS_SENT)
    mail["To"] = named_address((sign * length)[:length] + "x", "pat@example.org")
    sent = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert [one.addr_spec for one in sent["To"].addresses] == ["pat@example.org"]
    assert [one for _, one in getaddresses([sent["To"]])] == ["pat@example.org"]
