"""A lottery as everybody may see it: its promise, and after the draw all that is needed to repeat it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.domain.decided import Decided
from app.domain.lottery import commitment, draw, ticket
from app.domain.place_rules import RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments.decisions import PlaceDecision
from app.enrolments.models import Place, PlaceRule


@dataclass(frozen=True)
class Ticket:
    """A place in the draw: its number, not whose it is."""

    rank: int
    number: int
    digest: str


@dataclass(frozen=True)
class Draw:
    """`seed` and `tickets` are empty until it is drawn; `taking_part` counts who waits for it."""

    draw_at: datetime
    drawn_at: datetime | None
    commitment: str
    seed: str
    tickets: Sequence[Ticket]
    taking_part: int
    own_number: int | None
    """The number of the reader's place, if they take or took part."""

    @property
    def own(self) -> Ticket | None:
        return next((one for one in self.tickets if one.number == self.own_number), None)


def draw_of(offering_id: int, participant_id: int | None) -> Draw | None:
    """The lottery of an offering as this reader may see it; None when its places are not drawn by lot."""
    rule = db.get(PlaceRule, offering_id)
    if rule is None or rule.kind is not RuleKind.LOTTERY or rule.draw_at is None:
        return None
    is_drawn = rule.drawn_at is not None
    numbers = _drawn(rule) if is_drawn else []
    return Draw(
        draw_at=rule.draw_at,
        drawn_at=rule.drawn_at,
        commitment=commitment(rule.seed),
        seed=rule.seed if is_drawn else "",
        tickets=[
            Ticket(rank, number, ticket(rule.seed, number))
            for rank, number in enumerate(draw(rule.seed, numbers), 1)
        ],
        taking_part=len(numbers) if is_drawn else _waiting(offering_id),
        own_number=_own_number(offering_id, participant_id, numbers if is_drawn else None),
    )


def _drawn(rule: PlaceRule) -> Sequence[int]:
    """The places that took part, as the log has them: who gave theirs up since stays in the list."""
    return db.scalars(
        select(PlaceDecision.place_id).where(
            PlaceDecision.offering_id == rule.offering_id,
            PlaceDecision.what == Decided.DRAWN,
            PlaceDecision.decided_at == rule.drawn_at,
        )
    ).all()


def _waiting(offering_id: int) -> int:
    waiting = (Place.offering_id == offering_id, Place.status == PlaceStatus.WAITING)
    return db.scalar(select(func.count()).select_from(Place).where(*waiting)) or 0


def _own_number(offering_id: int, participant_id: int | None, drawn: Sequence[int] | None) -> int | None:
    if participant_id is None:
        return None
    own = db.execute(
        select(Place.id, Place.status).filter_by(offering_id=offering_id, participant_id=participant_id)
    ).one_or_none()
    if own is None:
        return None
    takes_part = own.status is PlaceStatus.WAITING if drawn is None else own.id in drawn
    return own.id if takes_part else None
