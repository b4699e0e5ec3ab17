"""The notices about requests to join a journey, and about what its organisers decided."""

from collections.abc import Mapping
from typing import Any

from app.enrolments.models import EnrolmentStatus
from app.messages.composed import Composed, Composer, NoLongerNeeded
from app.notices import queries
from app.notices.composing import composed

ABOUT_REQUESTS = {
    "enrolment-requested": EnrolmentStatus.REQUESTED,
    "enrolment-declined": EnrolmentStatus.DECLINED,
    "enrolment-removed": EnrolmentStatus.LEFT,
    "enrolment-back-to-request": EnrolmentStatus.REQUESTED,
}
"""Kind of message → what the enrolment must still be for it to be true."""


def about_request(kind: str) -> Composer:
    """The composer of a notice about a request; silent when the enrolment is no longer what it was."""

    def compose(payload: Mapping[str, Any]) -> Composed:
        found = queries.enrolment(int(payload["journey_id"]), int(payload["participant_id"]))
        if found is None or found.status is not ABOUT_REQUESTS[kind]:
            raise NoLongerNeeded("the enrolment has changed since")
        return composed(kind, journey=found.journey, name=found.participant.name, enrolment=found)

    return compose
