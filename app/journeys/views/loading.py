"""From an address to the journey it means."""

from typing import Any

from flask import request, url_for

from app.journeys import queries
from app.journeys.models import Journey
from app.web.access import current_actor
from app.web.errors import Moved


def journey_at(slug: str, **rest: Any) -> Journey | None:
    """The journey at an address; raises Moved for an old one. `rest`: what else the URL names."""
    found = queries.journey(slug)
    if found is None and (new := queries.new_slug(slug, current_actor())) is not None:
        raise Moved(url_for(request.endpoint or "journeys.show", **{**rest, "slug": new}))
    return found
