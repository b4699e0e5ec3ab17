"""Who of the invented people is enrolled where, and in which sittings they have, or wait for, a place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.attendance import Way
from app.domain.availability import Availability
from app.domain.timezones import local
from app.enrolments.interest import say_interest
from app.enrolments.operations import enrol, take_place
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.participants.models import Participant
from seeds import people

ENROLLED_BEFORE = timedelta(days=21)
ASKED_BEFORE = timedelta(days=15)
APART = timedelta(minutes=37)
"""Between one person and the next."""


CAN = (
    (Availability(frozenset({"mon", "tue", "wed"}), 9 * 60, 12 * 60), "On Thursdays I teach."),
    (Availability(), ""),
    (Availability(frozenset({"fri"})), ""),
    (Availability(frozenset(), 16 * 60, 20 * 60), "After the clinic closes."),
    (Availability(frozenset({"tue", "thu"}), 10 * 60, 15 * 60), ""),
)
"""When those can who would come to the session that has no date yet, and what they add."""


def in_financing_and_payment(
    exchange: Journey, sessions: Mapping[str, LearningSession], now: datetime
) -> None:
    """Thirty-four people: one sitting nearly full, one in the room full and with three waiting."""
    everybody = people.participants()[:34]
    _enrol(exchange, everybody, now)
    _ask(_sitting(sessions["who-pays-for-primary-care"]), everybody[:19], Way.ONLINE, now)
    east = [one for one in everybody if _hours_ahead(one, now) >= 3]
    west = [one for one in everybody if _hours_ahead(one, now) < 3]
    _ask(_sitting(sessions["following-the-money"], 1), east[:16], Way.ONLINE, now)
    _ask(_sitting(sessions["following-the-money"], 2), west[:12], Way.ONLINE, now)
    _ask(_sitting(sessions["capitation"]), everybody[:22], Way.ONLINE, now)
    _ask(_sitting(sessions["paying-teams"]), [*everybody[4:18], everybody[1]], Way.IN_PERSON, now)
    _ask(_sitting(sessions["what-belongs-in-the-package"]), everybody[18:27], Way.IN_PERSON, now)
    _ask(_sitting(sessions["blended-payment"]), [everybody[0], *everybody[5:19]], Way.IN_PERSON, now)
    _ask(_sitting(sessions["blended-payment"]), everybody[19:31], Way.ONLINE, now)
    _ask(_sitting(sessions["writing-down-what-we-learned"]), everybody[2:22], Way.ONLINE, now)


def in_mixed_health_systems(journey: Journey, sessions: Mapping[str, LearningSession], now: datetime) -> None:
    """Thirty people from every stakeholder group; the small reflection is full, and four wait for it."""
    everybody = people.participants()
    members = [*everybody[:1], *everybody[17:]]
    _enrol(journey, members, now)
    _ask(_sitting(sessions["trust-in-digital-services"]), members[:17], Way.ONLINE, now)
    line = [*members[1:14], *members[:1], *members[14:16]]
    _ask(_sitting(sessions["reflection-on-the-second-round"]), line, Way.ONLINE, now)
    _ask(_sitting(sessions["care-outside-hospitals"]), members[2:9], Way.IN_PERSON, now)
    _ask(_sitting(sessions["care-outside-hospitals"]), members[9:24], Way.ONLINE, now)
    for number, (participant, (can, note)) in enumerate(zip(members[1:], CAN, strict=False)):
        asked_at = now - ASKED_BEFORE + number * APART
        say_interest(sessions["reflection-on-the-third-round"], participant, can, note, asked_at)


def _enrol(journey: Journey, members: Sequence[Participant], now: datetime) -> None:
    for number, participant in enumerate(members):
        enrol(journey, participant, now - ENROLLED_BEFORE + number * APART)


def _ask(offering: Offering, members: Iterable[Participant], way: Way, now: datetime) -> None:
    for number, participant in enumerate(members):
        take_place(offering, participant, way, now - ASKED_BEFORE + number * APART)


def _sitting(learning_session: LearningSession, number: int = 1) -> Offering:
    return next(one for one in learning_session.offerings if one.position == number)


def _hours_ahead(participant: Participant, now: datetime) -> float:
    offset = local(now, participant.timezone).utcoffset() or timedelta()
    return offset.total_seconds() / 3600
