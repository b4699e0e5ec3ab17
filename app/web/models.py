"""What the shared web part keeps in the database."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class FormToken(Base):
    """A form that was sent once: sending the very same one again does nothing more."""

    __tablename__ = "form_tokens"
    __table_args__ = (Index(None, "used_at"),)

    token: Mapped[str] = mapped_column(primary_key=True)
    """The keyed hash of the token in the form and of who sent it."""
    used_at: Mapped[datetime]
