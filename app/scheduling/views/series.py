"""A series of sessions in one step: the form, the table of what it would make, and the making."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.enrolments import queries as enrolments
from app.facilitators import queries as facilitators
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions import queries as learning_sessions
from app.scheduling.answering import Answered
from app.scheduling.audience import audience_of
from app.scheduling.blueprint import bp
from app.scheduling.drafting import realised
from app.scheduling.forms.series import SeriesForm
from app.scheduling.forms.stored import zone_text
from app.scheduling.series import fingerprint, next_number, save_series, together, undated
from app.scheduling.series_clashes import things_on
from app.scheduling.series_table import Table, table_of
from app.scheduling.views.adding import is_beside_other_sessions
from app.scheduling.views.forming import told_of
from app.web import clock
from app.web.access import current_actor, requires

ANOTHER = "These dates are not those that the table showed before. Look at them, then save again."


@bp.route("/organise/journeys/<slug>/series", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def series(journey: Journey) -> ResponseReturnValue:
    """Shows every date before anything is saved, and saves exactly what was shown."""
    if request.method == "POST":
        lock(journey)
    form = SeriesForm(data={"zone": zone_text(journey.timezone), "number_from": next_number(journey.id)})
    form.know(learning_sessions.venues(), facilitators.everybody())
    form.know_undated(undated(journey.id), sum(enrolments.interest_counts(journey.id).values()))
    if not form.is_submitted():
        form.open_beside(learning_sessions.order_of(journey.id))
    if not form.is_submitted() or (form.add.data and form.is_genuine()):
        form.facilitators.grow()
    elif _is_sound(form) and form.save.data and (made := _saved(form, journey)):
        flash(_told(made, form.draft().new_names), "ok")
        return redirect(url_for("journeys.manage", slug=journey.slug, _anchor="sessions"), 303)
    form.shown.data = fingerprint(form.series)
    table = _table(form, journey) if form.settled else None
    return render_template("scheduling/series.html", form=form, journey=journey, table=table), form.status


def _is_sound(form: SeriesForm) -> bool:
    if form.use.data:
        form.rows.take_over(form.use.data)
    return bool(form.validate_on_submit())


def _saved(form: SeriesForm, journey: Journey) -> list[Answered]:
    """For each sitting made, who was answered; none when others were made meanwhile, when the table would be
    another, and when it is refused."""
    if is_beside_other_sessions(form, journey):
        return []
    if form.shown.data != fingerprint(form.series):
        form.form_errors = [*form.form_errors, ANOTHER]
        return []
    try:
        with db.begin_nested():
            return save_series(journey, form.series, realised(form.draft()), form.answer, clock.now())
    except DomainError as error:
        form.refuse(error)
        return []


def _table(form: SeriesForm, journey: Journey) -> Table:
    spans = {one.key: one.span for one in form.series}
    leaders = form.known_facilitator_ids
    clashing = things_on(spans, journey.id, form.zone.timezone, leaders, current_actor())
    return table_of(form.series, audience_of(journey.id, leaders), clashing, clock.now())


def _told(made: list[Answered], new_names: list[str]) -> str:
    count = "One session is" if len(made) == 1 else f"{len(made)} sessions are"
    return " ".join(filter(None, (f"{count} planned.", together(made).in_words))) + told_of(new_names)
