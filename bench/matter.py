"""What the benchmarks read: journeys made by the screens' own operations, and thousands copied from one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from app.database import Base, db, writing
from app.domain.attendance import Attendance
from app.domain.timezones import Promise
from app.enrolments import operations as enrolments
from app.facilitators.models import Facilitator
from app.journeys import composing
from app.journeys import operations as journeys
from app.journeys.crediting import Named
from app.journeys.matter import ActivityKind, PartnerRole
from app.journeys.models import Journey, JourneyKind, Theme
from app.learning_sessions import operations as learning_sessions
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import NewOffering, Part
from app.toolkits import operations as toolkits
from app.toolkits.models import ResourceKind
from tests import factories

LONG, SHORT = "two-hundred-sessions", "seven-sessions"
SITTING = "sitting-3"
TOOLKIT = "what-was-read"
EMAIL = "efua@example.org"
ZONES = ("Europe/London", "Africa/Accra", "Asia/Manila", "America/Bogota", "Asia/Dhaka", "Africa/Nairobi")
TEXT = (
    "How a purchaser pays decides what a clinic does first, and people who have set such rates say what they "
    "would do again, what they would leave, and how long it took until anybody noticed the difference."
)


@dataclass(frozen=True)
class Counts:
    """How much hangs on one journey."""

    sessions: int
    people: int


def fill(now: datetime) -> None:
    """The long and the short journey, a toolkit, people; committed."""
    with writing():
        facilitators = [
            factories.make_facilitator(f"Facilitator {n}", affiliation=TEXT[:40]) for n in range(8)
        ]
        long = _journey("Two hundred sessions", LONG, 200, facilitators, now)
        short = _journey("Seven sessions", SHORT, 7, facilitators, now)
        _toolkit([long, short], now)
        _people([long, short], now)


def _journey(title: str, slug: str, sessions: int, people: list[Facilitator], now: datetime) -> Journey:
    new = journeys.NewJourney(
        kind=JourneyKind.LEARNING_EXCHANGE, title=title, slug=slug, timezone="Europe/London", summary=TEXT,
        purpose=f"{TEXT}\n\n{TEXT}", audience=f"- {TEXT[:60]}\n- {TEXT[60:120]}", approach=TEXT,
    )  # fmt: skip
    journey = journeys.create_journey(new, now)
    journeys.publish(journey, now)
    journeys.open_journey(journey, now)
    themes = [composing.add_theme(journey, f"Theme {n}", now, summary=TEXT[:90]) for n in range(1, 6)]
    for number in range(6):
        composing.add_outcome(journey, f"{number}. {TEXT[:90]}", now)
    composing.set_topics(journey, [f"Topic {n}" for n in range(4)], now, throughout=["Equity", "Gender"])
    _furnish(journey, now)
    for number in range(sessions):
        _learning_session(journey, number, sessions, themes[number % 5], people, now)
    return journey


def _furnish(journey: Journey, now: datetime) -> None:
    """Activities, partners, contacts, publications, expected zones: as many as our real programmes have."""
    for number, kind in enumerate([*ActivityKind, *ActivityKind]):
        composing.add_activity(
            journey, kind, f"Activity {number}", now, summary=TEXT, url=f"https://example.org/{number}",
            credits=[Named(f"Speaker {number}", "Ministry of Health"), Named(f"Guest {number}", "")],
            when=composing.When(2026, 3),
        )  # fmt: skip
    for number, role in enumerate([*PartnerRole, PartnerRole.MEMBER]):
        organisation = factories.make_organisation(f"Organisation {number}")
        composing.add_partner(journey, organisation, role, now, TEXT[:50])
    for number in range(3):
        composing.add_contact(journey, f"Contact {number}", now, post="Adviser", institution="Ministry")
    for number in range(5):
        composing.add_publication(
            journey,
            composing.NewPublication(
                title=f"Publication {number}", summary=TEXT, suggested_citation=TEXT[:110]
            ),
            now,
            when=composing.When(2026, 1 + number),
            credits=[Named(f"Author {number}", "Institute"), Named(f"Second author {number}", "Institute")],
        )
    for zone in ZONES:
        journeys.expect_zone(journey, zone, now, 5)


def _learning_session(
    journey: Journey, number: int, of: int, theme: Theme, people: list[Facilitator], now: datetime
) -> None:
    """One session with one sitting; a third of them are over."""
    one = learning_sessions.create_learning_session(
        journey, f"Sitting {number + 1}", now, summary=TEXT, content=f"{TEXT}\n\n{TEXT}", themes=[theme]
    )
    day = (now + timedelta(days=2 * (number - of // 3))).date()
    hour = 9 + number % 6
    wall = datetime(day.year, day.month, day.day, hour, 30)  # noqa: DTZ001  # a wall time
    agenda = tuple(Part(15, f"Part {n}", TEXT[:70], (Named(f"Speaker {n}", "Ministry"),)) for n in range(6))
    learning_sessions.add_offering(
        one,
        NewOffering(
            when=Promise(wall, ZONES[number % 3], 0, 90), attendance=Attendance.ONLINE, capacity_online=60,
            join_url="https://meet.example.org/abc", agenda=agenda,
            facilitators=tuple((people[(number + n) % 8], "Facilitator") for n in range(2)),
        ),
        now,
    )  # fmt: skip


def _toolkit(owners: list[Journey], now: datetime) -> None:
    toolkit = toolkits.create_toolkit(
        "What was read", now, slug=TOOLKIT, summary=TEXT, credits=[Named("Author", "")]
    )
    for journey in owners:
        toolkits.link_journey(toolkit, journey, now)
    for part in range(4):
        section = toolkits.add_section(toolkit, f"Section {part}", now, TEXT)
        for number in range(5):
            new = toolkits.NewResource(
                title=f"Resource {part}.{number}", kind=ResourceKind.REPORT, summary=TEXT,
                url=f"https://example.org/{part}/{number}", file_format="PDF", size_bytes=1_200_000,
            )  # fmt: skip
            resource = toolkits.create_resource(new, now, credits=[Named("Author", "Institute")])
            toolkits.add_entry(section, resource, now, why=TEXT[:80])


def _people(owners: list[Journey], now: datetime) -> None:
    """Thirty people in six zones, enrolled in both journeys; the first has an account and places."""
    user = factories.make_user("Efua Mensah", EMAIL, now=now)
    for number in range(30):
        one = factories.make_participant(
            f"Person {number}", user=user if number == 0 else None, timezone=ZONES[number % 6], now=now
        )
        for journey in owners:
            enrolments.enrol(journey, one, now)
        if number == 0:
            _places(one, now)


def _places(participant: Any, now: datetime) -> None:
    coming = select(Offering).where(Offering.starts_at > now).order_by(Offering.starts_at).limit(10)
    for offering in db.scalars(coming).all():
        enrolments.take_place(offering, participant, Attendance.ONLINE.ways[0], now)


def copy_journeys(up_to: int, now: datetime) -> None:
    """Bring the catalogue to `up_to` journeys of various states and days, each with one session to come.

    Written as rows, since as many operations would take longer than all the rest.
    """
    with writing():
        tables = Base.metadata.tables
        model = _row(tables["journeys"])
        held = db.scalars(select(tables["journeys"].c.id)).all()
        first = max(held) + 1
        numbers = range(first, first + up_to - len(held))
        db.execute(insert(tables["journeys"]), [_journey_row(model, number, now) for number in numbers])
        session_row, offering_row = _row(tables["learning_sessions"]), _row(tables["offerings"])
        db.execute(
            insert(tables["learning_sessions"]),
            [
                session_row | {"id": number + 10_000, "journey_id": number, "position": 1}
                for number in numbers
            ],
        )
        db.execute(
            insert(tables["offerings"]),
            [_offering_row(offering_row, number, now) for number in numbers],
        )


def _row(table: Any) -> dict[str, Any]:
    return dict(db.execute(select(table).limit(1)).mappings().one())


def _journey_row(model: Mapping[str, Any], number: int, now: datetime) -> dict[str, Any]:
    status = ("open", "published", "closed", "open", "archived")[number % 5]
    starts_at = now + timedelta(hours=number)
    return {
        **model, "id": number, "slug": f"journey-{number}", "title": f"Journey {number}",
        "title_folded": f"journey {number}", "status": status,
        "next_at": starts_at, "ends_on": starts_at.date() if status in {"closed", "archived"} else None,
    }  # fmt: skip


def _offering_row(model: Mapping[str, Any], number: int, now: datetime) -> dict[str, Any]:
    starts_at = (now + timedelta(hours=number)).replace(minute=0, second=0, microsecond=0)
    return {
        **model, "id": number + 10_000, "learning_session_id": number + 10_000,
        "uid": f"{uuid4()}@meridian.invalid", "timezone": "Africa/Accra",
        "starts_wall": starts_at.astimezone(UTC).replace(tzinfo=None), "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
    }  # fmt: skip
