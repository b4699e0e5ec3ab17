"""What comes of a mail to the address for replies: at most one step of the seat routine, and one row.

A reply acts only when the signed address it was sent to, the attendee who answers and the UID agree. Whoever
was forwarded an invitation has all three; so a place is given up only by who the own mail server says it is,
or by a button in a mail to the person. A reply never makes a place.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.accounts.queries import fold_email
from app.calendars import heard, mails
from app.calendars.addressing import Attendee, attendee_of, claimed, is_signed
from app.calendars.itip import Reply
from app.calendars.mails import Mail
from app.calendars.models import CalendarReply, ReplyOutcome
from app.config import Settings
from app.database import db, writing
from app.domain.errors import DomainError, Refused
from app.domain.seats import PlaceStatus
from app.enrolments import operations, seating
from app.enrolments.models import Place
from app.enrolments.standing import is_over
from app.learning_sessions.models import Offering
from app.messages import operations as messages

QUESTION = "reply-question"
"""The kind of the mail that asks whether somebody means to give a place up."""

ACTED, NOTHING, ASKED = ReplyOutcome.ACTED, ReplyOutcome.NOTHING, ReplyOutcome.ASKED
RECORDED, STALE = ReplyOutcome.RECORDED, ReplyOutcome.STALE
REFUSED, UNREADABLE = ReplyOutcome.REFUSED, ReplyOutcome.UNREADABLE


@dataclass(frozen=True)
class Came:
    """What came of a mail, in a sentence; `outcome` is None for one that had been heard before."""

    outcome: ReplyOutcome | None
    detail: str


@dataclass(frozen=True)
class _About:
    """The place that the address of a mail proves it to be about, and whose it is today."""

    place: Place
    attendee: Attendee


def receive(raw: bytes, recipient: str | None, settings: Settings, now: datetime) -> Came:
    """Hear one mail, once. `recipient` is the address of the envelope; without it the header is asked.

    In one writing transaction of its own; the mail is read before. Raises Busy, and errors of the database,
    when it should be delivered again.
    """
    mail = mails.read(raw, settings.trusted_authserv)
    recipients = (recipient,) if recipient else mail.recipients
    with writing():
        number = heard.note(mail.key, now)
        if number is None:
            return Came(None, "It was heard before.")
        about = _about(recipients, settings)
        came = _hear(mail, about, now)
        _write_down(number, mail, about, came)
    return came


def sequence_of(place: Place, offering: Offering) -> int:
    """The number of the last request for a place."""
    return offering.sequence + place.sequence


def give_up_as_asked(place: Place, sequence: int, now: datetime) -> None:
    """Give up the place that a question was about, if it is still as it was then. Raises Refused."""
    standing = seating.current(place.learning_session_id, now)
    db.refresh(place)
    is_same = sequence_of(place, standing.sittings[place.offering_id]) == sequence
    if place.status is PlaceStatus.RELEASED:
        raise Refused("You have no place here any more; there is nothing left to give up.")
    if not is_same or not place.status.is_taken:
        raise Refused("The place has changed since this question was sent; nothing was given up.")
    operations.release_place(place, now)
    heard.answered(place.id, sequence)


def _about(recipients: tuple[str, ...], settings: Settings) -> _About | None:
    claims = (claimed(one, settings) for one in recipients)
    claim = next((one for one in claims if one is not None), None)
    place = heard.place_of(claim.place_id) if claim is not None else None
    attendee = attendee_of(place) if place is not None else None
    if claim is None or place is None or attendee is None:
        return None
    return _About(place, attendee) if is_signed(claim, place, attendee, settings) else None


def _hear(mail: Mail, about: _About | None, now: datetime) -> Came:
    if mail.reply is None:
        return Came(RECORDED, mail.loop) if mail.loop else Came(UNREADABLE, mail.fault)
    if about is None:
        return Came(REFUSED, "It was not sent to an address that was made for anybody’s place as it is now.")
    if fold_email(mail.reply.attendee) != about.attendee.folded:
        return Came(REFUSED, "It answers for another address than the one that was invited.")
    if mail.reply.uid != about.place.offering.uid:
        return Came(REFUSED, "It answers an invitation to another session.")
    return _judge(mail, mail.reply, about, now)


def _judge(mail: Mail, reply: Reply, about: _About, now: datetime) -> Came:
    """Under the lock of the learning session: what was said, against what is so now."""
    place = about.place
    standing = seating.current(place.learning_session_id, now)
    db.refresh(place)
    offering = standing.sittings[place.offering_id]
    last = sequence_of(place, offering)
    if reply.sequence > last:
        return Came(REFUSED, "It answers an invitation that was never sent.")
    if reply.sequence < last:
        return Came(STALE, "It answers an invitation that has changed since.")
    newest = heard.latest_stamp(place.id, reply.sequence)
    if newest is not None and reply.stamped_at < newest:
        return Came(STALE, "A later answer was heard before it.")
    if reply.answer == "accepted":
        return _accept(place, now)
    if reply.answer == "declined":
        return _decline(mail, about, offering, now)
    return Came(RECORDED, "It is kept for the organisers to read; nothing else comes of it.")


def _accept(place: Place, now: datetime) -> Came:
    if place.status is PlaceStatus.CONFIRMED:
        return Came(NOTHING, "The place was theirs already.")
    if place.status is not PlaceStatus.OFFERED:
        return Came(NOTHING, "There was no place to accept.")
    try:
        operations.accept_offer(place, now)
    except DomainError as refusal:
        return Came(NOTHING, str(refusal))
    return Came(ACTED, "The place that was on offer is theirs.")


def _decline(mail: Mail, about: _About, offering: Offering, now: datetime) -> Came:
    place, had = about.place, about.place.status
    if not had.is_taken:
        return Came(NOTHING, "There was no place to give up.")
    if is_over(offering, now):
        return Came(NOTHING, "The session was over.")
    if not (mail.is_vouched and mail.sender.casefold() == about.attendee.address.casefold()):
        return _ask(mail, about, offering, now)
    try:
        operations.release_place(place, now, by_calendar=True)
    except DomainError as refusal:
        return Came(NOTHING, str(refusal))
    if had is PlaceStatus.OFFERED:
        return Came(ACTED, "The offer was declined.")
    late = " It was noted that they can’t come." if place.cannot_come_at is not None else ""
    return Came(ACTED, f"The place was given up.{late}")


def _ask(mail: Mail, about: _About, offering: Offering, now: datetime) -> Came:
    """Nobody vouches for the sender: ask the person, by a mail to the address they gave themselves, once."""
    place, sequence = about.place, sequence_of(about.place, offering)
    if mail.is_automatic:
        return Came(RECORDED, "Nobody vouched for its sender, and it was written by a machine.")
    if heard.was_asked(place.id, sequence):
        return Came(NOTHING, "Nobody vouched for its sender; a mail had asked whether it is meant.")
    messages.queue(
        QUESTION,
        about.attendee.address,
        about.attendee.name,
        {"place_id": place.id, "sequence": sequence},
        now,
        expires_at=place.offer_ends_at or offering.ends_at,
        order_key=f"participant:{place.participant_id}:offering:{offering.id}",
        scope=f"journey:{offering.learning_session.journey_id}",
    )
    return Came(ASKED, "Nobody vouched for its sender; a mail asks whether it is meant.")


def _write_down(number: int, mail: Mail, about: _About | None, came: Came) -> None:
    reply = mail.reply
    db.execute(
        update(CalendarReply)
        .where(CalendarReply.id == number)
        .values(
            place_id=about.place.id if about is not None else None,
            answer=reply.answer if reply is not None else "",
            sequence=reply.sequence if reply is not None else None,
            stamped_at=reply.stamped_at if reply is not None else None,
            outcome=came.outcome,
            detail=came.detail,
        )
    )
