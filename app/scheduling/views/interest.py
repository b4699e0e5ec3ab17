"""Who would come to a session without a date, for its organisers."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.enrolments import queries as enrolments
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import LearningSession
from app.learning_sessions.views import learning_session_at
from app.scheduling.blueprint import bp
from app.scheduling.interest_list import interest_list
from app.web import clock
from app.web.access import requires


@bp.get("/organise/journeys/<slug>/sessions/<learning_session_slug>/interest")
@requires(Permission.LEARNING_SESSION_DESK, of=learning_session_at)
def interest(learning_session: LearningSession) -> ResponseReturnValue:
    """Names, zones and when they can: what an organiser looks for a date with."""
    interests = enrolments.interested(learning_session.id, also_answered=True)
    return render_template(
        "scheduling/interest.html",
        learning_session=learning_session,
        journey=learning_session.journey,
        found=interest_list(interests, clock.now()),
        neighbours=learning_sessions.neighbours(learning_session),
    )
