"""The pages of journeys, and the organisers' desk."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError
from app.domain.permissions import Permission, may
from app.domain.timezones import local
from app.enrolments import queries as enrolments
from app.journeys import operations, queries
from app.journeys.forms import STEPS, StatusForm
from app.journeys.furniture import furniture
from app.journeys.models import Journey, JourneyStatus
from app.journeys.page import by_theme, line_of_months, parallel_days, period, timeline
from app.learning_sessions import queries as learning_sessions
from app.toolkits import queries as toolkits
from app.web import clock
from app.web.access import current_actor, requires
from app.web.errors import Moved
from app.web.reader import reader
from app.web.sittings import backgrounds

bp = Blueprint("journeys", __name__)

NEXT_STEP = {
    JourneyStatus.DRAFT: ("publish",),
    JourneyStatus.PUBLISHED: ("open", "close"),
    JourneyStatus.OPEN: ("close",),
    JourneyStatus.CLOSED: ("open", "archive"),
    JourneyStatus.ARCHIVED: (),
}


def journey_at(slug: str) -> Journey | None:
    """The journey at an address; raises Moved for an address it had before."""
    found = queries.journey(slug)
    if found is None and (new := queries.new_slug(slug)) is not None:
        raise Moved(url_for(request.endpoint or "journeys.show", slug=new))
    return found


@bp.get("/journeys/<slug>/")
@requires(Permission.JOURNEY_SEE, of=journey_at)
def show(journey: Journey) -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    rows = learning_sessions.sittings(journey.id)
    lists = furniture(journey.id)
    places = _own_places(rows)
    titles = {line.id: line.a for line in lists.themes}
    themes = learning_sessions.themes_of(journey.id) if titles else {}
    named = {key: tuple(titles[one] for one in ids) for key, ids in themes.items()}
    items = timeline(rows, reader(), now, places, named)
    return render_template(
        "journeys/show.html",
        journey=journey,
        lists=lists,
        items=items,
        by_theme=by_theme(items, themes),
        months=line_of_months(rows),
        parallel=parallel_days(items, rows, list(titles.values())),
        minis=backgrounds(sitting.shown for item in items for sitting in item.sittings),
        activities=queries.activities(journey.id),
        publications=queries.publications(journey.id),
        children=queries.children(journey.id, actor),
        facilitators=learning_sessions.facilitators_of(journey.id) if rows else [],
        toolkits=toolkits.of_journey(journey.id),
        attended=enrolments.attendance_of(journey.id),
        period=period(journey),
        is_enrolled=journey.id in actor.enrolled_in,
        next_steps=NEXT_STEP[journey.status] if may(actor, Permission.JOURNEY_RUN, journey) else (),
        steps=STEPS,
    )


def _own_places(rows: Any) -> dict[int, enrolments.OwnPlace]:
    participant_id = current_actor().participant_id
    if participant_id is None or not rows:
        return {}
    return enrolments.own_places(participant_id, sorted({row.learning_session_id for row in rows}))


@bp.get("/organise/")
@requires(Permission.DESK_SEE)
def desk() -> ResponseReturnValue:
    journeys = queries.organised_by(current_actor())
    counts = enrolments.counts_by_journey([one.id for one in journeys])
    return render_template(
        "journeys/desk.html",
        journeys=journeys,
        counts=counts,
        next_step=NEXT_STEP,
        steps=STEPS,
        form=StatusForm(),
    )


@bp.route("/organise/journeys/<slug>/status", methods=["GET", "POST"])
@requires(Permission.JOURNEY_RUN, of=journey_at)
def change_status(journey: Journey) -> ResponseReturnValue:
    """Says what the step means, then takes it."""
    form = StatusForm(request.form if request.method == "POST" else request.args)
    if form.validate_on_submit():
        try:
            _take_step(journey, form.step.data, form.note.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"“{journey.title}” is {journey.status.value} now.", "ok")
            return redirect(url_for("journeys.desk"), 303)
    if form.step.data not in STEPS:
        if form.is_submitted():
            abort(422)
        return redirect(url_for("journeys.desk"), 303)
    page = render_template(
        "journeys/status.html", journey=journey, form=form, step=form.step.data, steps=STEPS
    )
    return page, 422 if form.is_submitted() else 200


def _take_step(journey: Journey, step: str, note: str) -> None:
    now = clock.now()
    if step == "close":
        operations.close(journey, note, local(now, journey.timezone).date(), now)
    else:
        take = {"publish": operations.publish, "open": operations.open_journey, "archive": operations.archive}
        take[step](journey, now)
