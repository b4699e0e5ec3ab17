"""The life of a journey: which steps there are, where each leads, and which may be taken from where."""

from collections.abc import Mapping
from enum import StrEnum

from app.journeys.models import JourneyStatus


class Step(StrEnum):
    """One step of a journey's life, as an organiser takes it."""

    PUBLISH = "publish"
    OPEN = "open"
    CLOSE = "close"
    ARCHIVE = "archive"

    @property
    def label(self) -> str:
        """What its button says."""
        return self.value.capitalize()

    @property
    def leads_to(self) -> JourneyStatus:
        return _LEADS_TO[self]


_LEADS_TO: Mapping[Step, JourneyStatus] = {
    Step.PUBLISH: JourneyStatus.PUBLISHED,
    Step.OPEN: JourneyStatus.OPEN,
    Step.CLOSE: JourneyStatus.CLOSED,
    Step.ARCHIVE: JourneyStatus.ARCHIVED,
}

NEXT: Mapping[JourneyStatus, tuple[Step, ...]] = {
    JourneyStatus.DRAFT: (Step.PUBLISH,),
    JourneyStatus.PUBLISHED: (Step.OPEN, Step.CLOSE),
    JourneyStatus.OPEN: (Step.CLOSE,),
    JourneyStatus.CLOSED: (Step.OPEN, Step.ARCHIVE),
    JourneyStatus.ARCHIVED: (),
}
"""The steps a journey may take, the usual one first."""


def may_become(status: JourneyStatus, to: JourneyStatus) -> bool:
    """Whether one step leads from a status to another."""
    return any(step.leads_to is to for step in NEXT[status])
