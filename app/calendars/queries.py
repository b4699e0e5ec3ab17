"""What is asked about feeds: the feed of a user, its secret address, the feed at an address."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.accounts.models import User
from app.calendars.facts import Hearer
from app.calendars.models import Feed, FeedKind
from app.calendars.states import state_of_feed
from app.calendars.texts import Kept
from app.config import Settings
from app.database import db
from app.domain.day_hours import Hours
from app.journeys.models import Journey
from app.participants.models import Participant

TOKEN_BYTES = 24
KEY_PURPOSE = b"meridian calendar feed"


@dataclass(frozen=True)
class Asked:
    """A feed as its address is asked for: whose it is, what it tells, and the state of that."""

    id: int
    user_id: int
    kind: FeedKind
    journey_id: int | None
    shows_waiting: bool
    shows_cancelled: bool
    alarm_minutes: int | None
    is_administrator: bool
    hearer: Hearer | None
    """None for somebody who does not take part in anything."""
    state: str


def feed_of(user_id: int, kind: FeedKind = FeedKind.PERSONAL, journey_id: int | None = None) -> Feed | None:
    """The feed of a user of this kind, of this journey; None until an address was made."""
    return db.scalar(select(Feed).filter_by(user_id=user_id, kind=kind, journey_id=journey_id))


def journeys_fed_to(user_id: int) -> Sequence[Journey]:
    """The journeys of whose sittings a user has a feed as an organiser, by title; one query."""
    return db.scalars(
        select(Journey)
        .join(Feed, Feed.journey_id == Journey.id)
        .where(Feed.user_id == user_id)
        .order_by(Journey.title, Journey.id)
    ).all()


def feed_address(feed: Feed, settings: Settings) -> str | None:
    """The whole address of a feed, to be shown to its owner alone.

    None when it was made under another SECRET_KEY: such an address no longer works and cannot be shown.
    """
    token = token_of(feed.user_id, feed.kind, feed.nonce, settings)
    return f"{settings.site_url}/calendar/{token}.ics" if _is_hash(feed.token_hash, token) else None


def asked(token: str, settings: Settings) -> Asked | None:
    """The feed with this token, and its state; one query, or two the first time a feed of the rarer kinds is
    asked for here.

    None for a token that is unknown, replaced or of another SECRET_KEY.
    """
    hashed = hash_of(token)
    supposed = KINDS.get(hashed) or FeedKind.PERSONAL
    row = _read(supposed, hashed)
    if row is not None and row.kind is not supposed:
        KINDS.put(hashed, row.kind)
        row = _read(row.kind, hashed)
    if row is None:
        return None
    valid = token_of(row.user_id, row.kind, row.nonce, settings)
    if not hmac.compare_digest(valid, token):
        return None
    wishes = (row.shows_waiting, row.shows_cancelled, row.alarm_minutes)
    return Asked(
        row.id, row.user_id, row.kind, row.journey_id, *wishes, row.is_administrator, _hearer(row), row.state
    )


KINDS: Kept[FeedKind] = Kept(4096)
"""The kinds of feeds that are not personal, by the hash of their token: each kind has a statement of its own,
because PostgreSQL needs longer to plan all three than to run one.
"""


def _read(kind: FeedKind, hashed: str) -> Any:
    return db.connection().execute(_asked(kind), {"hash": hashed}).first()


@cache
def _asked(kind: FeedKind) -> Select[*tuple[Any, ...]]:
    hours = (Participant.works_from, Participant.works_until, Participant.days_off)
    return (
        select(
            Feed.id, Feed.user_id, Feed.kind, Feed.journey_id, Feed.nonce, Feed.shows_waiting,
            Feed.shows_cancelled, Feed.alarm_minutes, User.is_administrator, Participant.timezone, *hours,
            state_of_feed(kind).label("state"),
        )
        .join(User, User.id == Feed.user_id)
        .outerjoin(Participant, Participant.user_id == Feed.user_id)
        .where(Feed.token_hash == bindparam("hash"))
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _days_off(days: str) -> frozenset[str]:
    return frozenset(days.split())


def _hearer(row: Any) -> Hearer | None:
    if row.timezone is None:
        return None
    hours = Hours(works_from=row.works_from, works_until=row.works_until, days_off=_days_off(row.days_off))
    return Hearer(row.timezone, hours)


def token_of(user_id: int, kind: FeedKind, nonce: str, settings: Settings) -> str:
    """The secret of a feed's address: 192 bits that only the key and the nonce together give."""
    key = hmac.digest(settings.secret_key.encode(), KEY_PURPOSE, "sha256")
    subject = f"{user_id}:{kind.value}:{nonce}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, subject, "sha256")[:TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_hash(token_hash: str, token: str) -> bool:
    return hmac.compare_digest(token_hash, hash_of(token))
