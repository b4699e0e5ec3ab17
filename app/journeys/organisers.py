"""Who organises a journey, and with which part. None of this commits."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import by_email
from app.database import db
from app.domain.errors import AlreadyTaken, DomainError, Refused, Stale
from app.domain.permissions import OrganiserRole
from app.journeys.locking import lock
from app.journeys.models import Journey, OrganiserAssignment
from app.journeys.operations import assign_organiser


def add_organiser(journey: Journey, email: str, role: OrganiserRole, now: datetime) -> User:
    """Let the account of an address organise the journey. Refuses an address without one."""
    lock(journey)
    user = by_email(email)
    if user is None:
        complaint = f"No account has the address {email.strip()}. Ask them to sign up first, then add them."
        raise DomainError(complaint, "email")
    if db.get(OrganiserAssignment, (journey.id, user.id)) is not None:
        raise AlreadyTaken(f"{user.name} organises this journey already; change the part below.", "email")
    assign_organiser(journey, user, role, now)
    return user


def change_role(
    journey: Journey, user_id: int, role: OrganiserRole, now: datetime, *, seen: str | None = None
) -> User:
    """Give an organiser another part. Refuses to leave the journey without an owner.

    Raises Stale when somebody else changed the part since it was `seen`.
    """
    assignment, user = _organiser(journey, user_id)
    if seen not in (None, assignment.role.value, role.value) and assignment.role is not role:
        raise Stale(f"Somebody made {user.name} {assignment.role.value} meanwhile. Look again, then choose.")
    if role is not OrganiserRole.OWNER:
        _refuse_to_orphan(journey, assignment, user)
    assign_organiser(journey, user, role, now)
    return user


def remove_organiser(journey: Journey, user_id: int, now: datetime) -> User:
    """End somebody's part in organising. Refuses to remove the last owner."""
    assignment, user = _organiser(journey, user_id)
    _refuse_to_orphan(journey, assignment, user)
    db.delete(assignment)
    journey.updated_at = now
    db.flush()
    return user


def _organiser(journey: Journey, user_id: int) -> tuple[OrganiserAssignment, User]:
    lock(journey)
    found = db.get(OrganiserAssignment, (journey.id, user_id), populate_existing=True)
    if found is None:
        raise Refused("This person does not organise the journey any more.")
    return found, db.get_one(User, user_id)


def _refuse_to_orphan(journey: Journey, assignment: OrganiserAssignment, user: User) -> None:
    owners = select(OrganiserAssignment.user_id).where(
        OrganiserAssignment.journey_id == journey.id, OrganiserAssignment.role == OrganiserRole.OWNER
    )
    if assignment.role is OrganiserRole.OWNER and db.scalars(owners).all() == [user.id]:
        raise Refused(f"{user.name} is the only owner. Make somebody else an owner first.")
