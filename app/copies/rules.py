"""The rules of a copy: who can enrol, and how each sitting gives its places. Does not commit."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.copies.duplicating import duplicate
from app.copies.moving import moved_instant
from app.database import db
from app.enrolments.models import EnrolmentPolicy, PlaceRule
from app.enrolments.ruling import begin_of, new_seed
from app.journeys.models import Journey
from app.learning_sessions.models import Offering


def copy_policy(source: Journey, copy: Journey, days: int) -> None:
    """The same policy, open for as long; nobody who was invited to the source is to the copy."""
    policy = db.scalar(select(EnrolmentPolicy).where(EnrolmentPolicy.journey_id == source.id))
    if policy is None:
        return
    by = timedelta(days=days)
    opens_at, closes_at = (
        moved_instant(at, by, policy.timezone) for at in (policy.opens_at, policy.closes_at)
    )
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        opens_at, closes_at = (at and at + by for at in (policy.opens_at, policy.closes_at))
    db.add(duplicate(policy, journey_id=copy.id, opens_at=opens_at, closes_at=closes_at))
    db.flush()


def copy_rule(source: Offering, copy: Offering, by: timedelta) -> None:
    """The same rule, its moments later by so much on the clock. A lottery gets a seed of its own."""
    rule = db.scalar(select(PlaceRule).where(PlaceRule.offering_id == source.id))
    if rule is None:
        return
    moments = (rule.draw_at, rule.balanced_until_at)
    draw_at, balanced_until_at = (_before(source, copy, at, by) for at in moments)
    db.add(
        duplicate(
            rule,
            offering_id=copy.id,
            draw_at=draw_at,
            seed=new_seed() if draw_at is not None else "",
            balanced_until_at=balanced_until_at,
        )
    )
    db.flush()


def _before(source: Offering, copy: Offering, at: datetime | None, by: timedelta) -> datetime | None:
    """A moment before the sitting begins, as long before by the clock. Where clocks change in between and
    that would be later than the sitting, as long before in hours.
    """
    moved = moved_instant(at, by, source.timezone)
    if at is None or moved is None or moved < begin_of(copy) or at >= begin_of(source):
        return moved
    return begin_of(copy) - (begin_of(source) - at)
