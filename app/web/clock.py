"""The clock of the web layer. Below the views, now and today are arguments."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)
