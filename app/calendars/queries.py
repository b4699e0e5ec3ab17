"""What is asked about calendars: the sittings of a file, the places of a feed, the feed at an address."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.calendars.models import Feed, FeedKind
from app.config import Settings
from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus
from app.participants.models import Participant

TOKEN_BYTES = 24
KEY_PURPOSE = b"meridian calendar feed"
LIVE = [status for status in PlaceStatus if status.is_live]
TOMBSTONE_DAYS = 30


@dataclass(frozen=True)
class FeedOwner:
    """Whose feed an address shows; `timezone` is None for somebody who does not take part in anything."""

    user_id: int
    is_administrator: bool
    timezone: str | None


def feed_of(user_id: int, kind: FeedKind = FeedKind.PERSONAL, journey_id: int | None = None) -> Feed | None:
    """The feed of a user of this kind, of this journey; None until an address was made."""
    return db.scalar(select(Feed).filter_by(user_id=user_id, kind=kind, journey_id=journey_id))


def feed_address(feed: Feed, settings: Settings) -> str | None:
    """The whole address of a feed, to be shown to its owner alone.

    None when it was made under another SECRET_KEY: such an address no longer works and cannot be shown.
    """
    token = token_of(feed.user_id, feed.kind, feed.nonce, settings)
    return f"{settings.site_url}/calendar/{token}.ics" if _is_hash(feed.token_hash, token) else None


def feed_owner(token: str, settings: Settings) -> FeedOwner | None:
    """Whose feed has this token; None for a token that is unknown, replaced or of another SECRET_KEY."""
    row = db.execute(
        select(Feed, User.is_administrator, Participant.timezone)
        .join(User, User.id == Feed.user_id)
        .outerjoin(Participant, Participant.user_id == Feed.user_id)
        .where(Feed.token_hash == hash_of(token))
    ).first()
    if row is None:
        return None
    feed, is_administrator, timezone = row
    valid = token_of(feed.user_id, feed.kind, feed.nonce, settings)
    return FeedOwner(feed.user_id, is_administrator, timezone) if hmac.compare_digest(valid, token) else None


def token_of(user_id: int, kind: FeedKind, nonce: str, settings: Settings) -> str:
    """The secret of a feed's address: 192 bits that only the key and the nonce together give."""
    key = hmac.digest(settings.secret_key.encode(), KEY_PURPOSE, "sha256")
    subject = f"{user_id}:{kind.value}:{nonce}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, subject, "sha256")[:TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sittings_of_journey(journey_id: int) -> Sequence[Offering]:
    """Every offering of a journey in order, cancelled ones too, with what a file tells of it; one query."""
    return db.scalars(
        _sittings()
        .where(LearningSession.journey_id == journey_id)
        .order_by(LearningSession.position, Offering.position)
    ).all()


def sittings_of_learning_session(learning_session_id: int) -> Sequence[Offering]:
    """Every offering of one learning session in order, cancelled ones too; one query."""
    return db.scalars(
        _sittings().where(LearningSession.id == learning_session_id).order_by(Offering.position)
    ).all()


def places_of_feed(user_id: int, now: datetime) -> Sequence[Place]:
    """The places a person's feed tells of, with their offerings; one query.

    Those the person counts on, and those lost with a sitting that was cancelled. A cancelled sitting stays
    until it would have ended, and at least TOMBSTONE_DAYS; then it is left out.
    """
    lately = now - timedelta(days=TOMBSTONE_DAYS)
    still_told = or_(
        Offering.status == OfferingStatus.SCHEDULED,
        Offering.cancelled_at >= lately,
        Offering.ends_at >= now,
        Offering.last_on >= now.date(),
    )
    lost_with_it = (Offering.status == OfferingStatus.CANCELLED) & (
        Place.released_at >= Offering.cancelled_at
    )
    return db.scalars(
        select(Place)
        .join(Participant, Participant.id == Place.participant_id)
        .join(Place.offering)
        .where(Participant.user_id == user_id, still_told, Place.status.in_(LIVE) | lost_with_it)
        .order_by(Place.offering_id)
        .options(
            contains_eager(Place.offering).options(
                joinedload(Offering.venue),
                joinedload(Offering.learning_session).joinedload(LearningSession.journey),
            )
        )
    ).all()


def _sittings() -> Select[Any]:
    return (
        select(Offering)
        .join(Offering.learning_session)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .options(
            joinedload(Offering.venue),
            contains_eager(Offering.learning_session).contains_eager(LearningSession.journey),
        )
    )


def _is_hash(token_hash: str, token: str) -> bool:
    return hmac.compare_digest(token_hash, hash_of(token))
