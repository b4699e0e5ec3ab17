"""The organiser's private address of one journey: every sitting, with head counts and join links."""

from flask.typing import ResponseReturnValue

from app.calendars.blueprint import bp
from app.calendars.forms import MakeAddressForm
from app.calendars.models import FeedKind
from app.calendars.views import keeping
from app.calendars.views.answers import unkept
from app.calendars.views.keeping import Kept, kept
from app.domain.permissions import Permission
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.web.access import requires


@bp.route("/organise/journeys/<slug>/calendar", methods=["GET", "POST"])
@requires(Permission.JOURNEY_DESK, of=journey_at)
def desk(journey: Journey) -> ResponseReturnValue:
    """The organiser's address and how calendar programs follow it; a POST makes it."""
    one = kept(FeedKind.JOURNEY, journey)
    if MakeAddressForm().is_submitted():
        return keeping.make(one, _page)
    return unkept(_page(one))


@bp.route("/organise/journeys/<slug>/calendar/choices", methods=["GET", "POST"])
@requires(Permission.JOURNEY_DESK, of=journey_at)
def desk_choose(journey: Journey) -> ResponseReturnValue:
    """Say what the feed tells."""
    return keeping.choose(kept(FeedKind.JOURNEY, journey), _page)


@bp.route("/organise/journeys/<slug>/calendar/reset", methods=["GET", "POST"])
@requires(Permission.JOURNEY_DESK, of=journey_at)
def desk_reset(journey: Journey) -> ResponseReturnValue:
    return keeping.reset(kept(FeedKind.JOURNEY, journey))


@bp.route("/organise/journeys/<slug>/calendar/remove", methods=["GET", "POST"])
@requires(Permission.JOURNEY_DESK, of=journey_at)
def desk_remove(journey: Journey) -> ResponseReturnValue:
    return keeping.remove(kept(FeedKind.JOURNEY, journey))


def _page(one: Kept) -> str:
    return keeping.shown("calendars/desk.html", one=one, journey=one.journey)
