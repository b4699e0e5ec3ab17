"""Answers to invitations, as calendar programs write them: the structures of three, filled in anew."""

import base64
import quopri
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from app.calendars.addressing import attendee_of, organiser_address
from app.calendars.receiving import sequence_of
from app.config import Settings
from app.enrolments.models import Place
from tests.factories import NOW

AUTHSERV = "mx.meridian.example"
_numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """What an answer holds; tests change single facts of one that is right."""

    to: str
    attendee: str
    uid: str
    sequence: int
    says: str = "ACCEPTED"
    stamped_at: datetime = NOW
    method: str = "REPLY"
    sender: str = ""
    results: tuple[str, ...] = ()
    """The Authentication-Results, the topmost first."""
    number: str = ""
    """Its Message-ID."""
    headers: tuple[str, ...] = ()

    def later(self, minutes: int = 1, **changes) -> "Answer":
        """Another answer, written so much later."""
        stamped_at = self.stamped_at + timedelta(minutes=minutes)
        return replace(self, stamped_at=stamped_at, number=fresh_number(), **changes)

    def but(self, **changes) -> "Answer":
        return replace(self, number=fresh_number(), **changes)


def fresh_number() -> str:
    return f"<{next(_numbers)}.answer@mail.example.org>"


def answer_to(place: Place, settings: Settings, says: str = "ACCEPTED", **facts) -> Answer:
    """The right answer to the last request for a place."""
    who = attendee_of(place)
    assert who is not None
    return Answer(
        to=organiser_address(place, who, settings),
        attendee=who.address,
        uid=place.offering.uid,
        sequence=sequence_of(place, place.offering),
        says=says,
        number=fresh_number(),
        **facts,
    )


def vouched(answer: Answer) -> Answer:
    """The same, with the word of the own mail server for its sender."""
    domain = answer.attendee.rpartition("@")[2]
    return replace(answer, results=(f"{AUTHSERV}; dmarc=pass (p=none) header.from={domain}",))


def calendar_of(answer: Answer) -> str:
    """The object, with what programs put round it: a zone, a comment, folded lines."""
    stamp = f"{answer.stamped_at:%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Program//EN",
        "VERSION:2.0",
        f"METHOD:{answer.method}",
        "BEGIN:VTIMEZONE",
        "TZID:GMT Standard Time",
        "BEGIN:STANDARD",
        "DTSTART:16010101T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        f'ATTENDEE;PARTSTAT={answer.says};CN="Asante, Pat":MAILTO:',
        f" {answer.attendee}",
        "COMMENT;LANGUAGE=en-GB:\\n",
        f"UID:{answer.uid}",
        "SUMMARY;LANGUAGE=en-GB:Accepted: What capitation pays for",
        "DTSTART;TZID=GMT Standard Time:20270422T130000",
        "DTEND;TZID=GMT Standard Time:20270422T143000",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{answer.sequence}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "UID:an-alarm-of-theirs",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def head(answer: Answer, kind: str) -> str:
    """The header: what the mail server put on top first."""
    results = [f"Authentication-Results: {one}" for one in answer.results]
    sender = answer.sender or f"Pat Asante <{answer.attendee}>"
    lines = [
        *results,
        "Received: from mail.example.org by mx.meridian.example; Mon, 1 Mar 2027 09:00:00 +0000",
        *answer.headers,
        f"From: {sender}",
        f"To: Financing and Payment Models <{answer.to}>",
        "Subject: =?utf-8?q?Accepted=3A_What_capitation_pays_for_=E2=80=93_1?=",
        "Date: Mon, 1 Mar 2027 09:00:00 +0000",
        *([f"Message-ID: {answer.number}"] if answer.number else []),
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


def like_outlook(answer: Answer) -> bytes:
    """multipart/alternative: words, then the object in base64 with method=REPLY."""
    body = base64.encodebytes(calendar_of(answer).encode()).decode().replace("\n", "\r\n")
    return (
        (
            head(answer, 'multipart/alternative;\r\n\tboundary="_000_OUT_"')
            + '--_000_OUT_\r\nContent-Type: text/plain; charset="us-ascii"\r\n\r\n\r\n\r\n'
            + '--_000_OUT_\r\nContent-Type: text/calendar; charset="utf-8"; method=REPLY\r\n'
            + f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--_000_OUT_--\r\n"
        )
        .replace("method=REPLY", f"method={answer.method}")
        .encode()
    )


def like_gmail(answer: Answer) -> bytes:
    """multipart/mixed: words and the object in quoted-printable, then the same bytes as a file."""
    object_ = calendar_of(answer).encode()
    quoted = quopri.encodestring(object_.replace(b"\r\n", b"\n")).decode().replace("\n", "\r\n")
    file = base64.encodebytes(object_).decode().replace("\n", "\r\n")
    return (
        head(answer, 'multipart/mixed; boundary="00000000mixed"')
        + '--00000000mixed\r\nContent-Type: multipart/alternative; boundary="00000000alt"\r\n\r\n'
        + '--00000000alt\r\nContent-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\r\n'
        + "Content-Transfer-Encoding: base64\r\n\r\nUGF0IGhhcyBhY2NlcHRlZA==\r\n"
        + '--00000000alt\r\nContent-Type: text/html; charset="UTF-8"\r\n\r\n<p>Pat has accepted</p>\r\n'
        + f'--00000000alt\r\nContent-Type: text/calendar; charset="UTF-8"; method={answer.method}\r\n'
        + f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n--00000000alt--\r\n"
        + '--00000000mixed\r\nContent-Type: application/ics; name="invite.ics"\r\n'
        + 'Content-Disposition: attachment; filename="invite.ics"\r\n'
        + f"Content-Transfer-Encoding: base64\r\n\r\n{file}\r\n--00000000mixed--\r\n"
    ).encode()


def like_apple(answer: Answer) -> bytes:
    """multipart/mixed: words, then the object as a file of 7 or 8 bits, its lines ended with LF."""
    object_ = calendar_of(answer).replace("\r\n", "\n")
    whole = (
        head(answer, 'multipart/mixed;\r\n boundary="Apple-Mail=_0"')
        + "--Apple-Mail=_0\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/plain;\r\n"
        + "\tcharset=us-ascii\r\n\r\nPat Asante has accepted your invitation.\r\n"
        + "--Apple-Mail=_0\r\nContent-Disposition: attachment;\r\n\tfilename=iCal-20270301-090000.ics\r\n"
        + f"Content-Type: text/calendar;\r\n\tmethod={answer.method};\r\n\tname=iCal-20270301-090000.ics\r\n"
        + "Content-Transfer-Encoding: 7bit\r\n\r\n"
    )
    return f"{whole}{object_}\n--Apple-Mail=_0--\r\n".encode()


PROGRAMS = {"Outlook": like_outlook, "Gmail": like_gmail, "Apple": like_apple}
