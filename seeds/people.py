"""The invented people: seven with accounts, facilitators with pages, and forty-two more in many countries.

Their names fit their countries and belong to nobody; their organisations do not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.operations import create_account
from app.accounts.queries import by_email
from app.database import db
from app.domain.zone_directory import proposed_zone
from app.facilitators import operations as facilitator_operations
from app.facilitators.models import Facilitator
from app.participants import operations as participant_operations
from app.participants.models import Participant

MINISTRY = "Ministry of Health (demonstration)"
CLINICS = "Riverbank Clinics (demonstration)"
DIGITAL = "Lantern Digital Health (demonstration)"
RESEARCH = "Open Ward Research Group (demonstration)"
NEIGHBOURS = "Neighbours for Health (demonstration)"

GROUPS = {
    MINISTRY: "Government",
    CLINICS: "Private sector",
    DIGITAL: "Technology",
    RESEARCH: "Research and analysis",
    NEIGHBOURS: "Civil society",
}
"""The stakeholder group of those who work there."""


@dataclass(frozen=True)
class Person:
    """Somebody invented who takes part."""

    name: str
    country: str
    organisation: str
    cadre: str
    language: str = "en"


@dataclass(frozen=True)
class SignIn:
    """An account for trying things out."""

    who: str
    """As the list of sign-ins says it: `adviser in Accra`."""
    key: str
    person: Person
    takes_part: bool = True
    """Whether they are enrolled and hold places; organisers and facilitators have a profile only."""
    is_administrator: bool = False
    is_organiser: bool = False
    """Whether they may start journeys of their own."""

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


SIGN_INS = (
    SignIn("adviser in Accra", "efua", Person("Efua Mensah", "GH", MINISTRY, "Health adviser")),
    SignIn("adviser in Dhaka", "tahmina", Person("Tahmina Sarker", "BD", MINISTRY, "Health adviser")),
    SignIn("adviser in Bogotá", "camilo", Person("Juan Camilo Ríos", "CO", RESEARCH, "Health adviser", "es")),
    SignIn("adviser in Manila", "luz", Person("Maria Luz Santos", "PH", MINISTRY, "Health adviser")),
    SignIn(
        "organiser in London",
        "ada",
        Person("Ada Whitcombe", "GB", RESEARCH, "Programme manager"),
        takes_part=False,
        is_organiser=True,
    ),
    SignIn(
        "facilitator in Nairobi", "wanjiru", Person("Wanjiru Kamau", "KE", NEIGHBOURS, "Facilitator"), False
    ),
    SignIn("administrator", "robin", Person("Robin Castle", "GB", "", ""), False, True),
)

MORE = (
    Person("Kwabena Osei", "GH", CLINICS, "Economist"),
    Person("Abena Serwaa Boateng", "GH", NEIGHBOURS, "Nurse"),
    Person("Yaw Tetteh", "GH", MINISTRY, "Planner"),
    Person("Shafiqul Islam Khan", "BD", CLINICS, "Physician"),
    Person("Rehana Parvin", "BD", NEIGHBOURS, "Community organiser"),
    Person("Mizanur Rahaman", "BD", DIGITAL, "Software engineer"),
    Person("Luisa Fernanda Ortega", "CO", MINISTRY, "Planner", "es"),
    Person("Andrés Quiñones", "CO", CLINICS, "Physician", "es"),
    Person("Jose Ramon Dimaculangan", "PH", CLINICS, "Economist"),
    Person("Liwayway Bautista", "PH", NEIGHBOURS, "Midwife"),
    Person("Achieng Otieno", "KE", MINISTRY, "Planner"),
    Person("Kiprono Langat", "KE", DIGITAL, "Software engineer"),
    Person("Njeri Muthoni", "KE", RESEARCH, "Analyst"),
    Person("Meenakshi Raghavan", "IN", RESEARCH, "Economist"),
    Person("Harpreet Singh Gill", "IN", CLINICS, "Physician"),
    Person("Savitri Deshpande", "IN", MINISTRY, "Planner"),
    Person("Olumide Adeyemi", "NG", MINISTRY, "Planner"),
    Person("Ngozi Okonkwo", "NG", NEIGHBOURS, "Nurse"),
    Person("Đặng Thu Hà", "VN", RESEARCH, "Lecturer", "vi"),
    Person("Nguyễn Minh Quân", "VN", MINISTRY, "Economist", "vi"),
    Person("Retno Wulandari", "ID", MINISTRY, "Planner"),
    Person("Bambang Haryanto", "ID", DIGITAL, "Product designer"),
    Person("Tigist Bekele · ትግስት በቀለ", "ET", MINISTRY, "Health officer", "am"),
    Person("Dawit Alemu", "ET", RESEARCH, "Analyst"),
    Person("Neema Mushi", "TZ", NEIGHBOURS, "Community organiser"),
    Person("Okello Patrick Ojok", "UG", MINISTRY, "Health officer"),
    Person("Thandeka Dlamini", "ZA", CLINICS, "Nurse"),
    Person("Pieter van Wyk", "ZA", RESEARCH, "Economist"),
    Person("سارة الخطيب", "JO", MINISTRY, "Physician", "ar"),
    Person("Ximena Huamán Quispe", "PE", MINISTRY, "Planner", "es"),
    Person("João Batista Figueira", "BR", RESEARCH, "Economist", "pt"),
    Person("Martina Sol Arregui", "AR", RESEARCH, "Analyst", "es"),
    Person("Tomás Echeverri Luna", "AR", CLINICS, "Physician", "es"),
    Person("Sunita Gurung", "NP", MINISTRY, "Health officer"),
    Person("Bishnu Adhikari", "NP", NEIGHBOURS, "Community organiser"),
    Person("Aïssatou Ndiaye", "SN", MINISTRY, "Sage-femme", "fr"),
    Person("Tevi Kalo", "VU", CLINICS, "Nurse"),
    Person("Tendai Moyo", "ZW", RESEARCH, "Analyst"),
    Person("Rudo Chikafu", "ZW", NEIGHBOURS, "Community organiser"),
    Person("陳美玲 Tan Mei Ling", "SG", DIGITAL, "Product designer", "zh"),
    Person("Gwen Pritchard", "GB", RESEARCH, "Analyst"),
    Person("Imogen Hartley", "GB", DIGITAL, "Software engineer"),
)

GUIDES = (
    ("Ana Lucía Prada", "CO", "Has explained payment systems at many kitchen tables, and prefers one "
     "good figure to ten slides."),
    ("Farid Rahman", "BD", "Ran a district hospital’s accounts before he taught others to read them."),
    ("Kofi Asante", "GH", "Began as a clinic’s clerk and still asks first who fills in the form."),
)  # fmt: skip
"""Facilitators without an account."""

WANJIRU = (
    "Leads groups in which people from ministries, clinics and neighbourhoods learn from one another. "
    "Keeps to time and lets the quiet ones begin."
)


def load(hashes: Mapping[str, str], now: datetime) -> None:
    """Accounts, facilitators and participants. `hashes` holds the password hash of each account by e-mail."""
    for sign_in in SIGN_INS:
        user = create_account(
            sign_in.person.name,
            sign_in.email,
            hashes[sign_in.email],
            now,
            is_administrator=sign_in.is_administrator,
            is_organiser=sign_in.is_organiser,
            is_confirmed=True,
        )
        _participant(sign_in.person, now, user)
        if sign_in.key == "wanjiru":
            _facilitator(sign_in.person.name, "KE", WANJIRU, user)
    for person in MORE:
        _participant(person, now)
    for name, country, biography in GUIDES:
        _facilitator(name, country, biography)


def is_loaded() -> bool:
    """Whether the invented people have been here: an account of theirs may be gone since, a page stays."""
    return bool(facilitators()) or any(by_email(sign_in.email) for sign_in in SIGN_INS)


def account(key: str) -> User | None:
    """The account of one of the seven, unless it has been closed."""
    return by_email(f"{key}@example.org")


def facilitators() -> dict[str, Facilitator]:
    """The invented facilitators by slug."""
    found = db.scalars(select(Facilitator).where(Facilitator.is_demonstration).order_by(Facilitator.id))
    return {facilitator.slug: facilitator for facilitator in found}


def participants() -> list[Participant]:
    """The invented people who take part, those with accounts first, in the order of the lists above."""
    with_account = [sign_in for sign_in in SIGN_INS if sign_in.takes_part]
    emails = [sign_in.email for sign_in in with_account]
    held = db.scalars(
        select(Participant).join(User, User.id == Participant.user_id).where(User.email_folded.in_(emails))
    )
    names = [person.name for person in MORE]
    has_none = Participant.user_id.is_(None)
    without = db.scalars(select(Participant).where(has_none, Participant.name.in_(names)))
    order = [sign_in.person.name for sign_in in with_account] + names
    found = {participant.name: participant for participant in [*held, *without]}
    return [found[name] for name in order if name in found]


def _participant(person: Person, now: datetime, user: User | None = None) -> Participant:
    zone = proposed_zone(person.country)
    assert zone is not None, f"{person.country} has a zone"  # noqa: S101
    profile = participant_operations.Profile(
        name=person.name,
        timezone=zone,
        country=person.country,
        organisation=person.organisation,
        cadre=person.cadre,
        stakeholder_group=GROUPS.get(person.organisation, ""),
        language=person.language,
    )
    return participant_operations.create(profile, now, user)


def _facilitator(name: str, country: str, biography: str, user: User | None = None) -> Facilitator:
    profile = facilitator_operations.Profile(
        name=name,
        biography=biography,
        affiliation=NEIGHBOURS,
        country=country,
        timezone=proposed_zone(country),
        is_demonstration=True,
    )
    return facilitator_operations.create(profile, user=user)
