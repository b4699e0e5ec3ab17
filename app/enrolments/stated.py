"""The rules of sittings as they are stated, and what a person's own country or group has of their places.

Asked through `queries`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Executable, and_, bindparam, func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.lottery import commitment
from app.domain.place_rules import FIRST_COME, Balance, Rule
from app.domain.seats import PlaceStatus
from app.domain.zone_directory import country_name
from app.enrolments.models import Enrolment, Place
from app.enrolments.rules import PlaceRule
from app.learning_sessions.models import LearningSession, Offering
from app.participants.models import Participant

TAKEN = [status for status in PlaceStatus if status.is_taken]


@dataclass(frozen=True)
class Stated:
    """The rule of a sitting, and of a lottery what was promised: the seed itself stays unknown."""

    rule: Rule = FIRST_COME
    commitment: str = ""


@dataclass(frozen=True)
class OwnShare:
    """How many places people of the reader's own country or group have."""

    group: str
    """As it is called; empty where it is not known."""
    taken: int


def rules_of(offering_ids: Collection[int]) -> dict[int, Stated]:
    """Offering id → rule, of those that have another than first come, first served; one query."""
    if not offering_ids:
        return {}
    rows = db.scalars(_rules_of(), {"offerings": list(offering_ids)})
    return {one.offering_id: Stated(one.as_rule(), commitment(one.seed) if one.seed else "") for one in rows}


@cache
def _rules_of() -> Executable:
    return select(PlaceRule).where(PlaceRule.offering_id.in_(bindparam("offerings", expanding=True)))


def shares_of(
    participant_id: int, balanced: Mapping[int, tuple[int, Balance]]
) -> dict[tuple[int, Way], OwnShare]:
    """(offering id, way) → what the participant's own country or group has of it.

    `balanced`: offering id → (journey id, what is kept in balance). Two queries, none for none.
    """
    if not balanced:
        return {}
    own = _own_groups(participant_id, {journey_id for journey_id, _ in balanced.values()})
    found = {
        (number, way): OwnShare(_name(own[journey_id], balance), 0)
        for number, (journey_id, balance) in balanced.items()
        for way in Way
    }
    for number, way, country, group, count in db.execute(_taken_by_group(balanced)):
        journey_id, balance = balanced[number]
        if _pick((country or "", group), balance) == _pick(own[journey_id], balance):
            before = found[number, way]
            found[number, way] = OwnShare(before.group, before.taken + count)
    return found


Groups = tuple[str, str]
"""Country and stakeholder group."""


def _own_groups(participant_id: int, journey_ids: Collection[int]) -> dict[int, Groups]:
    """Journey id → as the participant enrolled there, else as they would now."""
    rows = db.execute(
        select(
            Participant.country, Participant.stakeholder_group, Enrolment.journey_id, Enrolment.country,
            Enrolment.stakeholder_group,
        )
        .outerjoin(
            Enrolment,
            and_(Enrolment.participant_id == Participant.id, Enrolment.journey_id.in_(journey_ids)),
        )
        .where(Participant.id == participant_id)
    ).all()  # fmt: skip
    now = (rows[0][0] or "", rows[0][1]) if rows else ("", "")
    enrolled = {row[2]: (row[3] or "", row[4]) for row in rows if row[2] is not None}
    return {number: enrolled.get(number, now) for number in journey_ids}


def _taken_by_group(balanced: Collection[int]) -> Executable:
    of_theirs = and_(
        Enrolment.journey_id == LearningSession.journey_id, Enrolment.participant_id == Place.participant_id
    )
    return (
        select(Place.offering_id, Place.way, Enrolment.country, Enrolment.stakeholder_group, func.count())
        .join(Offering, Offering.id == Place.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Enrolment, of_theirs)
        .where(Place.offering_id.in_(balanced), Place.status.in_(TAKEN))
        .group_by(Place.offering_id, Place.way, Enrolment.country, Enrolment.stakeholder_group)
    )


def _pick(groups: Groups, balance: Balance) -> str:
    return groups[1] if balance is Balance.STAKEHOLDER_GROUP else groups[0]


def _name(groups: Groups, balance: Balance) -> str:
    value = _pick(groups, balance)
    return country_name(value) if value and balance is Balance.COUNTRY else value
