"""What the page of a session offers for calendars on the web."""

from flask import url_for

from app.calendars import adding
from app.calendars.blueprint import bp
from app.calendars.views.answers import settings
from app.learning_sessions.models import Offering
from app.web.clock import now


@bp.app_template_global()
def add_links(offering: Offering) -> list[tuple[str, str]]:
    """(service, address) for a coming sitting, for templates; no query."""
    one = offering.learning_session
    page = url_for("learning_sessions.show", slug=one.journey.slug, learning_session_slug=one.slug)
    return adding.links(offering, f"{settings().site_url}{page}", now())
