"""The person a letter is written to, and the journey it is about."""

from email.errors import MessageError

from app.accounts.models import User
from app.database import db
from app.journeys.models import Journey
from app.messages.mails import named_address
from app.notices.language import Language, language_of
from app.notices.letters import Line, Link, Part
from app.participants.models import Participant
from app.web.reader import Reader
from app.web.templating import address_of, site_url


def reader_of(person: Participant) -> Reader:
    """Who reads the notice: its times are in their zone."""
    return Reader(person.timezone, person.works_from, person.works_until, frozenset(person.days_off.split()))


def address_of_person(person: Participant) -> str:
    """Where mail reaches them: the address of their account, else the one organisers gave; maybe none."""
    user = db.get(User, person.user_id) if person.user_id is not None else None
    return user.email if user is not None else person.email


def language_for(person: Participant) -> Language:
    """The language they want mail in."""
    return language_of(address_of_person(person))


def contact_of(journey: Journey) -> str:
    """The address that answers about a journey go to: of its first contact that has one; maybe none."""
    return next((one.email for one in journey.contacts if one.email), "")


def answers_to(journey: Journey) -> str:
    """The same, named, as a Reply-To has it; nothing where it cannot be written to."""
    found = next((one for one in journey.contacts if one.email), None)
    if found is None:
        return ""
    try:
        return named_address(found.name, found.email)
    except (MessageError, ValueError):
        return ""


def choices_of(person: Participant) -> str:
    """Where they say what mail they get; nothing for who has no account."""
    return site_url("/me/messages") if person.user_id is not None else ""


def without_account(_: Language, person: Participant) -> list[Part]:
    """What somebody without an account is told about getting one."""
    told = _(
        "You have no account here yet. With one for {address} you see every hour in your own time, find your "
        "places, and can give them up.",
        address=person.email,
    )
    return [Line(told), Link(_("Sign up with this address"), address_of("participants.sign_up"))]
