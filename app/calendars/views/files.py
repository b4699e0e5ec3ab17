"""Calendar files for everybody, and the feeds behind secret addresses."""

from datetime import datetime

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.calendars import queries, rows
from app.calendars.assembling import Assembled, Telling, assemble
from app.calendars.blueprint import bp
from app.calendars.facts import About
from app.calendars.ical import calendar
from app.calendars.models import FeedKind
from app.calendars.states import STATE_OF_JOURNEY, STATE_OF_LEARNING_SESSION, state
from app.calendars.views.answers import answer, settings, site
from app.database import db
from app.domain.permissions import Permission
from app.journeys import queries as journeys
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import LearningSession
from app.web.access import actor_of, requires
from app.web.errors import Moved

SCOPES = {FeedKind.PERSONAL: rows.HELD, FeedKind.LEADING: rows.LED}


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


def _asked(token: str) -> queries.Asked | None:
    return queries.asked(token, settings())


@bp.get("/journeys/<slug>/calendar.ics")
@requires(Permission.JOURNEY_SEE, of=_journey)
def of_journey(journey: Journey) -> ResponseReturnValue:
    """Every sitting of a journey; cancelled ones stay for a while, marked as such."""
    page = site().url + url_for("journeys.show", slug=journey.slug)
    about = About(journey.name, journey.title, url=page, source=f"{page}calendar.ics")
    found = state(STATE_OF_JOURNEY, journey.id)
    return _download(journey, about, journey.slug, rows.OF_JOURNEY, journey.id, found)


@bp.get("/journeys/<journey_slug>/sessions/<slug>/calendar.ics")
@requires(Permission.LEARNING_SESSION_SEE, of=_learning_session)
def of_learning_session(one: LearningSession) -> ResponseReturnValue:
    """The sittings of one learning session."""
    page = site().url + url_for(
        "learning_sessions.show", slug=one.journey.slug, learning_session_slug=one.slug
    )
    about = About(one.title, one.journey.title, url=page, source=f"{page}calendar.ics")
    found = state(STATE_OF_LEARNING_SESSION, one.id)
    return _download(one.journey, about, one.slug, rows.OF_LEARNING_SESSION, one.id, found)


@bp.get("/calendar/<token>.ics")
@requires(Permission.PUBLIC, of=_asked)
def feed(one: queries.Asked) -> ResponseReturnValue:
    """What one person holds, leads or organises. The token in the address is the only credential."""
    where = site()
    wishes = (one.shows_waiting, one.shows_cancelled, one.alarm_minutes)

    def build(at: datetime) -> Assembled:
        actor = actor_of(one.user_id, one.is_administrator)
        is_led = one.kind is FeedKind.LEADING
        telling = Telling(actor, one.hearer, is_led, False, *wishes)
        if one.kind is not FeedKind.JOURNEY:
            return assemble(_about(one), SCOPES[one.kind], one.user_id, telling, where, at)
        if not actor.is_administrator and one.journey_id not in actor.organises:
            return Assembled(calendar(_about(one), []))  # whoever organises it no longer is told no more
        return assemble(_about(one), rows.RUN, one.journey_id, telling, where, at)

    key = (one.id, one.kind, wishes, one.is_administrator, one.hearer, one.state, where)
    response = answer(build, key, "inline", "meridian", "private, max-age=300")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _about(one: queries.Asked) -> About:
    url = settings().site_url
    if one.kind is FeedKind.PERSONAL:
        told = "Your places, those you wait for as tentative, in your own time"
        return About("Meridian: my learning", told, f"{url}/me/")
    if one.kind is FeedKind.LEADING:
        told = "What you facilitate, with how many people come"
        return About("Meridian: what I lead", told, f"{url}/me/agenda", colour="steelblue")
    journey = db.get_one(Journey, one.journey_id)
    page = url + url_for("journeys.manage", slug=journey.slug)
    told = f"Every session of {journey.title}, with how many people come"
    return About(f"Meridian: {journey.name}, for organisers", told, page, colour="mediumpurple")


def _download(
    journey: Journey, about: About, name: str, scope: rows.Scope, of: int, found: str
) -> Response:  # fmt: skip
    where = site()
    is_public = journey.status is not JourneyStatus.DRAFT
    kept = "public, max-age=300" if is_public else "private, no-store"

    def build(at: datetime) -> Assembled:
        return assemble(about, scope, of, Telling(shows_drafts=True), where, at)

    return answer(build, (about, of, found, where), "attachment", name, kept)
