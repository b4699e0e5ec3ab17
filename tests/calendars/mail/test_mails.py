"""Taking a mail apart: bounded, and never an exception, whatever was sent."""

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.calendars import itip, mails
from app.calendars.itip import Unreadable
from tests.calendars.mail.writing import (
    AUTHSERV,
    Answer,
    calendar_of,
    head,
    like_apple,
    like_gmail,
    like_outlook,
)
from tests.factories import NOW

RIGHT = Answer(
    "replies+x@meridian.example", "pat@example.org", "0123@meridian.invalid", 3, number="<1@mail.example.org>"
)
PATIENCE = 3.0
"""Seconds for the worst mail of 1 MB; what was found to go wrong took minutes."""


def read(raw):
    begun = time.process_time()
    mail = mails.read(raw, AUTHSERV)
    assert time.process_time() - begun < PATIENCE
    assert (mail.reply is None) == bool(mail.fault or mail.loop)
    return mail


def around(body, kind="text/calendar; method=REPLY; charset=UTF-8", answer=RIGHT):
    """The object as the only part."""
    return head(answer, kind).encode() + (body.encode() if isinstance(body, str) else body)


@pytest.mark.parametrize(
    "write", [like_outlook, like_gmail, like_apple, lambda one: around(calendar_of(one))]
)
def test_the_answer_is_read_from_what_programs_send(write):
    mail = read(write(RIGHT))
    assert mail.reply == itip.Reply("REPLY", RIGHT.uid, "pat@example.org", "accepted", 3, NOW)
    assert (mail.sender, mail.recipients, mail.is_automatic) == ("pat@example.org", (RIGHT.to,), False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("METHOD:REPLY\r\n", ""),
        ("METHOD:REPLY\r\n", "METHOD:REPLY\r\nMETHOD:CANCEL\r\n"),
        ("BEGIN:VEVENT\r\n", "BEGIN:VEVENT\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n"),
        ("BEGIN:VEVENT\r\n", "BEGIN:VTODO\r\n"),
        ("BEGIN:VEVENT", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT"),
        ("END:VCALENDAR\r\n", ""),
        ("END:VCALENDAR\r\n", "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        ("END:VEVENT\r\n", "END:VTODO\r\n"),
        ("BEGIN:VCALENDAR\r\n", ""),
        ("UID:0123", "XUID:0123"),
        ("UID:0123", "UID:other\r\nUID:0123"),
        ("ATTENDEE;", "X-ATTENDEE;"),
        ("ATTENDEE;", "ATTENDEE:mailto:will@example.org\r\nATTENDEE;"),
        ("MAILTO:", "urn:uuid:"),
        ("MAILTO:", ""),
        ("SEQUENCE:3", "SEQUENCE:three"),
        ("SEQUENCE:3", "SEQUENCE:-3"),
        ("SEQUENCE:3", "SEQUENCE:³"),
        ("SEQUENCE:3", "SEQUENCE:99999999999"),
        ("SEQUENCE:3", "SEQUENCE:3\r\nSEQUENCE:4"),
        ("DTSTAMP:20270301T090000Z", "DTSTAMP:20270301T090000"),
        ("DTSTAMP:20270301T090000Z", "DTSTAMP:20271301T090000Z"),
        ("DTSTAMP:20270301T090000Z", "DTSTAMP:00000101T000000Z"),
        ("DTSTAMP:20270301T090000Z", "X-NO:1"),
        ("DTSTAMP:", "RECURRENCE-ID:20270422T120000Z\r\nDTSTAMP:"),
    ],
)
def test_an_object_that_is_not_one_plain_answer_is_unreadable(old, new):
    body = calendar_of(RIGHT)
    assert old in body
    with pytest.raises(Unreadable):
        itip.read(body.replace(old, new))
    assert read(around(body.replace(old, new))).fault


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SEQUENCE:3\r\n", ""),
        ("METHOD:REPLY", "method:reply"),
        ("BEGIN:VEVENT", "begin:vevent"),
        ("MAILTO:", "mailto:"),
        ("SUMMARY;", "SUMMARY:a\u2028ATTENDEE:mailto:will@example.org\u0085UID:x\r\nSUMMARY;"),
        ("SUMMARY;", "SUMMARY:ATTENDEE:mailto:will@example.org\r\nX-;;=\r\n\r\nSUMMARY;"),
    ],
)
def test_what_programs_do_differently_does_not_matter(old, new):
    reply = itip.read(calendar_of(RIGHT).replace(old, new))
    assert replace(reply, sequence=3) == itip.read(calendar_of(RIGHT))


def test_the_mail_and_the_object_name_the_same_method():
    raw = like_outlook(RIGHT)
    assert "different methods" in read(raw.replace(b"method=REPLY", b"method=REQUEST")).fault
    assert read(raw.replace(b"; method=REPLY", b"")).reply


def test_two_objects_that_differ_are_no_answer():
    other = calendar_of(replace(RIGHT, says="DECLINED")).encode()
    second = b"--00000000mixed\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
    end = b"--00000000mixed--"
    assert "differ" in read(like_gmail(RIGHT).replace(end, second + other + b"\r\n" + end)).fault


def with_line(line):
    return calendar_of(RIGHT).replace("SUMMARY;", f"{line}\r\nSUMMARY;")


