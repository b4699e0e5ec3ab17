"""Accounts: who can sign in, and the attempts that slow guessing down."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class User(Base):
    """An account. One account may be participant, facilitator, organiser and administrator at once."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email_folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    email_folded: Mapped[str]
    password_hash: Mapped[str]
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_organiser: Mapped[bool] = mapped_column(default=False, server_default=false())
    """May start journeys; what an account may do in one it did not start is a row of its own."""
    email_confirmed_at: Mapped[datetime | None]
    """When its owner showed that mail to the address reaches them; None: anybody may have typed it."""
    stamp: Mapped[str]
    """Changes with the password; a sign-in remembers it, so a new password ends every old sign-in."""
    created_at: Mapped[datetime]

    # What Flask-Login asks.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.id}:{self.stamp}"


class Attempt(Base):
    """One counted attempt at something that may be guessed: a sign-in, a sign-up."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "kind", "subject", "attempted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    """A keyed hash of what was tried (address of the account, address of the client); never in clear."""
    attempted_at: Mapped[datetime]
