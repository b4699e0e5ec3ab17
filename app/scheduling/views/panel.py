"""The panel beside a form that chooses a time, alone: what its script asks for when the time changes."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.enrolments import queries as enrolments
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling.blueprint import bp
from app.scheduling.forms.sitting import SittingForm
from app.scheduling.forms.when import UNDATED
from app.scheduling.views.forming import everybody, panel_of, quiet_of
from app.web.access import requires

WITHOUT_DATE = "Without a date people can say that they would come, and when they can."


@bp.get("/organise/journeys/<slug>/panel")
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def panel(journey: Journey) -> ResponseReturnValue:
    """The panel for fields of the sitting form in the query; what is incomplete is no error here.

    `learning_session` is the address of the session that is planned, `offering` the number of the sitting
    that is changed.
    """
    learning_session = learning_sessions.learning_session(
        journey.slug, request.args.get("learning_session", "")
    )
    offering = _offering_of(learning_session)
    form = SittingForm(request.args, meta={"csrf": False})
    form.know_facilitators(everybody())
    if offering is not None and form.keep.data:
        form.hold(offering)  # while that is not answered, the panel is about the time as it is typed
    form.look_at_time()
    number = offering.id if offering else None
    return render_template(
        "scheduling/_panel.html",
        panel=panel_of(form, journey, learning_session, except_offering_id=number),
        quiet=WITHOUT_DATE if form.dating.data == UNDATED else quiet_of(form),
        journey=journey,
        learning_session=learning_session,
        offering=offering,
        fragment=True,
    )


def _offering_of(learning_session: LearningSession | None) -> Offering | None:
    text = request.args.get("offering", "")
    if learning_session is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    found = enrolments.offering(int(text))
    return found if found is not None and found.learning_session_id == learning_session.id else None
