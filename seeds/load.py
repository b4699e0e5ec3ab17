"""Loading the stories, once each, and moving their demonstration dates on. None of these commits."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.passwords import hash_password
from app.database import db
from app.journeys.models import Journey
from app.journeys.slugs import is_taken_for
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import refresh_next_at
from app.scheduling.operations import redate as redate_sitting
from seeds import communities_of_solution, cracking_the_nut, jln, k4d, mixed_health_systems, people
from seeds.story import Planned, Story

STORIES: Mapping[str, Story] = {
    one.name: one
    for one in (
        k4d.STORY,
        jln.STORY,
        cracking_the_nut.STORY,
        communities_of_solution.STORY,
        mixed_health_systems.STORY,
    )
}

BEGUN = timedelta(days=30)
"""How long before the day of loading the demonstration journeys were made."""

MOVED_ON = "The demonstration was moved on to the weeks around today."


def load_all(now: datetime) -> None:
    """The people and every story that is not there yet. The accounts get passwords that nobody knows."""
    load_people({sign_in.email: hash_password(secrets.token_urlsafe(12)) for sign_in in people.SIGN_INS}, now)
    for story in STORIES.values():
        load_story(story, now)


def load_people(hashes: Mapping[str, str], now: datetime) -> bool:
    """The invented people, unless they are there. `hashes`: password hash by e-mail."""
    if people.is_loaded():
        return False
    people.load(hashes, now - BEGUN)
    return True


def load_story(story: Story, now: datetime) -> bool:
    """One story, unless it is there."""
    if is_story_loaded(story):
        return False
    story.load(now)
    return True


def is_story_loaded(story: Story) -> bool:
    """Whether its journey is there, under this address or another it has been given since."""
    return is_taken_for()(story.slug)


def is_loaded() -> bool:
    """Whether the people and every story are there."""
    return people.is_loaded() and all(is_story_loaded(story) for story in STORIES.values())


def redate(now: datetime, stories: Iterable[Story] = STORIES.values()) -> int:
    """Move the demonstration sittings on to the weeks around `now`, keeping wall times. How many moved.

    Sittings that somebody cancelled, or gave another address, stay as they are.
    """
    moved = 0
    for planned in (one for story in stories for one in story.planned):
        offering = _offering(planned)
        if offering is not None and not offering.is_cancelled:
            moved += redate_sitting(offering, planned.promise(now), now, MOVED_ON) is not None
            refresh_next_at(offering.learning_session.journey, now)
    return moved


def _offering(planned: Planned) -> Offering | None:
    return db.scalar(
        select(Offering)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(
            Journey.slug == planned.journey,
            LearningSession.slug == planned.learning_session,
            Offering.position == planned.number,
        )
    )
