"""Making and replacing the secret address of a feed."""

import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.calendars import queries
from app.calendars.models import Feed, FeedKind
from app.config import Settings
from app.database import db

NONCE_BYTES = 16


def make_feed(user_id: int, settings: Settings, now: datetime) -> Feed:
    """The personal feed of a user, made when there is none; asking twice gives the same address."""
    found = queries.feed_of(user_id)
    if found is not None:
        return found
    made = Feed(user_id=user_id, kind=FeedKind.PERSONAL, created_at=now)
    _give_token(made, settings)
    try:
        with db.begin_nested():
            db.add(made)
    except IntegrityError:  # a second click, at the same moment, was first
        found = queries.feed_of(user_id)
        if found is None:
            raise
        return found
    return made


def renew_feed(user_id: int, settings: Settings, now: datetime) -> Feed:
    """Give a user's feed a new address. The one before stops working at once."""
    feed = make_feed(user_id, settings, now)
    _give_token(feed, settings)
    feed.created_at = now
    db.flush()
    return feed


def _give_token(feed: Feed, settings: Settings) -> None:
    feed.nonce = secrets.token_hex(NONCE_BYTES)
    feed.token_hash = queries.hash_of(queries.token_of(feed.user_id, feed.kind, feed.nonce, settings))
