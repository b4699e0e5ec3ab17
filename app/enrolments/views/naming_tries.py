"""Naming somebody by an address: who does not keep the roster learns nothing of others by it, and is slowed
down. Each try is counted before the address is looked at; one that gave somebody a place counts no more.
"""

from collections.abc import Callable

from flask import abort
from flask_login import current_user

from app.accounts import attempts
from app.accounts.attempts import NAMING
from app.accounts.confirmation import count
from app.accounts.models import User
from app.database import begin_writing, db
from app.domain.errors import DomainError, Refused
from app.domain.permissions import Permission, may
from app.enrolments import naming
from app.enrolments.forms.groups import PersonForm
from app.enrolments.reserved import ReservedBlock
from app.enrolments.views.group_loading import group_at
from app.participants.models import Participant
from app.web import clock, visits
from app.web.access import current_actor
from app.web.once import is_repeated

CANNOT_BE_NAMED = "This person cannot be named here; ask the organisers."

Act = Callable[[ReservedBlock, Participant, User], str]
"""Gives the person a place of the group; says what came of it."""


def keeps_roster(block: ReservedBlock) -> bool:
    """Whether the reader sees the people of the sitting anyway."""
    return may(current_actor(), Permission.OFFERING_ROSTER, block.offering)


def give(block: ReservedBlock, form: PersonForm, act: Act) -> str:
    """Find whom a form means and give them a place, in a new transaction; what to say, empty when the same
    form had been sent before.

    What was loaded before is to be loaded again. Raises TooMany when one has to wait first, and DomainError:
    to those who do not keep the roster, nothing that tells who the person is or whether they are known.
    """
    block_id, user_id, keeps = block.id, current_user.id, keeps_roster(block)
    name, subject = form.person_name.data or "", visits.keyed(f"user {user_id}")
    if not keeps:
        if not name.strip():
            raise DomainError("Give the person’s name too.", "name")
        count((NAMING, subject))
    begin_writing()
    found, now, said = group_at(block_id), clock.now(), ""
    if found is None:
        abort(404)
    if not is_repeated(user_id, now):
        try:
            with db.begin_nested():
                person = naming.person(found, form.email.data, name, now)
                said = act(found, person, db.get_one(User, user_id))
        except naming.AboutThem:
            if keeps:
                raise
            raise Refused(CANNOT_BE_NAMED, "email") from None
    if not keeps:
        attempts.take_back(NAMING, subject)
    return said
