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


def shorten_offers(offering: Offering) -> None:
    """Offers in a sitting that is earlier now end with its start at the latest."""
    if offering.starts_at is not None:
        db.execute(
            update(Place)
            .where(
                Place.offering_id == offering.id,
                Place.status == PlaceStatus.OFFERED,
                Place.offer_ends_at > offering.starts_at,
            )
            .values(offer_ends_at=offering.starts_at)
        )
