"""Making participants and keeping their profiles. None of these commits."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts import addresses, letters
from app.accounts.models import User
from app.accounts.operations import create_account
from app.accounts.queries import by_email, fold_email
from app.database import db
from app.domain.dates import WEEKDAYS
from app.domain.errors import AlreadyTaken, DomainError
from app.domain.text import fold_text
from app.domain.timezones import canonical
from app.domain.zone_directory import countries, weekend_of
from app.organisations.operations import find_or_create
from app.participants.models import Participant

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Profile:
    """What a participant says about themselves."""

    name: str
    timezone: str
    country: str | None = None
    organisation: str = ""
    """Its name; made if there is none of that name."""
    cadre: str = ""
    stakeholder_group: str = ""
    works_from: int = 540
    works_until: int = 1020
    days_off: frozenset[str] | None = None
    """None: as usual in the country."""
    language: str = "en"


@dataclass(frozen=True)
class SigningUp:
    """What somebody signs up with, beside their profile."""

    email: str
    password_hash: str
    following: str = ""
    """The path where they want to go afterwards."""
    browser: str = ""
    """The mark of the browser in which they do it."""
    is_written: bool = True
    """False: the address has had enough letters for now."""


def sign_up(asked: SigningUp, profile: Profile, now: datetime) -> None:
    """Account and participant, and the letter that asks for confirmation.

    An address that has an account is only written to: nothing of that account changes, and the link does not
    know this browser, since nobody has shown its password here.
    """
    try:
        user = create_account(profile.name, asked.email, asked.password_hash, now)
    except AlreadyTaken:
        if asked.is_written:
            _tell_owner(asked, now)
        return
    create(profile, now, user)
    addresses.ask(user, now, following=asked.following, browser=asked.browser)


def _tell_owner(asked: SigningUp, now: datetime) -> None:
    user = by_email(asked.email)
    if user is None:  # closed in this very moment
        return
    if user.email_confirmed_at is None:
        addresses.ask_again(user, now, following=asked.following)
    else:
        letters.send(letters.HAS_ACCOUNT, user, now, following=asked.following)


def create(profile: Profile, now: datetime, user: User | None = None, email: str = "") -> Participant:
    """A new participant, of an account (which takes the name) or of none; then mail goes to `email`."""
    made = Participant(user_id=user.id if user is not None else None, created_at=now)
    made.email, made.email_folded = email.strip(), fold_email(email)
    _write(made, profile)
    db.add(made)
    if user is not None:
        user.name = made.name
    db.flush()
    return made


def update(participant: Participant, profile: Profile) -> None:
    """Put a profile in place of the one before; the account is renamed with it."""
    _write(participant, profile)
    user = db.get(User, participant.user_id) if participant.user_id is not None else None
    if user is not None:
        user.name = participant.name
    db.flush()


def give_account(participant: Participant, user: User) -> None:
    """Make somebody without an account an account's; its name, which they typed themselves, stays."""
    participant.user_id = user.id
    participant.name, participant.name_folded = user.name, fold_text(user.name)
    participant.email = participant.email_folded = ""
    db.flush()


def make_nobody(like: Participant, now: datetime) -> Participant:
    """A participant without a name, for counts alone: of the same country, zone and hours as another."""
    made = Participant(
        name="", name_folded="", country=like.country, stakeholder_group=like.stakeholder_group,
        timezone=like.timezone, works_from=like.works_from, works_until=like.works_until,
        days_off=like.days_off, language=like.language, created_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def anonymise(participant: Participant) -> None:
    """Leave of a participant only what counts need: country, zone, hours and the enrolments."""
    participant.user_id = None
    participant.email = participant.email_folded = ""
    participant.name = participant.name_folded = ""
    participant.cadre = ""
    participant.organisation = None
    db.flush()


def days_as_text(days: frozenset[str]) -> str:
    """Days off as the row keeps them: in the order of the week."""
    return " ".join(day for day in WEEKDAYS if day in days)


def _write(participant: Participant, profile: Profile) -> None:
    name = " ".join(profile.name.split())
    if not name:
        raise DomainError("Give your name.", "name")
    if profile.country is not None and profile.country not in dict(countries()):
        raise DomainError("Choose a country of the list.", "country")
    if not 0 <= profile.works_from < profile.works_until <= MINUTES_OF_A_DAY:
        raise DomainError("Work ends after it begins, on the same day.", "works_until")
    days_off = weekend_of(profile.country) if profile.days_off is None else profile.days_off
    if not days_off <= set(WEEKDAYS):
        raise DomainError("Choose days of the week.", "days_off")
    participant.timezone = canonical(profile.timezone)
    participant.name, participant.name_folded = name, fold_text(name)
    participant.country = profile.country
    participant.cadre, participant.stakeholder_group = profile.cadre, profile.stakeholder_group
    participant.works_from, participant.works_until = profile.works_from, profile.works_until
    participant.days_off, participant.language = days_as_text(days_off), profile.language
    participant.organisation = find_or_create(profile.organisation) if profile.organisation.strip() else None
