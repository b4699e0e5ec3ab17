"""Participants: signing up, profiles, and in which zone and hours a signed-in reader lives."""

from flask import Flask

from app.domain.zone_choice import known_zone
from app.participants import queries
from app.participants.views import bp
from app.web.access import actor_facts
from app.web.reader import Reader, profile_sources


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
    if queries.as_fact not in actor_facts:
        actor_facts.append(queries.as_fact)
    if reader_of not in profile_sources:
        profile_sources.append(reader_of)


def reader_of(user_id: int) -> Reader | None:
    """The reader an account stands for; None for an account without a participant."""
    found = queries.hours_of(user_id)
    if found is None:
        return None
    timezone, works_from, works_until, days_off = found
    return Reader(known_zone(timezone), works_from, works_until, frozenset(days_off.split()), "profile")
