"""The named people of the tests, and how a browser is theirs without typing a password.

Everybody but `stan` has an account. What they are to a sitting is said by `cast`.
"""

from dataclasses import dataclass

from flask import Flask

from app.accounts.models import User
from app.accounts.operations import create_account
from app.database import db
from app.domain.attendance import Way
from app.domain.permissions import OrganiserRole
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.facilitators.models import Facilitator
from app.journeys.models import Journey
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import Offering, OfferingFacilitator
from app.participants.models import Participant
from tests.factories import NOW, make_facilitator, make_participant
from tests.reader import Client


def make_account(
    name: str, *, is_administrator: bool = False, is_organiser: bool = False, is_confirmed: bool = True
) -> User:
    """An account whose password nobody knows; hashing one would take longer than most tests."""
    email = f"{name.split()[0].lower()}@example.org"
    return create_account(
        name, email, "no password", NOW,
        is_administrator=is_administrator, is_organiser=is_organiser, is_confirmed=is_confirmed,
    )  # fmt: skip


def ada(journey: Journey) -> User:
    """Organises the journey: its owner."""
    return _organiser("Ada Owusu", journey, OrganiserRole.OWNER)


def cora(journey: Journey) -> User:
    """Organises the journey with ada, and may only read."""
    return _organiser("Cora Lind", journey, OrganiserRole.READER)


def fran(offering: Offering) -> User:
    """Facilitates this one sitting."""
    user = make_account("Fran Moyo")
    lead(offering, make_facilitator("Fran Moyo", user=user))
    return user


def pat(timezone: str = "Africa/Accra", *, is_confirmed: bool = True) -> Participant:
    """A participant, in Accra unless told otherwise."""
    user = make_account("Pat Asante", is_confirmed=is_confirmed)
    return make_participant("Pat Asante", user=user, timezone=timezone)


def will(timezone: str = "Asia/Dhaka") -> Participant:
    """A participant who comes when it is full and waits."""
    return make_participant("Will Rahman", user=make_account("Will Rahman"), timezone=timezone, country="BD")


def nora() -> Participant:
    """A newcomer: she has signed up and done nothing else."""
    return make_participant(
        "Nora Ilunga", user=make_account("Nora Ilunga"), timezone="Africa/Kinshasa", country="CD"
    )


def una() -> Participant:
    """She has signed up and not confirmed her address yet."""
    user = make_account("Una Bekele", is_confirmed=False)
    return make_participant("Una Bekele", user=user, timezone="Africa/Addis_Ababa", country="ET")


def root() -> User:
    """Administrates the site."""
    return make_account("Root Admin", is_administrator=True)


def lead(offering: Offering, facilitator: Facilitator, role: str = "Facilitator") -> None:
    """Let somebody facilitate a sitting."""
    position = len(offering.facilitators) + 1
    offering.facilitators.append(
        OfferingFacilitator(facilitator_id=facilitator.id, position=position, role=role)
    )
    db.flush()


def seat(participant: Participant, offering: Offering, way: Way = Way.ONLINE) -> Place:
    """Enrol somebody and ask for a place, as the page's one button does."""
    enrolments.enrol(offering.learning_session.journey, participant, NOW)
    return enrolments.take_place(offering, participant, way, NOW)


@dataclass(frozen=True)
class Cast:
    """Everybody around one sitting that has a single place."""

    ada: User
    cora: User
    fran: User
    pat: Participant
    will: Participant
    nora: Participant
    root: User


def cast(offering: Offering) -> Cast:
    """Pat holds the place, will waits for it, fran facilitates; ada and cora organise the journey."""
    journey = offering.learning_session.journey
    everybody = Cast(ada(journey), cora(journey), fran(offering), pat(), will(), nora(), root())
    seat(everybody.pat, offering)
    seat(everybody.will, offering)
    return everybody


def browser_of(app: Flask, who: User | Participant | None = None) -> Client:
    """A browser of its own, in which `who` is signed in; stan's, who is not, without."""
    made = app.test_client()
    assert isinstance(made, Client)
    if who is not None:
        sign_in(made, who)
    return made


def sign_in(client: Client, who: User | Participant) -> None:
    """Put the cookie of a signed-in visit into the browser."""
    user = who if isinstance(who, User) else db.get_one(User, who.user_id)
    identity = user.get_id()
    db.commit()  # what follows ends a request of its own
    with client.session_transaction(base_url=client.application.config["SITE_URL"]) as cookie:
        cookie["_user_id"] = identity
        cookie["_fresh"] = True
        cookie.permanent = True


def _organiser(name: str, journey: Journey, role: OrganiserRole) -> User:
    user = make_account(name)
    assign_organiser(journey, user, role, NOW)
    return user
