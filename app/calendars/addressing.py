"""The addresses that take answers to invitations, each made for one person, one place and one event.

`replies+<token>@example.org`: the token is the number of the place and 128 bits of an HMAC-SHA256 over
place, invited address and UID, with a key that SECRET_KEY gives for this alone. It stays the same for as long
as these do, so ORGANIZER is the same in a request, its update and its cancellation. Its letters are those of
base32: mail servers may change their case.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from email.utils import parseaddr

from app.accounts.models import User
from app.accounts.queries import fold_email
from app.config import Settings
from app.database import db
from app.enrolments.models import Place

MAC_BYTES = 16
ADDRESS_PURPOSE, QUESTION_PURPOSE = b"meridian reply address", b"meridian reply question"
_TOKEN = re.compile(r"([a-z2-7]{8})([a-z2-7]{26})")
_QUESTION = re.compile(r"([a-z2-7]{8})([a-z2-7]{8})([a-z2-7]{26})")
MOST = 2**31 - 1


@dataclass(frozen=True)
class Attendee:
    """Who is invited, as they can be written to today."""

    name: str
    address: str

    @property
    def folded(self) -> str:
        """The spelling by which addresses are compared."""
        return fold_email(self.address)


@dataclass(frozen=True)
class Claim:
    """What an address of the right form says; not yet checked."""

    place_id: int
    mac: str


@dataclass(frozen=True)
class Question:
    """The place, and the calendar number of it, that a link to answer a question is about."""

    place_id: int
    sequence: int
    mac: str


def attendee_of(place: Place) -> Attendee | None:
    """The holder of a place by the address of their account, or the one organisers gave; None without any."""
    person = place.participant
    user = db.get(User, person.user_id) if person.user_id is not None else None
    address = user.email if user is not None else person.email
    return Attendee(person.name, address) if address else None


def organiser_address(place: Place, attendee: Attendee, settings: Settings) -> str:
    """Where answers about a place go: its own address, or the sender's where none are asked for."""
    if not settings.reply_to:
        return parseaddr(settings.mail_from)[1]
    name, _, domain = settings.reply_to.partition("@")
    return f"{name}+{_number(place.id)}{_address_mac(place, attendee, settings)}@{domain}"


def claimed(address: str, settings: Settings) -> Claim | None:
    """What an address of ours claims; None for every other."""
    local, _, domain = address.strip().lower().rpartition("@")
    name, _, our_domain = settings.reply_to.lower().partition("@")
    if not settings.reply_to or domain != our_domain or not local.startswith(f"{name}+"):
        return None
    found = _TOKEN.fullmatch(local.removeprefix(f"{name}+"))
    number = _read(found[1]) if found is not None else None
    return Claim(number, found[2]) if found is not None and number is not None else None


def is_signed(claim: Claim, place: Place, attendee: Attendee, settings: Settings) -> bool:
    """Whether the address was made for this place, this person's address of today, and this event."""
    return hmac.compare_digest(claim.mac, _address_mac(place, attendee, settings))


def question_token(place: Place, sequence: int, attendee: Attendee, settings: Settings) -> str:
    """What the link ends with by which a person says that an answer was meant."""
    mac = _question_mac(place, sequence, attendee, settings)
    return f"{_number(place.id)}{_number(sequence)}{mac}"


def question_in(token: str) -> Question | None:
    """What such a link says; not yet checked. None for one of another form."""
    found = _QUESTION.fullmatch(token)
    if found is None:
        return None
    place_id, sequence = _read(found[1]), _read(found[2])
    if place_id is None or sequence is None:
        return None
    return Question(place_id, sequence, found[3])


def is_question(asked: Question, place: Place, attendee: Attendee, settings: Settings) -> bool:
    """Whether the link was made by us, for this place and the person's address of today."""
    return hmac.compare_digest(asked.mac, _question_mac(place, asked.sequence, attendee, settings))


def _address_mac(place: Place, attendee: Attendee, settings: Settings) -> str:
    return _mac(settings, ADDRESS_PURPOSE, str(place.id), attendee.folded, place.offering.uid)


def _question_mac(place: Place, sequence: int, attendee: Attendee, settings: Settings) -> str:
    about = (str(place.id), str(sequence), attendee.folded, place.offering.uid)
    return _mac(settings, QUESTION_PURPOSE, *about)


def _mac(settings: Settings, purpose: bytes, *parts: str) -> str:
    key = hmac.digest(settings.secret_key.encode(), purpose, "sha256")
    subject = b"".join(len(part).to_bytes(4, "big") + part for part in (one.encode() for one in parts))
    return _letters(hmac.digest(key, subject, "sha256")[:MAC_BYTES])


def _number(number: int) -> str:
    return _letters(number.to_bytes(5, "big"))


def _read(letters: str) -> int | None:
    number = int.from_bytes(base64.b32decode(letters.upper()), "big")
    return number if number <= MOST else None


def _letters(octets: bytes) -> str:
    return base64.b32encode(octets).decode().rstrip("=").lower()
