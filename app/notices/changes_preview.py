"""A message about changes as three of its readers get it, before it is sent and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.domain.timezones import city, readable_zone
from app.learning_sessions.models import LearningSession, Offering
from app.messages.composed import NoLongerNeeded
from app.notices import queries
from app.notices.blueprint import bp
from app.notices.changes_known import changed
from app.notices.changes_letter import written
from app.scheduling.announced import announcement as announcement_of
from app.scheduling.hearers import Hearer, everybody
from app.scheduling.models import Announcement
from app.web import clock
from app.web.access import requires

SHOWN = 3
LOOKED_AT = 300
"""Among so many people readers in different zones are looked for."""
TRIED = 30

AS = {
    "place_id": "has a place or asks for one",
    "facilitator_id": "leads the session",
    "block_id": "names people for a group",
}
"""What they are to the sitting, by what their message is about."""


@dataclass(frozen=True)
class Found:
    """An announcement with its sitting, by whose journey it is decided who may look."""

    announcement: Announcement
    offering: Offering

    @property
    def learning_session(self) -> LearningSession:
        return self.offering.learning_session


def announcement_at(offering_id: int, announcement_id: int) -> Found | None:
    """The announcement with this number, of this sitting."""
    found, offering = announcement_of(offering_id, announcement_id), queries.offering(offering_id)
    return Found(found, offering) if found is not None and offering is not None else None


@dataclass(frozen=True)
class Preview:
    """The message as one person gets it."""

    name: str
    what: str
    place: str
    """Where their clock is; empty where that is not known."""
    subject: str
    text: str


@bp.get("/organise/offerings/<int:offering_id>/announcements/<int:announcement_id>")
@requires(Permission.OFFERING_EDIT, of=announcement_at)
def preview_change(found: Found) -> ResponseReturnValue:
    """Three readers of different zones, where there are; nothing is sent."""
    shown = previews(found.announcement, clock.now())
    return render_template(
        "scheduling/preview.html", found=found, learning_session=found.learning_session, previews=shown
    )


def previews(announcement: Announcement, now: datetime) -> list[Preview]:
    """The message to up to three who are told something, if they can in different zones."""
    people: dict[str, Hearer] = {}
    for one in islice(everybody(announcement.offering_id, now), LOOKED_AT):
        people.setdefault(one.who, one)
    chosen: list[Preview] = []
    for one in islice(_of_different_zones([*people.values()]), TRIED):
        about, number = one.about
        try:
            found = changed({"announcement_id": announcement.id, about: number}, now)
        except NoLongerNeeded:
            continue
        mail = written(found)
        place = city(readable_zone(one.timezone)) if one.timezone else ""
        chosen.append(Preview(one.name, AS[about], place, mail.subject, mail.text))
        if len(chosen) == SHOWN:
            break
    return chosen


def _of_different_zones(people: list[Hearer]) -> Iterator[Hearer]:
    """Of every zone the first, then the others."""
    seen: set[str | None] = set()
    later = []
    for one in people:
        if one.timezone in seen:
            later.append(one)
        else:
            seen.add(one.timezone)
            yield one
    yield from later