def nested(depth, kind="multipart/mixed"):
    parts = b"".join(
        b"Content-Type: %s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind.encode(), n, n) for n in range(depth)
    )
    return b"To: x\r\n" + parts + b"Content-Type: text/calendar\r\n\r\n" + calendar_of(RIGHT).encode()


BOMBS = {
    "too long": lambda: like_outlook(RIGHT) + b"x" * mails.MOST_BYTES,
    "header too long": lambda: b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
    "a million lines": lambda: around("\n" * 1_000_000, "text/plain"),
    "a million bare returns": lambda: around("\r" * 1_000_000, "multipart/mixed; boundary=b"),
    "deep": lambda: nested(9),
    "very deep": lambda: nested(5000),
    "deep messages": lambda: b"Content-Type: message/rfc822\r\n\r\n" * 5000 + b"x",
    "many parts": lambda: around(b"--b\r\n\r\nx\r\n" * 60, "multipart/mixed; boundary=b"),
    "very many parts": lambda: around(b"--b\r\n\r\n" * 100_000, "multipart/mixed; boundary=b"),
    "many parameters": lambda: around(
        b"--b\r\nContent-Type: text/calendar; " + b'a="' + b";" * 400_000 + b"\r\n\r\nx\r\n--b--",
        "multipart/mixed; boundary=b",
    ),
    "folded parameters": lambda: around(
        b"--b\r\nContent-Type: multipart/mixed" + b";\r\n a=b" * 45_000 + b"\r\n\r\nx\r\n--b--",
        "multipart/mixed; boundary=b",
    ),
    "a large object": lambda: around(with_line("X:" + "x" * 140_000)),
    "many objects": lambda: around(calendar_of(RIGHT) * 50),
    "many lines in it": lambda: around(with_line("X:1\r\n" * 10_000)),
    "many open parts": lambda: around("BEGIN:VCALENDAR\r\n" + "BEGIN:X\r\n" * 3000),
    "an unknown charset": lambda: around(calendar_of(RIGHT), "text/calendar; charset=klingon"),
    "broken letters": lambda: around(b"BEGIN:VCALENDAR\r\n\xff\xfe", "text/calendar; charset=utf-8"),
    "nothing": lambda: b"",
    "no object": lambda: around("I come", "text/plain"),
    "no header": lambda: b"\r\n\r\n" + calendar_of(RIGHT).encode(),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_mail_keeps_the_machine_busy_or_breaks_it(bomb):
    assert read(BOMBS[bomb]()).fault


def test_a_long_line_does_not_keep_it_busy():
    read(around(calendar_of(RIGHT).replace("ATTENDEE;", "ATTENDEE;X=" + '"a",' * 30_000)))


def test_a_zone_that_would_take_years_to_work_out_is_passed_over():
    slow = calendar_of(RIGHT).replace("FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY")
    assert read(around(slow)).reply


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("pat@example.org", "pat@example.org"),
        ("<pat@example.org>", "pat@example.org"),
        ("=?utf-8?q?P=C3=A4t?= <pat@example.org>", "pat@example.org"),
        ('"Asante, Pat" <pat@example.org>', "pat@example.org"),
        ("pat@example.org (Pat Asante)", "pat@example.org"),
        ('"pat@example.org" <will@example.org>', "will@example.org"),
        ("pat@example.org <will@example.org>", ""),
        ("<pat@example.org> <will@example.org>", ""),
        ("pat@example.org, will@example.org", ""),
        ("Friends: pat@example.org;", ""),
        ('( " ) <will@example.org> ( " ) <pat@example.org>', ""),
        ('"pat@example.org', ""),
        ("pat@will@example.org", ""),
        ("", ""),
    ],
)
def test_who_a_mail_is_from_is_clear_or_nobody(written, sender):
    raw = around(calendar_of(RIGHT)).replace(
        b"From: Pat Asante <pat@example.org>", f"From: {written}".encode()
    )
    assert read(raw).sender == sender


@given(st.binary(max_size=600))
@settings(max_examples=60, deadline=None)
def test_arbitrary_bytes_are_read_or_not_without_a_word(raw):
    read(raw)


WRITERS = st.sampled_from([like_outlook, like_gmail, like_apple])


@given(
    WRITERS, st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=12), st.integers(0, 40)), max_size=6)
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_answers_with_pieces_cut_out_and_put_in_are_read_or_not(write, changes):
    raw = write(RIGHT)
    for where, put_in, cut in changes:
        at = int(where * len(raw))
        raw = raw[:at] + put_in + raw[at + cut :]
    read(raw)


@given(
    st.text(max_size=300),
    st.sampled_from(["UID:", "ATTENDEE;CN=", "ATTENDEE:", "SEQUENCE:", "DTSTAMP:", "METHOD:"]),
)
@settings(max_examples=60, deadline=None)
def test_arbitrary_lines_are_read_or_refused(text, name):
    read(around(calendar_of(RIGHT).replace("COMMENT;", f"{name}{text}\r\nCOMMENT;").encode(errors="replace")))
    with suppress(Unreadable):
        itip.read(calendar_of(RIGHT).replace("COMMENT;", f"{name}{text}\r\nCOMMENT;"))
