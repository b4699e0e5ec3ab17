"""What the views of this slice begin with: the thing at an address, and who asks."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import NotConfirmed
from app.domain.permissions import Permission, awaits_confirmation
from app.enrolments import queries
from app.enrolments.models import Place
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.participants import queries as participants
from app.participants.models import Participant
from app.web.access import current_actor


def offering_at(offering_id: int) -> Any:
    """The learning session of an offering stands for it in the permission rules."""
    found = queries.offering(offering_id)
    return Target(found) if found is not None else None


class Target:
    """An offering as permission rules see it: visible as its journey is."""

    def __init__(self, offering: Offering) -> None:
        self.offering = offering
        self.journey = offering.learning_session.journey


@dataclass(frozen=True)
class OfJourney:
    """Something of a journey as permission rules see it: as its journey."""

    journey: Journey

    @property
    def id(self) -> int:
        return self.journey.id

    @property
    def status(self) -> str:
        return self.journey.status


def place_at(place_id: int) -> Place | None:
    """A place of the person who asks; nobody else's."""
    participant_id = current_actor().participant_id
    return queries.own_place(place_id, participant_id) if participant_id is not None else None


def address_of(one: LearningSession) -> str:
    """The path of a learning session's page."""
    return session_path(one.journey.slug, one.slug)


def session_path(slug: str, learning_session_slug: str) -> str:
    """The same, from the slugs of the journey and of the session."""
    return url_for("learning_sessions.show", slug=slug, learning_session_slug=learning_session_slug)


def current_participant() -> Participant | None:
    """Who asks, if they have a profile as a participant."""
    participant_id = current_actor().participant_id
    return participants.by_id(participant_id) if participant_id is not None else None


def check_address(target: Any, field: str | None = None) -> None:
    """Raise NotConfirmed, at `field`, when places of `target` need only a confirmed address of who asks."""
    if awaits_confirmation(current_actor(), Permission.PLACE_TAKE, target):
        raise NotConfirmed(field)


def profile_first(back: str | None = None) -> ResponseReturnValue:
    """Send somebody without a profile there; with `back`, a path, they are led on to it afterwards."""
    flash("Complete your profile first, so that we know your country and your time zone.", "warn")
    return redirect(url_for("participants.profile", next=back), 303)


def ask_again(
    form: Any, button: str, heading: str, journey: Journey, way: str | None = None
) -> ResponseReturnValue:
    """The same press once more, when its form had lost its token."""
    page = render_template(
        "enrolments/again.html", form=form, button=button, heading=heading, journey=journey, way=way
    )
    return page, 422
