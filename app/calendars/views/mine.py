"""The page on which a person's private calendar addresses are kept."""

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import queries
from app.calendars.blueprint import bp
from app.calendars.forms import MakeAddressForm
from app.calendars.models import FeedKind
from app.calendars.views import keeping
from app.calendars.views.answers import unkept
from app.calendars.views.keeping import Kept, kept
from app.domain.permissions import Permission
from app.facilitators import queries as facilitators
from app.learning_sessions import queries as learning_sessions
from app.web.access import can, requires


@bp.route("/me/calendar", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def mine() -> ResponseReturnValue:
    """The reader's addresses and how calendar programs follow them; a POST makes the personal one."""
    return _made(FeedKind.PERSONAL)


@bp.route("/me/calendar/<any(leading):kind>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def make(kind: str) -> ResponseReturnValue:
    """Make the address of what the reader leads."""
    return _made(FeedKind(kind))


@bp.route("/me/calendar/choices", defaults={"kind": "personal"}, methods=["GET", "POST"])
@bp.route("/me/calendar/<any(leading):kind>/choices", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def choose(kind: str) -> ResponseReturnValue:
    """Say what a feed tells."""
    return keeping.choose(kept(FeedKind(kind)), _page)


@bp.route("/me/calendar/reset", defaults={"kind": "personal"}, methods=["GET", "POST"])
@bp.route("/me/calendar/<any(leading):kind>/reset", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def reset(kind: str) -> ResponseReturnValue:
    return keeping.reset(kept(FeedKind(kind)))


@bp.route("/me/calendar/remove", defaults={"kind": "personal"}, methods=["GET", "POST"])
@bp.route("/me/calendar/<any(leading):kind>/remove", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def remove(kind: str) -> ResponseReturnValue:
    return keeping.remove(kept(FeedKind(kind)))


def _made(kind: FeedKind) -> ResponseReturnValue:
    one = kept(kind)
    if kind is FeedKind.LEADING and not _is_offered(one):
        abort(404)
    if MakeAddressForm().is_submitted():
        return keeping.make(one, _page)
    return unkept(_page(one))


def _page(one: Kept) -> str:
    """Every feed of the reader, among them the one whose form was sent."""
    other = kept(FeedKind.LEADING if one.kind is FeedKind.PERSONAL else FeedKind.PERSONAL)
    personal, leading = (one, other) if one.kind is FeedKind.PERSONAL else (other, one)
    feeds = [personal, leading] if _is_offered(leading) else [personal]
    journeys = [one for one in queries.journeys_fed_to(current_user.id) if can(Permission.JOURNEY_DESK, one)]
    return keeping.shown("calendars/mine.html", feeds=feeds, asked=one, journeys=journeys)


def _is_offered(leading: Kept) -> bool:
    """Whether the reader leads or led anything, or has the address from when they did."""
    if leading.feed is not None:
        return True
    page = facilitators.of_user(current_user.id)
    return page is not None and bool(learning_sessions.journeys_led_in(page.id))
