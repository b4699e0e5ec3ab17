"""How anybody follows the sessions of a journey in a calendar, without an account."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.calendars.blueprint import bp
from app.calendars.subscribing import subscription
from app.calendars.views.answers import settings
from app.domain.permissions import Permission
from app.journeys.models import Journey, JourneyStatus
from app.journeys.views.loading import journey_at
from app.web.access import requires


@bp.get("/journeys/<slug>/calendar")
@requires(Permission.JOURNEY_SEE, of=journey_at)
def follow(journey: Journey) -> ResponseReturnValue:
    """The public address of a journey's sessions; a draft has none, as calendar programs do not sign in."""
    address = f"{settings().site_url}/journeys/{journey.slug}/calendar.ics"
    is_public = journey.status is not JourneyStatus.DRAFT
    link = subscription(address, settings()) if is_public else None
    return render_template("calendars/follow.html", journey=journey, link=link)
