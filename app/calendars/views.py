"""Calendar files for everybody, the personal feed, and the page on which its address is kept."""

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import ical, operations, queries
from app.calendars.forms import MakeAddressForm, RenewAddressForm
from app.calendars.models import Feed
from app.calendars.wording import Holding
from app.config import Settings
from app.domain.permissions import Actor, Permission, may, may_see_join_link
from app.enrolments.models import Place
from app.journeys import queries as journeys
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import LearningSession, Offering
from app.web.access import actor_of, requires
from app.web.clock import now
from app.web.errors import Moved

bp = Blueprint("calendars", __name__)

FEED_NAME = "Meridian: my learning"


class CalendarFile(Response):
    """A calendar. Nothing can set a cookie on it: caches keep it, and calendar programs return none."""

    def set_cookie(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing, so that a signed-in reader's cookie is not renewed here."""


def _journey(slug: str) -> Journey | None:
    found = journeys.journey(slug)
    if found is None and (new := journeys.new_slug(slug)) is not None:
        raise Moved(url_for("calendars.of_journey", slug=new))
    return found


def _learning_session(journey_slug: str, slug: str) -> LearningSession | None:
    found = learning_sessions.learning_session(journey_slug, slug)
    if found is not None:
        return found
    if (moved := journeys.new_slug(journey_slug)) is not None:
        raise Moved(url_for("calendars.of_learning_session", journey_slug=moved, slug=slug))
    if (address := learning_sessions.new_address(journey_slug, slug)) is not None:
        raise Moved(url_for("calendars.of_learning_session", journey_slug=address[0], slug=address[1]))
    return None


def _owner(token: str) -> queries.FeedOwner | None:
    return queries.feed_owner(token, _settings())


@bp.get("/journeys/<slug>/calendar.ics")
@requires(Permission.JOURNEY_SEE, of=_journey)
def of_journey(journey: Journey) -> ResponseReturnValue:
    """Every sitting of a journey; cancelled ones stay, marked as such."""
    return _download(journey, journey.name, journey.slug, queries.sittings_of_journey(journey.id))


@bp.get("/journeys/<journey_slug>/sessions/<slug>/calendar.ics")
@requires(Permission.LEARNING_SESSION_SEE, of=_learning_session)
def of_learning_session(one: LearningSession) -> ResponseReturnValue:
    """The sittings of one learning session."""
    return _download(one.journey, one.title, one.slug, queries.sittings_of_learning_session(one.id))


@bp.get("/calendar/<token>.ics")
@requires(Permission.PUBLIC, of=_owner)
def feed(owner: queries.FeedOwner) -> ResponseReturnValue:
    """One person's places. The token in the address is the only credential."""
    actor = actor_of(owner.user_id, owner.is_administrator)
    site, at = _site(), now()
    body = ical.calendar(
        FEED_NAME,
        [
            ical.event(place.offering, site, at, _holding(place, owner, actor))
            for place in queries.places_of_feed(owner.user_id, at)
            if may(actor, Permission.LEARNING_SESSION_SEE, place.offering.learning_session)
        ],
    )
    response = _file(body, "inline", "meridian", "private, max-age=300")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.route("/me/calendar", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def mine() -> ResponseReturnValue:
    """The reader's private address; sending the form makes one."""
    form = MakeAddressForm()
    if form.validate_on_submit():
        operations.make_feed(current_user.id, _settings(), now())
        flash("Your private calendar address is made.", "ok")
        return _unkept(redirect(url_for("calendars.mine"), 303))
    page = _page("calendars/mine.html", form, queries.feed_of(current_user.id))
    return _unkept(page, 422 if form.is_submitted() else 200)


@bp.route("/me/calendar/reset", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def reset() -> ResponseReturnValue:
    """Ask once more, then replace the address; the old one stops working at once."""
    form = RenewAddressForm()
    if form.validate_on_submit():
        feed = operations.make_feed(current_user.id, _settings(), now())
        operations.renew(feed, _settings(), now())
        flash("You have a new address. The old one has stopped working.", "ok")
        return _unkept(redirect(url_for("calendars.mine"), 303))
    held = queries.feed_of(current_user.id)
    if held is None:
        return _unkept(redirect(url_for("calendars.mine"), 303))
    return _unkept(_page("calendars/reset.html", form, held), 422 if form.is_submitted() else 200)


def _page(template: str, form: MakeAddressForm | RenewAddressForm, held: Feed | None) -> str:
    address = queries.feed_address(held, _settings()) if held else None
    return render_template(
        template,
        form=form,
        feed=held,
        address=address,
        webcal=f"webcal://{address.partition('://')[2]}" if address else None,
        is_loopback=_settings().is_loopback,
        tombstone_days=queries.TOMBSTONE_DAYS,
        host=urlsplit(_settings().site_url).netloc,
    )


def _unkept(answer: ResponseReturnValue, status: int | None = None) -> Response:
    """An answer that no cache keeps: it shows, or leads to, a secret address."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.status_code = status or response.status_code
    return response


def _holding(place: Place, owner: queries.FeedOwner, actor: Actor) -> Holding:
    offering = place.offering
    sees_link = may_see_join_link(
        actor,
        journey_id=offering.learning_session.journey_id,
        offering_id=offering.id,
        starts_at=offering.starts_at,
        from_minutes=offering.join_from_minutes,
        now=now(),
    )
    return Holding(place.status, place.way, place.sequence, place.updated_at, owner.timezone, sees_link)


def _download(journey: Journey, name: str, slug: str, offerings: Sequence[Offering]) -> Response:
    site, at = _site(), now()
    body = ical.calendar(name, [ical.event(one, site, at) for one in offerings])
    is_public = journey.status is not JourneyStatus.DRAFT
    return _file(body, "attachment", slug, "public, max-age=300" if is_public else "private, no-store")


def _file(body: bytes, disposition: str, name: str, cache_control: str) -> Response:
    """The file, or 304 for a client that has these bytes; compressed bytes have a tag of their own."""
    response = CalendarFile(body, content_type="text/calendar; charset=utf-8")
    response.headers.set("Content-Disposition", disposition, filename=f"{name}.ics")
    response.headers["Cache-Control"] = cache_control
    coding = "-gzip" if request.accept_encodings["gzip"] else ""
    response.set_etag(hashlib.sha256(body).hexdigest() + coding)
    response.make_conditional(request)
    return response


def _site() -> ical.Site:
    return ical.Site(_settings().site_url, _settings().mail_from)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
