"""Making and replacing the secret address of a feed."""

import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.calendars import queries
from app.calendars.models import Feed, FeedKind
from app.config import Settings
from app.database import db

NONCE_BYTES = 16


def make_feed(
    user_id: int, settings: Settings, now: datetime, kind: FeedKind = FeedKind.PERSONAL,
    journey_id: int | None = None,
) -> Feed:  # fmt: skip
    """The feed of a user, made when there is none; asking twice gives the same address."""
    found = queries.feed_of(user_id, kind, journey_id)
    if found is not None:
        return found
    made = Feed(user_id=user_id, kind=kind, journey_id=journey_id, created_at=now)
    _give_token(made, settings)
    try:
        with db.begin_nested():
            db.add(made)
    except IntegrityError:  # a second click, at the same moment, was first
        found = queries.feed_of(user_id, kind, journey_id)
        if found is None:
            raise
        return found
    return made


def renew(feed: Feed, settings: Settings, now: datetime) -> None:
    """Give a feed a new address. The one before stops working at once."""
    _give_token(feed, settings)
    feed.created_at = now
    db.flush()


def remove(feed: Feed) -> None:
    """Do away with a feed and its address, which stops working at once."""
    db.delete(feed)
    db.flush()


def prefer(
    feed: Feed, *, shows_waiting: bool, shows_cancelled: bool, alarm_minutes: int | None
) -> None:  # fmt: skip
    """Say what a feed tells. `alarm_minutes` before the start it reminds, from 0 to a week; None: never."""
    feed.shows_waiting, feed.shows_cancelled = shows_waiting, shows_cancelled
    feed.alarm_minutes = alarm_minutes
    db.flush()


def _give_token(feed: Feed, settings: Settings) -> None:
    feed.nonce = secrets.token_hex(NONCE_BYTES)
    feed.token_hash = queries.hash_of(queries.token_of(feed.user_id, feed.kind, feed.nonce, settings))
