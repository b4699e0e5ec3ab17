"""What was added while a form was open that adds another: it is shown before anything is saved."""

from flask import url_for

from app.domain.dates import day_range, short_day
from app.domain.zone_names import city
from app.journeys.models import Journey
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling.forms.adding import Added, AddingFields
from app.scheduling.series import of_journey


def is_beside_other_sittings(form: AddingFields, learning_session: LearningSession) -> bool:
    """Whether sittings were added to the session since the form was opened, which the form then says.

    The session must be locked.
    """
    overview = _overview_of(learning_session)
    offerings = {one.id: one for one in learning_session.offerings}
    form.added = [
        Added(_when(offerings[one]), f"{overview}#sitting-{one}") for one in sorted(form.added_to(offerings))
    ]
    return bool(form.added)


def is_beside_other_sessions(form: AddingFields, journey: Journey) -> bool:
    """Whether sessions were added to the journey since the form was opened. The journey must be locked."""
    new = form.added_to(learning_sessions.order_of(journey.id))
    if new:
        form.added = [Added(one.title, _overview_of(one)) for one in of_journey(journey.id) if one.id in new]
    return bool(form.added)


def _overview_of(learning_session: LearningSession) -> str:
    return url_for(
        "scheduling.overview",
        slug=learning_session.journey.slug,
        learning_session_slug=learning_session.slug,
    )


def _when(offering: Offering) -> str:
    """`Wed 12 May 2027, 13:00 in London`."""
    place = city(offering.timezone)
    if offering.starts_wall is not None:
        wall = offering.starts_wall
        return f"{short_day(wall.date(), year=True)}, {wall:%H:%M} in {place}"
    assert offering.first_on is not None  # noqa: S101  # the schema has it: a promise or days
    return f"{day_range(offering.first_on, offering.last_on or offering.first_on)} in {place}"
