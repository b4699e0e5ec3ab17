"""My learning: what is next, in the reader's own time."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import queries as calendars
from app.domain.permissions import Permission
from app.domain.seats import PlaceStatus
from app.domain.timezones import city
from app.enrolments import queries, rooms
from app.enrolments.blueprint import bp
from app.enrolments.learning import arrange, led
from app.enrolments.models import Interest, Place
from app.learning_sessions.place_panel import PlaceFacts, in_balance
from app.scheduling import queries as scheduling
from app.toolkits import queries as toolkits
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader


@bp.get("/me/")
@requires(Permission.ACCOUNT)
def my_learning() -> ResponseReturnValue:
    participant_id = current_actor().participant_id
    now = clock.now()
    rows = queries.learning_of(participant_id) if participant_id is not None else []
    leading = queries.leading(current_user.id, now)
    moves = scheduling.moved_of({one.offering_id for one in rows} | {one.id for one in leading}, now)
    instead = scheduling.instead_of(_lost(rows, now), participant_id, now)
    learning = arrange(rows, _facts(rows, now), reader(), now, moves, instead)
    journeys = queries.journeys_of(participant_id) if participant_id is not None else []
    numbers = [one.id for one in journeys]
    return render_template(
        "enrolments/my_learning.html",
        learning=learning,
        journeys=journeys,
        requests=queries.not_let_in(participant_id) if participant_id is not None else [],
        progress=queries.progress_of(participant_id, numbers, now) if participant_id is not None else {},
        toolkits=toolkits.of_journeys(numbers),
        feed=calendars.feed_of(current_user.id),
        leading=[led(one, reader(), now, moves) for one in leading],
        interests=_interests(participant_id) if participant_id is not None else [],
        has_profile=participant_id is not None,
    )


def _facts(places: Sequence[Place], now: datetime) -> PlaceFacts:
    """Lines, rules and shares of what is still to come; the shares only where somebody waits in a balance."""
    coming = [one for one in places if not rooms.is_over(one.offering, now)]
    rules = queries.rules_of({one.offering_id for one in coming})
    waited_for = [one for one in coming if one.status is PlaceStatus.WAITING]
    balanced = in_balance([one.offering for one in waited_for], rules, now)
    journeys = {one.offering_id: one.offering.learning_session.journey_id for one in waited_for}
    shares = (
        queries.shares_of(
            places[0].participant_id,
            {number: (journeys[number], balance) for number, balance in balanced.items()},
        )
        if balanced
        else {}
    )
    return PlaceFacts(queries.lines_of(coming), {}, {}, rules, shares, takes_places=True)


def _interests(participant_id: int) -> list[tuple[Interest, str]]:
    """Each with when they can; hours are told with the place whose clock they are of."""
    found = [(one, queries.availability_of(one)) for one in queries.interests_of(participant_id)]
    where = f" {city(reader().timezone or 'Etc/UTC')}"
    return [(one, f"{can.in_words}{where if can.hours else ''}") for one, can in found]


def _lost(places: Sequence[Place], now: datetime) -> dict[int, int]:
    """Learning session id → journey id of those who lose a coming sitting by its cancellation."""
    return {
        one.learning_session_id: one.offering.learning_session.journey_id
        for one in places
        if one.offering.is_cancelled and not rooms.is_over(one.offering, now)
    }
