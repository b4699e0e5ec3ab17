"""Names, titles and addresses cannot write headers, and every mail can be read by what reads mails."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.messages.composed import CalendarObject, Composed, Words
from app.messages.mails import mail_of, named_address, one_line
from app.messages.models import OutboxMessage

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
STOP = (
    "https://learn.example.org/stop/"
    + "WyJwYXRAcGVvcGxlLmludGVybmFsIiwicmVtaW5kZXJzIl0.sHfxySaA_Wgb6N5Gix9my" * 3
)
PLAIN = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
ENCODED = (
    "=?utf-8?q?a=0D=0ABcc=3A_x=40y.z=0D=0A=0D=0Ab?=", "=?utf-8?q?v=40x=2Enet=2C?=", "=?utf-8?q?Bcc=3A_x?=",
    "=?utf-8?q?=00?=", "=?utf-8?b?DQpCY2M6IHhAeS56?=", "=?us-ascii?q?=0ABcc=3A?=",
)  # fmt: skip
"""Readers take these for what they stand for: a line more, another address, a group."""
EVIL = (
    "\r\n", "\n", "\r", "\0", "\t", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029",
    "\ud800", "\udfff", "\u200f", "\u202e", "\u2066", "\u200d", "\ufeff", "\U000e0001", "=?utf-8?q?", "?=",
    "=0D=0A", "Bcc: all@example.org", "\r\nBcc: all@example.org", "\r\n\r\n<script>", "<", ">", '"', "\\",
    *ENCODED, ",", ";", ":", "@", "(", ")", "x" * 1200, "ü" * 300, "Đặng", "نيروبي", "می\u200cخواهم", "कोशी",
    "👩\u200d🚀", " ", "a b",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(EVIL), st.text(max_size=20)), max_size=8).map("".join)
bodies = texts.map(lambda text: text + "\n")


def message(name="Pat", address="pat@people.internal") -> OutboxMessage:
    return OutboxMessage(
        to_address=address, to_name=name, message_id="<0b9d4ae9@meridian.invalid>", created_at=NOON
    )


@settings(deadline=None)
@given(texts, texts, bodies, bodies, st.booleans(), st.booleans())
@example("Pat\r\nBcc: all@example.org", "Hello\u2028Bcc: x@y.z", ".\n", "<p>\n", True, True)
@example("\ud800", "\ud800", "\ud800\n", "\ud800", False, False)
@example("", "", "", "", True, False)
@example(ENCODED[0], ENCODED[0], ".\n", "", False, False)
@example(ENCODED[1], ENCODED[4], ".\n", "", False, False)
def test_whatever_is_in_a_mail_it_has_its_own_headers_only(name, subject, text, html, can_stop, invites):
    calendar = CalendarObject(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST") if invites else None
    words = Composed(
        subject,
        lambda _stop: Words(text, html),
        reply_to=named_address(name, "ada@people.internal"),
        calendar=calendar,
    )
    stop = STOP if can_stop else ""

    def written() -> bytes:
        return mail_of(message(name), words, "Meridian <meridian@site.internal>", stop).as_bytes()

    content = written()
    assert written() == content
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 998
    read = message_from_bytes(content, policy=policy.default)
    stopping = ["List-Unsubscribe", "List-Unsubscribe-Post"] if can_stop else []
    about_content = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Content-Language"}
    assert [one for one in read if one not in about_content] == [*PLAIN, "Reply-To", *stopping]
    assert not any(part.defects for part in read.walk())
    assert [one.addr_spec for one in read["To"].addresses] == ["pat@people.internal"]
    assert [one.addr_spec for one in read["Reply-To"].addresses] == ["ada@people.internal"]
    assert read["Bcc"] is None
    if can_stop:
        assert f"List-Unsubscribe: <{STOP}>".encode() in lines
    assert len(list(read.iter_attachments())) == invites


@pytest.mark.parametrize(
    "title",
    ["Đặng Thị Phượng", "می\u200cخواهم", "👩\u200d🚀 Advisers", "Ł" * 20, "a" * 50 + " " + "b" * 50,
     'Quotes " and \\ and, commas; <angles>', "=?utf-8?q?no?="],
)  # fmt: skip
def test_titles_and_names_arrive_as_they_are(title):
    mail = mail_of(message(title), Composed(title, lambda _stop: Words("x\n")), "M <m@site.internal>", "")
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    if "=?" not in title:
        assert (read["Subject"], read["To"].addresses[0].display_name) == (title, title)
    assert len(read["To"].addresses) == 1


@pytest.mark.parametrize("title", ENCODED)
def test_encoded_words_somebody_typed_are_read_as_they_were_typed(title):
    mail = mail_of(message(title), Composed(title, lambda _stop: Words("x\n")), "M <m@site.internal>", "")
    assert mail["Subject"] == title
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert read["Subject"] == title
    assert "=?" not in read["To"].addresses[0].display_name


WORDS = ["Moved to", "Bogotá,", "UTC−5:", "08:00–09:30", "capitation", "健康", "العربية", "a" * 40, "=?x?="]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=18))
@example(["Moved to", "capitation", "capitation", "a" * 40])
def test_a_subject_keeps_every_blank(words):
    """Readers drop blanks between two encoded words, so none may stand there (RFC 2047, 6.2)."""
    subject = " ".join(words)
    mail = mail_of(message(), Composed(subject, lambda _stop: Words("x\n")), "M <m@site.internal>", "")
    content = mail.as_bytes()
    assert message_from_bytes(content, policy=policy.default)["Subject"] == subject
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_what_turns_the_direction_of_text_is_left_out():
    assert one_line("a\u202eb\u2066c\r\nd\u2028e\x85f\tg  h\ufeff") == "abc d e f g h"


def test_text_beyond_ascii_travels_in_seven_bits():
    mail = mail_of(
        message(), Composed("Hi", lambda _stop: Words("Ḥajj\n", "<p>Ḥajj</p>\n")), "M <m@s.internal>", ""
    )
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert [part["Content-Transfer-Encoding"] for part in read.iter_parts()] == ["quoted-printable"] * 2 or [
        part["Content-Transfer-Encoding"] for part in read.iter_parts()
    ] == ["base64"] * 2
    assert read.get_body(("plain",)).get_content() == "Ḥajj\r\n" or read.get_body().get_content() == "Ḥajj\n"
