"""The messages about changes of sittings: true when they are sent, else they are not sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.difference import What
from app.messages.composed import Composed
from app.notices.changes_known import changed
from app.notices.changes_letter import written

KINDS = tuple(What)


def about_change(payload: Mapping[str, Any]) -> Composed:
    """The composer of all of them: what became of the sitting is seen when it is sent."""
    return written(changed(payload, datetime.now(UTC)))
