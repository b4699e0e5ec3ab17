"""The page of a journey."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission, may
from app.domain.seats import PlaceStatus
from app.enrolments import queries as enrolments
from app.journeys import queries
from app.journeys.blueprint import bp
from app.journeys.furniture import furniture
from app.journeys.life import NEXT
from app.journeys.models import Journey
from app.journeys.page import by_theme, line_of_months, parallel_days, period, timeline
from app.journeys.views.loading import journey_at
from app.learning_sessions import queries as learning_sessions
from app.scheduling import queries as scheduling
from app.toolkits import queries as toolkits
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader
from app.web.sittings import backgrounds


@bp.get("/journeys/<slug>/")
@requires(Permission.JOURNEY_SEE, of=journey_at)
def show(journey: Journey) -> ResponseReturnValue:
    return page_of(journey)


def page_of(journey: Journey, preview: Any = None) -> str:
    """The page for whoever asks. With `preview` (views.previewing) it says for whom it is shown."""
    actor, now = current_actor(), clock.now()
    rows = learning_sessions.sittings(journey.id)
    lists = furniture(journey.id)
    places = _own_places(rows)
    titles = {line.id: line.a for line in lists.themes}
    themes = learning_sessions.themes_of(journey.id) if titles else {}
    named = {key: tuple(titles[one] for one in ids) for key, ids in themes.items()}
    moves = scheduling.moved_in_journey(journey.id, now) if rows else {}
    items = timeline(rows, reader(), now, places, named, moves)
    attended = enrolments.attendance_of(journey.id)
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
        attended=attended,
        joining=enrolments.joining(journey.id, actor.participant_id, attended.people, reader().timezone, now),
        period=period(journey),
        is_enrolled=journey.id in actor.enrolled_in,
        next_steps=NEXT[journey.status] if may(actor, Permission.JOURNEY_RUN, journey) else (),
        preview=preview,
    )


def _own_places(rows: Any) -> dict[int, enrolments.OwnPlace]:
    participant_id = current_actor().participant_id
    if participant_id is None or not rows:
        return {}
    numbers = sorted({row.learning_session_id for row in rows})
    return enrolments.own_places(participant_id, numbers, PlaceStatus.DECLINED)
