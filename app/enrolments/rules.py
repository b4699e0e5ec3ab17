"""The rules stated before one joins: of a journey, of an offering, and who is invited. Tables only."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, enum_column
from app.domain.admission import Admission as Admission
from app.domain.place_rules import Balance, Giving, Rule, RuleKind


class EnrolmentPolicy(Base):
    """Who can enrol in a journey, and when. A journey without this row is open to everybody."""

    __tablename__ = "enrolment_policies"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("most_people >= 1", name="most_people"),
    )

    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    admission: Mapped[Admission] = mapped_column(enum_column(Admission), default=Admission.OPEN)
    question: Mapped[str] = mapped_column(default="")
    """What is asked of those who ask to join; empty: nothing."""
    eligibility: Mapped[str] = mapped_column(default="")
    """For whom it is, in the organisers' words; nobody is refused by it."""
    timezone: Mapped[str]
    """In which the two moments were set and are told."""
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    most_people: Mapped[int | None]
    """How many can be enrolled at the same time; None: no limit."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class InvitationKind(StrEnum):
    CODE = "code"
    DOMAIN = "domain"
    ADDRESS = "address"


class Invitation(Base):
    """What lets people into a journey that is by invitation: a code, an e-mail domain, one address.

    The row is never deleted; one that is withdrawn lets nobody in any more.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("journey_id", "kind", "value_folded"),
        CheckConstraint("uses >= 0 AND (most_uses IS NULL OR uses <= most_uses)", name="uses"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    kind: Mapped[InvitationKind] = mapped_column(enum_column(InvitationKind))
    value: Mapped[str]
    """The code, domain or address as it is shown to organisers."""
    value_folded: Mapped[str]
    """As it is compared: a code without blanks, hyphens and case; an address as accounts fold it."""
    note: Mapped[str] = mapped_column(default="")
    """For whom it is; only organisers read it."""
    most_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    """How many people it has let in."""
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)


class PlaceRule(Base):
    """How an offering gives its places. One without this row gives them first come, first served."""

    __tablename__ = "place_rules"
    __table_args__ = (
        CheckConstraint("(kind = 'lottery') = (draw_at IS NOT NULL)", name="lottery"),
        CheckConstraint("(draw_at IS NULL) = (seed = '')", name="seed"),
        CheckConstraint(
            "(kind = 'balanced') = (balance IS NOT NULL) AND (balance IS NULL) = (share_percent IS NULL)",
            name="balanced",
        ),
        CheckConstraint("share_percent BETWEEN 1 AND 100", name="share"),
        CheckConstraint("offer_hours BETWEEN 1 AND 720", name="offer_hours"),
        CheckConstraint("cancel_hours BETWEEN 0 AND 720", name="cancel_hours"),
        Index(None, "draw_at"),
    )

    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[RuleKind] = mapped_column(enum_column(RuleKind), default=RuleKind.FIRST_COME)
    draw_at: Mapped[datetime | None]
    seed: Mapped[str] = mapped_column(default="")
    """Of a lottery, made when it was chosen; shown to nobody before the draw."""
    drawn_at: Mapped[datetime | None]
    balance: Mapped[Balance | None] = mapped_column(enum_column(Balance))
    share_percent: Mapped[int | None]
    balanced_until_at: Mapped[datetime | None]
    giving: Mapped[Giving] = mapped_column(enum_column(Giving), default=Giving.AT_ONCE)
    offer_hours: Mapped[int] = mapped_column(default=48)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    cancel_hours: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def as_rule(self) -> Rule:
        """What the domain decides by."""
        return Rule(
            kind=self.kind,
            draw_at=self.draw_at,
            is_drawn=self.drawn_at is not None,
            balance=self.balance,
            share_percent=self.share_percent,
            balanced_until=self.balanced_until_at,
            giving=self.giving,
            offer_hours=self.offer_hours,
            needs_approval=self.needs_approval,
            cancel_hours=self.cancel_hours,
        )
