"""Places kept for a group: the country group of Ghana fills some of its own in the room in Accra."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.attendance import Way
from app.enrolments.naming import name, person
from app.enrolments.reserving import Wanted, reserve
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.participants.models import Participant
from seeds import people

CALLED = "Country Core Group of Ghana (demonstration)"
PLACES = 4
RESERVED_BEFORE = timedelta(days=10)
NAMED_BEFORE = timedelta(days=6)
RELEASED_BEFORE = timedelta(days=7)
"""Before the sitting."""

NEW = ("Adjoa Frimpong", "adjoa.frimpong@example.org")
"""Somebody of the group whom nobody knows here yet: named by her address."""


def in_financing_and_payment(
    network: Journey, sessions: Mapping[str, LearningSession], now: datetime
) -> None:
    """Four places in person in the session on blended payment, two of them with a name.

    The adviser in Accra names the people; the rest goes back a week before.
    """
    sitting = sessions["blended-payment"].offerings[0]
    if sitting.starts_at is None:
        return
    group = next((one for one in network.country_groups if one.country == "GH"), None)
    focal, colleague = _ghanaians()
    wanted = Wanted(
        name=CALLED,
        way=Way.IN_PERSON,
        places=PLACES,
        release_at=sitting.starts_at - RELEASED_BEFORE,
        timezone=sitting.timezone,
        focal=focal,
        country_group_id=group.id if group is not None else None,
    )
    block = reserve(sitting, wanted, people.account("ada"), now - RESERVED_BEFORE)
    account = people.account("efua")
    if colleague is not None:
        name(block, colleague, now - NAMED_BEFORE, account)
    new_name, address = NEW
    name(block, person(block, address, new_name, now - NAMED_BEFORE), now - NAMED_BEFORE, account)


def _ghanaians() -> Sequence[Participant | None]:
    """The adviser in Accra, and the first of the others in Ghana who has no account."""
    ghana = [one for one in people.participants() if one.country == "GH"]
    focal = next((one for one in ghana if one.user_id is not None), None)
    return focal, next((one for one in ghana if one.user_id is None), None)
