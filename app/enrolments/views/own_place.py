"""How one's own place came about: the log of its decisions, in words."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.moments import Moment, moment
from app.domain.permissions import Permission
from app.domain.place_rules import Rule
from app.domain.seat_story import by_rule, standing, told
from app.enrolments import queries
from app.enrolments.blueprint import bp
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.models import Place
from app.enrolments.views.loading import place_at
from app.enrolments.views.places import place_shown
from app.web import clock
from app.web.access import requires
from app.web.reader import reader
from app.web.sittings import shown


@dataclass(frozen=True)
class Step:
    """A decision as its holder reads it."""

    at: Moment
    what: str
    rule: str
    before: str
    after: str
    note: str


@bp.get("/me/places/<int:place_id>/")
@requires(Permission.ACCOUNT, of=place_at)
def my_place(place: Place) -> ResponseReturnValue:
    offering = place.offering
    zone = reader().timezone or offering.timezone
    places = place_shown(place)
    return render_template(
        "enrolments/my_place.html",
        place=place,
        learning_session=offering.learning_session,
        journey=offering.learning_session.journey,
        times=shown(offering, reader(), clock.now()),
        places=places,
        steps=[_step(one, zone, places.rule) for one in queries.decisions_of(place.id)],
    )


def _step(one: PlaceDecision, zone: str, rule: Rule) -> Step:
    before, after = one.position_before, one.position_after
    if one.what is Decided.DRAWN:
        before = None  # the line had no order until then
    elif rule.draw_at is not None and one.decided_at < rule.draw_at:
        before = after = None
    return Step(
        moment(one.decided_at, zone),
        told(one.what, one.ground, one.status_before, one.status_after),
        by_rule(one.ground),
        standing(one.status_before, before),
        standing(one.status_after, after),
        one.note,
    )
