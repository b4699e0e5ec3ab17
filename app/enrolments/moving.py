"""What becomes of the moments of a sitting's rule and of its offers when the sitting is moved."""

from datetime import datetime, timedelta

from sqlalchemy import update

from app.database import db
from app.domain.errors import Refused
from app.domain.moments import moment
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.enrolments.ruling import stored_rule
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import end_of
from app.learning_sessions.storing import days_of


def move_moments(offering: Offering, later: timedelta) -> None:
    """The draw and the end of the balance move with the sitting; a draw that was made stays."""
    rule = stored_rule(offering.id)
    if rule is not None and rule.draw_at is not None and rule.drawn_at is None:
        rule.draw_at += later
    if rule is not None and rule.balanced_until_at is not None:
        rule.balanced_until_at += later
    db.flush()


def check_draw_before(offering: Offering, starts_at: datetime | None) -> None:
    """Refuses a begin before the lottery for its places is drawn: the draw would never be."""
    rule = stored_rule(offering.id)
    if rule is None or rule.draw_at is None or rule.drawn_at is not None or starts_at is None:
        return
    if starts_at <= rule.draw_at:
        drawn = moment(rule.draw_at, offering.timezone)
        raise Refused(
            f"The lottery for its places is drawn later: {drawn.text}. Move the draw first (“How places are "
            "given”), or choose a later time.",
            "starts_wall",
        )


def check_moments_stay_ahead(offering: Offering, later: timedelta, now: datetime) -> None:
    """Refuses to move a sitting when a draw, or the end of a balance, that is to come would be over then."""
    rule = stored_rule(offering.id)
    if rule is None or offering.is_cancelled:
        return
    is_drawn = rule.drawn_at is not None
    for at, what in (
        (None if is_drawn else rule.draw_at, "the lottery for its places would be drawn"),
        (rule.balanced_until_at, "its places would be balanced until"),
    ):
        if at is not None and at + later <= now < at:
            title, past = offering.learning_session.title, moment(at + later, offering.timezone)
            raise Refused(
                f"“{title}”: {what} {past.text}, which is over. Change how its places are given first, then "
                "correct the zone of the journey; or keep the moments as they are.",
                "keep",
            )


def _check_draw_within(offering: Offering) -> None:
    """Refuses days that are over before the lottery for their places is drawn: the draw would never be."""
    rule, days = stored_rule(offering.id), days_of(offering)
    if rule is None or rule.draw_at is None or rule.drawn_at is not None or days is None:
        return
    if end_of(days) <= rule.draw_at:
        drawn = moment(rule.draw_at, offering.timezone)
        raise Refused(
            f"The lottery for its places is drawn when these days are over: {drawn.text}. Move the draw "
            "first (“How places are given”), or choose later days.",
            "starts_wall",
        )


def shorten_offers(offering: Offering) -> None:
    """Offers in a sitting that is earlier now end with its start at the latest.

    Refuses days that are over before the draw.
    """
    _check_draw_within(offering)
    if offering.starts_at is not None:
        db.execute(
            update(Place)
            .where(
                Place.offering_id == offering.id,
                Place.status == PlaceStatus.OFFERED,
                Place.offer_ends_at > offering.starts_at,
            )
            .values(offer_ends_at=offering.starts_at, revision=Place.revision + 1)
        )
