"""My sessions on a week or a month, and the run sheet of one sitting."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.timezones import local
from app.domain.zone_clock import clock_in
from app.domain.zone_directory import choose_zone, offer_text
from app.domain.zone_names import zones_with_countries
from app.enrolments import queries as enrolments
from app.facilitators import queries as facilitators
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import Offering
from app.scheduling import diary
from app.scheduling.agenda import FIRST_DAY, LAST_DAY, Period, View, arrange, weeks
from app.scheduling.blueprint import bp
from app.scheduling.run_sheet import run_sheet_of
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader


@bp.get("/me/agenda")
@requires(Permission.ACCOUNT)
def agenda() -> ResponseReturnValue:
    """A week or a month in any zone. What the address asks and cannot be is said, and the usual shown."""
    errors: dict[str, str] = {}
    period = Period(_view(), _day(errors), _zone(errors))
    actor, now = current_actor(), clock.now()
    rows = diary.sittings_of(
        current_user.id, actor.participant_id, actor.organises, (period.starts_at, period.ends_at)
    )
    me = facilitators.of_user(current_user.id)
    absences = facilitators.absences(me.id, period.starts_at) if me is not None else []
    days = arrange(period, rows, absences, now)
    shown = {one.row.offering_id for day in days if not day.is_outside for one in day.entries}
    page = render_template(
        "scheduling/agenda.html",
        period=period,
        weeks=weeks(days),
        count=len(shown),
        facilitates=me is not None,
        clock=clock_in(period.timezone, now),
        today=local(now, period.timezone).date(),
        can_go_back=period.beside(-1) >= FIRST_DAY,
        can_go_on=period.beside(1) <= LAST_DAY,
        errors=errors,
        typed=request.args.get("zone", "").strip() if "zone" in errors else offer_text(period.timezone),
        typed_day=request.args.get("on", "").strip() or period.on.isoformat(),
        zones=[offer_text(zone) for zone in zones_with_countries()],
    )
    return page, 422 if errors else 200


def _view() -> View:
    return View.MONTH if request.args.get("view") == View.MONTH.value else View.WEEK


def _zone(errors: dict[str, str]) -> str:
    own, typed = reader().timezone or "UTC", request.args.get("zone", "").strip()[:200]
    try:
        return choose_zone(typed, clock.now()) if typed else own
    except DomainError as error:
        errors["zone"] = str(error)
        return own


def _day(errors: dict[str, str]) -> date:
    today, typed = local(clock.now(), reader().timezone or "UTC").date(), request.args.get("on", "").strip()
    if not typed:
        return today
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        errors["on"] = "Give a day of the calendar, such as 2027-03-05."
        return today
    if not FIRST_DAY <= day <= LAST_DAY:
        errors["on"] = "Give a day in a year between 1970 and 2100."
        return today
    return day


def offering_at(offering_id: int) -> Offering | None:
    """An offering with its learning session and journey."""
    return enrolments.offering(offering_id)


@bp.get("/offerings/<int:offering_id>/run-sheet")
@requires(Permission.PARTICIPANTS_SEE, of=offering_at)
def run_sheet(offering: Offering) -> ResponseReturnValue:
    """Everything whoever leads the sitting needs on one sheet, on a screen or on paper."""
    learning_session = offering.learning_session
    whole = next(one for one in learning_sessions.offerings(learning_session.id) if one.id == offering.id)
    agendas = learning_sessions.agenda(learning_session.id)
    coming = enrolments.confirmed_names([offering.id]).get(offering.id, [])
    waiting = enrolments.waiting_counts(learning_session.id)
    return render_template(
        "scheduling/run_sheet.html",
        offering=whole,
        learning_session=learning_session,
        journey=learning_session.journey,
        sheet=run_sheet_of(whole, agendas.get(offering.id, []), coming, reader(), clock.now()),
        waiting=sum(count for (number, _), count in waiting.items() if number == offering.id),
    )
