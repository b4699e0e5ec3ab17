"""The letters that ask for something: to confirm an address, to follow an invitation."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from app.accounts import addresses
from app.accounts.models import User
from app.accounts.queries import by_id
from app.database import db
from app.domain.moments import moment
from app.enrolments.models import Invitation
from app.journeys.models import Journey, JourneyStatus
from app.messages import operations as messages
from app.messages.composed import Composed, NoLongerNeeded
from app.notices.composing import composed
from app.web.templating import address_of

CONFIRM_ADDRESS, INVITATION = "confirm-address", "invitation"


def ask_for_confirmation(user: User, now: datetime) -> None:
    """Put the letter into the outbox; its link is made when it is sent, so that nothing stored opens it."""
    payload = {"user_id": user.id}
    expires_at = now + addresses.VALID
    messages.queue(CONFIRM_ADDRESS, user.email, user.name, payload, now, expires_at=expires_at)


def about_address(payload: Mapping[str, Any]) -> Composed:
    """The letter with the link; silent when the address is confirmed or the account gone."""
    user = by_id(int(payload["user_id"]))
    if user is None or user.email_confirmed_at is not None:
        raise NoLongerNeeded("the address is confirmed, or its account gone")
    token = addresses.token_for(user, str(current_app.config["SECRET_KEY"]))
    link = address_of("accounts.confirm_address", token=token)
    return composed(CONFIRM_ADDRESS, name=user.name, link=link)


def about_invitation(payload: Mapping[str, Any]) -> Composed:
    """The invitation to one address; silent once it is withdrawn or over, or the journey takes nobody."""
    found = db.get(Invitation, int(payload["invitation_id"]))
    now = datetime.now(UTC)
    if found is None or found.withdrawn_at is not None:
        raise NoLongerNeeded("the invitation is withdrawn")
    if found.expires_at is not None and found.expires_at <= now:
        raise NoLongerNeeded("the invitation has expired")
    journey = db.get_one(Journey, found.journey_id)
    if journey.status not in (JourneyStatus.PUBLISHED, JourneyStatus.OPEN):
        raise NoLongerNeeded("nobody can join the journey")
    until = moment(found.expires_at, journey.timezone) if found.expires_at is not None else None
    link = address_of("enrolments.invited", slug=journey.slug)
    return composed(INVITATION, journey=journey, address=found.value, link=link, until=until)
