"""Calendar feeds: secret addresses that show one person's calendar."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, enum_column


class FeedKind(StrEnum):
    PERSONAL = "personal"


class Feed(Base):
    """One address. The token itself is not kept: it is derived from the key, the nonce and the owner."""

    __tablename__ = "feeds"
    __table_args__ = (UniqueConstraint("user_id", "kind"), UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[FeedKind] = mapped_column(enum_column(FeedKind))
    nonce: Mapped[str]
    token_hash: Mapped[str]
    created_at: Mapped[datetime]
