"""How anybody follows the sessions of the catalogue, narrowed as on its page, in a calendar."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.calendars.subscribing import subscription
from app.domain.permissions import Permission
from app.journeys.models import JourneyStatus
from app.search.filters import Filters, facets
from app.search.soonest import has_journeys
from app.search.views import bp
from app.web.access import requires


@bp.get("/journeys/calendar")
@requires(Permission.PUBLIC)
def follow() -> ResponseReturnValue:
    """The public address of every session of the chosen journeys. Drafts are in no public calendar."""
    asked, settings = Filters.of(request.args), current_app.config["SETTINGS"]
    is_public = asked.status != JourneyStatus.DRAFT
    address = f"{settings.site_url}/journeys/calendar.ics{asked.query()}"
    link = subscription(address, settings) if is_public else None
    return render_template(
        "search/follow.html", asked=asked, facets=facets(), link=link, is_empty=not has_journeys(asked)
    )
