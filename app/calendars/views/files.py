"""Calendar files for everybody, and the feed behind a secret address."""

from collections.abc import Sequence

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.calendars import ical, queries
from app.calendars.blueprint import bp
from app.calendars.views.answers import calendar_file, settings, site
from app.calendars.wording import Holding
from app.domain.permissions import Actor, Permission, may, may_see_join_link
from app.enrolments.models import Place
from app.journeys import queries as journeys
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import LearningSession, Offering
from app.web.access import actor_of, requires
from app.web.clock import now
from app.web.errors import Moved

FEED_NAME = "Meridian: my learning"


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
    return queries.feed_owner(token, settings())


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
    where, at = site(), now()
    body = ical.calendar(
        FEED_NAME,
        [
            ical.event(place.offering, where, at, _holding(place, owner, actor))
            for place in queries.places_of_feed(owner.user_id, at)
            if may(actor, Permission.LEARNING_SESSION_SEE, place.offering.learning_session)
        ],
    )
    response = calendar_file(body, "inline", "meridian", "private, max-age=300")
    response.headers["X-Robots-Tag"] = "noindex"
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
    where, at = site(), now()
    body = ical.calendar(name, [ical.event(one, where, at) for one in offerings])
    is_public = journey.status is not JourneyStatus.DRAFT
    return calendar_file(
        body, "attachment", slug, "public, max-age=300" if is_public else "private, no-store"
    )
