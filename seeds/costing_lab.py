"""A learning lab, invented from beginning to end: it shows the rules that journeys and sittings can have.

One joins it by asking: some are in, some wait for an answer, one was declined. Of its sessions one gives its
places by a lottery to come, one by a lottery that was drawn, one keeps countries in balance, one offers what
becomes free, one asks the organisers about each request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.accounts.models import User
from app.domain.admission import Admission, Policy
from app.domain.attendance import Attendance, Way
from app.domain.permissions import OrganiserRole
from app.domain.place_rules import Balance, Giving, RuleKind
from app.domain.timezones import local, wall_of
from app.enrolments.admitting import change_policy
from app.enrolments.approving import approve, decline
from app.enrolments.entering import approve_enrolment, ask_to_join, decline_enrolment
from app.enrolments.models import Place
from app.enrolments.operations import release_place, take_place
from app.enrolments.ruling import NewRule, set_rule
from app.enrolments.seating import settle_learning_session
from app.journeys.audiences import set_audiences
from app.journeys.composing import add_outcome, set_topics
from app.journeys.models import Journey, JourneyKind
from app.journeys.operations import (
    NewJourney,
    assign_organiser,
    create_journey,
    expect_zone,
    open_journey,
    publish,
)
from app.learning_sessions.models import Offering
from app.learning_sessions.operations import add_offering, create_learning_session, create_venue
from app.learning_sessions.sittings import NewOffering
from app.participants.models import Participant
from seeds import people
from seeds.story import THU, TUE, WED, Planned, paragraphs

SLUG = "costing-primary-care"
LONDON, ACCRA = "Europe/London", "Africa/Accra"
JOIN = "https://meet.example.org/costing-primary-care"
NOTE = (
    "Everything here is demonstration data: the lab, its sessions, its people, their answers and the rules. "
    "The dates are counted from the day they were loaded, and nobody can be written to."
)
INVENTED = "Invented for the demonstration."
QUESTION = "What do you cost at home, and with which figures?"

VISIT, OPEN_HOUR, FIGURES = "what-one-visit-costs", "open-hour", "whose-figures"
CHAPTERS, TABLE = "reading-each-others-chapters", "at-the-costing-table"

PLANNED = (
    Planned(SLUG, VISIT, 1, 1, THU, time(12), LONDON, 90),
    Planned(SLUG, OPEN_HOUR, 1, 2, WED, time(13), LONDON, 60),
    Planned(SLUG, FIGURES, 1, 4, TUE, time(12), LONDON, 90),
    Planned(SLUG, CHAPTERS, 1, 5, THU, time(13), LONDON, 120),
    Planned(SLUG, TABLE, 1, 6, WED, time(9, 30), ACCRA, 300),
)

TEXTS = {
    VISIT: (
        "What does one visit cost?",
        "Ten people, one clinic, its ledger of a month. The ten are drawn by lot.",
    ),
    OPEN_HOUR: (
        "Open hour: bring your sheet",
        "Six people with a spreadsheet that does not add up yet.",
    ),
    FIGURES: (
        "Whose figures are these?",
        "The same service costed in several countries; no country fills the room alone.",
    ),
    CHAPTERS: (
        "Reading each other’s chapters",
        "For those who have a chapter to show. The organisers look at each request.",
    ),
    TABLE: (
        "A day at the costing table",
        "Eight chairs in Accra, and more people than chairs: they are drawn by lot.",
    ),
}

ANSWERS = (
    "Outpatient visits in two districts; the ledgers of the clinics and our own time sheets.",
    "The benefits package, with the prices of the central store.",
    "Not yet anything. I have to begin this year and have only the budget.",
    "Midwives’ time. We followed five of them for a week.",
    "Community health work: transport is what nobody had counted.",
)
ADVERT = "We sell costing software."

ASKED_BEFORE, DECIDED_BEFORE = timedelta(days=24), timedelta(days=22)
PLACES_BEFORE = timedelta(days=15)
APART = timedelta(minutes=41)
"""Between one person and the next."""


@dataclass(frozen=True)
class Lab:
    """The lab while it is filled."""

    journey: Journey
    sittings: Mapping[str, Offering]
    organiser: User | None


def load(now: datetime) -> None:
    """The lab, open, with its rules, its requests and its people in line."""
    journey = create_journey(_journey(), now)
    _describe(journey, now)
    lab = Lab(journey, _add_sessions(journey, now), people.account("ada"))
    publish(journey, now)
    open_journey(journey, now)
    everybody = people.participants()
    _let_in(lab, everybody, now)
    _give_rules(lab, now)
    _fill(lab, everybody, now)


def _journey() -> NewJourney:
    return NewJourney(
        kind=JourneyKind.LEARNING_JOURNEY,
        slug=SLUG,
        title="Costing Primary Care: a Learning Lab",
        short_title="Costing Lab",
        timezone=LONDON,
        summary="A small lab on what primary care costs, for people who bring figures of their own.",
        purpose=paragraphs(
            "Everybody brings one service and what it costs. In five sessions the figures are taken apart "
            "and put together again.",
            "The rooms are small. So one asks to join, and the sessions say by which rule they give their "
            "places.",
        ),
        audience="For people who cost services of primary care.",
        approach="Little is presented; most is done at the table, on real sheets.",
        outcomes_lead="At the end everybody:",
        sessions_note="All sessions are invented and have demonstration dates.",
        demonstration_note=NOTE,
    )


def _describe(journey: Journey, now: datetime) -> None:
    for outcome in ("has costed one service", "knows whose figures can be compared with theirs"):
        add_outcome(journey, outcome, now)
    set_topics(journey, ("Primary health care", "Health financing"), now)
    set_audiences(journey, ("Health advisers",))
    for zone in (ACCRA, "Asia/Dhaka", LONDON):
        expect_zone(journey, zone, now)
    organiser = people.account("ada")
    if organiser is not None:
        assign_organiser(journey, organiser, OrganiserRole.OWNER, now)


def _add_sessions(journey: Journey, now: datetime) -> dict[str, Offering]:
    venue = create_venue(
        "Meeting room (demonstration venue)", ACCRA, address="3 Example Close", city="Accra", country="GH"
    )
    room = {"attendance": Attendance.IN_PERSON, "venue": venue, "capacity_in_person": 8}
    places = {VISIT: 10, OPEN_HOUR: 6, FIGURES: 12, CHAPTERS: 12}
    lead = people.facilitators().get("kofi-asante")
    team = ((lead, "Lead"),) if lead is not None else ()
    found = {}
    for planned in PLANNED:
        slug = planned.learning_session
        title, summary = TEXTS[slug]
        made = create_learning_session(journey, title, now, slug=slug, summary=summary, content=INVENTED)
        online = {"attendance": Attendance.ONLINE, "join_url": JOIN, "capacity_online": places.get(slug)}
        facts = room if slug == TABLE else online
        new = NewOffering(when=planned.promise(now), facilitators=team, **facts)
        found[slug] = add_offering(made, new, now)
    return found


def _let_in(lab: Lab, everybody: Sequence[Participant], now: datetime) -> None:
    """Everybody asks; most are let in, three wait for an answer (the adviser in Dhaka among them)."""
    policy = Policy(
        timezone=LONDON, admission=Admission.APPROVAL, question=QUESTION, most_people=40,
        eligibility="For people who work on what primary care costs, in whatever post.",
    )  # fmt: skip
    change_policy(lab.journey, policy, now - ASKED_BEFORE, lab.organiser)
    dhaka, members = everybody[1], [everybody[0], *everybody[2:30]]
    for number, participant in enumerate(members):
        asked_at = now - ASKED_BEFORE + number * APART
        answer = ANSWERS[number % len(ANSWERS)]
        enrolment = ask_to_join(lab.journey, participant, asked_at, answer=answer)
        approve_enrolment(enrolment, lab.organiser, now - DECIDED_BEFORE + number * APART)
    for number, participant in enumerate((dhaka, *everybody[30:32])):
        answer = ANSWERS[(number + 2) % len(ANSWERS)]
        ask_to_join(lab.journey, participant, now - timedelta(days=2) + number * APART, answer=answer)
    seller = ask_to_join(lab.journey, everybody[32], now - timedelta(days=6), answer=ADVERT)
    reason = "The lab is for people who cost services, not for those who sell to them."
    decline_enrolment(seller, reason, lab.organiser, now - timedelta(days=5))


def _give_rules(lab: Lab, now: datetime) -> None:
    """Before anybody asks for a place."""
    at = now - PLACES_BEFORE - timedelta(days=1)
    figures, table = lab.sittings[FIGURES], lab.sittings[TABLE]
    rules = {
        VISIT: NewRule(kind=RuleKind.LOTTERY, draw_at=_drawn_at(now)),
        OPEN_HOUR: NewRule(giving=Giving.OFFER, offer_hours=168),
        FIGURES: NewRule(
            kind=RuleKind.BALANCED,
            balance=Balance.COUNTRY,
            share_percent=25,
            balanced_until_at=_noon_before(figures, 7),
        ),
        CHAPTERS: NewRule(needs_approval=True, cancel_hours=72),
        TABLE: NewRule(kind=RuleKind.LOTTERY, draw_at=_noon_before(table, 14), cancel_hours=48),
    }
    for slug, rule in rules.items():
        set_rule(lab.sittings[slug], rule, at)


def _fill(lab: Lab, everybody: Sequence[Participant], now: datetime) -> None:
    accra, bogota, manila = everybody[0], everybody[2], everybody[3]
    _ask(lab.sittings[VISIT], [accra, *everybody[14:28]], now)
    settle_learning_session(lab.sittings[VISIT].learning_session_id, _drawn_at(now))
    _ask(lab.sittings[FIGURES], [*everybody[4:10], accra, *everybody[14:16]], now)
    _ask(lab.sittings[TABLE], [accra, bogota, *everybody[16:26], manila], now, Way.IN_PERSON)
    first, *_ = _ask(lab.sittings[OPEN_HOUR], [*everybody[20:26], manila, bogota, everybody[26]], now)
    release_place(first, now - timedelta(days=1))  # it is offered to the adviser in Manila
    asked = _ask(lab.sittings[CHAPTERS], [manila, bogota, *everybody[16:24]], now)
    for place in asked[:6]:
        approve(place, lab.organiser, now - timedelta(days=10))
    decline(asked[6], "Bring the chapter to the open hour first.", lab.organiser, now - timedelta(days=10))


def _ask(
    offering: Offering, members: Sequence[Participant], now: datetime, way: Way = Way.ONLINE
) -> list[Place]:
    return [
        take_place(offering, participant, way, now - PLACES_BEFORE + number * APART)
        for number, participant in enumerate(members)
    ]


def _drawn_at(now: datetime) -> datetime:
    """Noon in London three days ago."""
    return wall_of(datetime.combine(local(now, LONDON).date() - timedelta(days=3), time(12)), LONDON)


def _noon_before(offering: Offering, days: int) -> datetime:
    """Noon in the sitting's zone, so many days before it."""
    assert offering.starts_wall is not None  # noqa: S101  # all of them have an hour
    day = offering.starts_wall.date() - timedelta(days=days)
    return wall_of(datetime.combine(day, time(12)), offering.timezone)
