"""What organisers write to the people of a roster: to each alone."""

from collections.abc import Mapping
from typing import Any

from app.messages.composed import Composed, NoLongerNeeded
from app.notices import queries
from app.notices.composing import composed

KIND = "roster-message"


def about_message(payload: Mapping[str, Any]) -> Composed:
    """The words of the organisers to one person; nothing to somebody whose account is gone."""
    found = queries.roster_message(int(payload["roster_message_id"]), int(payload["participant_id"]))
    if found is None or not found.name:
        raise NoLongerNeeded("the journey or the person is gone")
    return composed(
        KIND,
        message=found.message,
        name=found.name,
        has_account=found.has_account,
        writer=found.writer,
        journey=found.journey,
        learning_session=found.learning_session,
    )
