"""Agendas to print: a person's own, and a journey's."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.calendars.agenda import by_month, journey_entries, own_entries
from app.calendars.blueprint import bp
from app.domain.dates import long_day
from app.domain.permissions import Permission
from app.domain.timezones import local
from app.enrolments import queries as enrolments
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions import queries as learning_sessions
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader


@bp.get("/me/calendar/agenda")
@requires(Permission.ACCOUNT)
def own_agenda() -> ResponseReturnValue:
    """What the reader holds and waits for, from today on."""
    participant_id, now = current_actor().participant_id, clock.now()
    places = enrolments.learning_of(participant_id) if participant_id is not None else []
    months = by_month(own_entries(places, reader(), now))
    return render_template("calendars/own_agenda.html", months=months, today=_today())


@bp.get("/journeys/<slug>/agenda")
@requires(Permission.JOURNEY_SEE, of=journey_at)
def journey_agenda(journey: Journey) -> ResponseReturnValue:
    """Every sitting of a journey, and the sessions that have no date."""
    sittings = learning_sessions.sittings(journey.id)
    return render_template(
        "calendars/journey_agenda.html",
        journey=journey,
        months=by_month(journey_entries(sittings, journey, reader(), clock.now())),
        undated=[one for one in sittings if one.offering_id is None],
        today=_today(),
    )


def _today() -> str:
    """The day of the print, where the reader is."""
    zone = reader().timezone
    return long_day(local(clock.now(), zone or "UTC").date()) + ("" if zone else " (UTC)")
