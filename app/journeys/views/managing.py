"""The hub of a journey on the desk: where it stands, what it lacks, and the way to every screen of it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.domain.zone_names import city
from app.enrolments import queries as enrolments
from app.journeys import queries
from app.journeys.blueprint import bp
from app.journeys.life import NEXT
from app.journeys.models import Journey
from app.journeys.page import period, timeline
from app.journeys.views.checklist import matter_of, missing_in
from app.journeys.views.loading import journey_at
from app.web import clock
from app.web.access import requires
from app.web.reader import reader

PARTS = {
    "outcomes": "Outcomes",
    "themes": "Themes",
    "activities": "Activities besides the sessions",
    "contacts": "Key contacts",
    "partners": "Partners",
    "publications": "Publications",
    "country-groups": "Country groups",
    "question-headings": "Question headings",
    "expected-zones": "Expected time zones",
}


@bp.get("/organise/journeys/<slug>/")
@requires(Permission.JOURNEY_DESK, of=journey_at)
def manage(journey: Journey) -> ResponseReturnValue:
    matter = matter_of(journey)
    return render_template(
        "journeys/manage.html",
        journey=journey,
        next_steps=NEXT[journey.status],
        missing=missing_in(journey, matter),
        items=timeline(matter.rows, reader(), clock.now(), {}, {}),
        parts=_parts(journey),
        organisers=queries.organisers(journey.id),
        attended=enrolments.attendance_of(journey.id),
        people=enrolments.counts_of_people(journey.id),
        period=period(journey),
        zone_place=city(journey.timezone),
    )


def _parts(journey: Journey) -> list[tuple[str, str, int]]:
    """(name in the address, what it is called, how many there are)"""
    return [(name, PARTS[name], count) for name, count in queries.part_counts(journey.id).items()]
