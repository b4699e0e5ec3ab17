"""A session on the desk: making it, changing its texts, seeing all of it, putting it in its place."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.enrolments import queries as enrolments
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions import operations, queries
from app.learning_sessions.change_log import log
from app.learning_sessions.models import LearningSession
from app.learning_sessions.views import learning_session_at
from app.scheduling import queries as scheduling
from app.scheduling.blueprint import bp
from app.scheduling.drafting import realised
from app.scheduling.forms.learning_session import (
    LearningSessionForm,
    NewLearningSessionForm,
    OrderForm,
    stored_texts,
)
from app.scheduling.forms.stored import zone_text
from app.scheduling.holding import hold_learning_session
from app.scheduling.operations import add_sitting
from app.scheduling.overview import desk_sittings
from app.scheduling.views.adding import is_beside_other_sessions
from app.scheduling.views.forming import everybody, know, panel_of, quiet_of, told_of
from app.web import clock
from app.web.access import requires
from app.web.reader import reader

SPARE_ITEMS = 3


@bp.route("/organise/journeys/<slug>/new-session", methods=["GET", "POST"])
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def new_learning_session(journey: Journey) -> ResponseReturnValue:
    """Adds a session at the end of the journey, with a date or without."""
    if request.method == "POST":
        lock(journey)
    form = NewLearningSessionForm(
        data={
            "zone": zone_text(journey.timezone),
            "language": journey.language,
            "text_direction": journey.text_direction,
        }
    )
    form.know_themes(journey.themes, journey.language)
    know(form, everybody())
    form.default_zone = journey.timezone
    if not form.is_submitted():
        form.spare_rows(items=SPARE_ITEMS)
        form.open_beside(queries.order_of(journey.id))
    elif form.asks:
        form.answer()
    elif form.validate() and not is_beside_other_sessions(form, journey):
        try:
            with db.begin_nested():
                made = _make(journey, form)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"“{made.title}” is planned.{told_of(form.new_names)}", "ok")
            return redirect(_overview_of(made), 303)
    page = render_template(
        "scheduling/new_learning_session.html",
        form=form,
        journey=journey,
        number=len(queries.order_of(journey.id)) + 1,
        quiet=quiet_of(form),
        panel=panel_of(form, journey, None),
    )
    return page, form.status


@bp.get("/organise/journeys/<slug>/sessions/<learning_session_slug>/")
@requires(Permission.LEARNING_SESSION_DESK, of=learning_session_at)
def overview(learning_session: LearningSession) -> ResponseReturnValue:
    offerings = queries.offerings(learning_session.id)
    rules = enrolments.rules_of([one.id for one in offerings])
    return render_template(
        "scheduling/overview.html",
        learning_session=learning_session,
        journey=learning_session.journey,
        neighbours=queries.neighbours(learning_session),
        themes=queries.theme_titles(learning_session.id),
        interested=enrolments.interest_counts(learning_session.journey_id).get(learning_session.id, 0),
        sittings=desk_sittings(
            offerings,
            queries.agenda(learning_session.id),
            enrolments.waiting_counts(learning_session.id),
            {number: stated.rule for number, stated in rules.items()},
            reader(),
            clock.now(),
        ),
        changes=log(scheduling.public_changes(learning_session.id), offerings, reader(), clock.now()),
        announcements=scheduling.announcements_in(
            learning_session.id, reader().timezone or learning_session.journey.timezone, clock.now()
        ),
    )


@bp.route("/organise/journeys/<slug>/sessions/<learning_session_slug>/edit", methods=["GET", "POST"])
@requires(Permission.LEARNING_SESSION_EDIT, of=learning_session_at)
def edit_learning_session(learning_session: LearningSession) -> ResponseReturnValue:
    """Shows how the text will look when asked to, and saves nothing then."""
    if request.method == "POST":
        hold_learning_session(learning_session)
    journey, stored = learning_session.journey, stored_texts(learning_session)
    form = LearningSessionForm.opened_on(stored)
    form.know_themes(journey.themes, learning_session.language)
    if form.preview.data:
        form.csrf_token.validate(form)
    elif form.validate_on_submit():
        try:
            form.refuse_if_changed(stored)
            with db.begin_nested():
                operations.revise_learning_session(learning_session, now=clock.now(), **form.about())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"“{learning_session.title}” is saved.", "ok")
            return redirect(_overview_of(learning_session), 303)
    page = render_template(
        "scheduling/edit_learning_session.html",
        form=form,
        learning_session=learning_session,
        journey=journey,
    )
    return page, form.status


@bp.post("/organise/journeys/<slug>/session-order")
@requires(Permission.JOURNEY_EDIT, of=journey_at)
def order(journey: Journey) -> ResponseReturnValue:
    """Moves one session a step up or down among its siblings."""
    form = OrderForm()
    if not form.validate_on_submit():
        abort(422)
    lock(journey)
    ids = list(queries.order_of(journey.id))
    moved = form.learning_session.data
    if moved not in ids:
        flash("That session is no longer in this journey; nothing was moved.", "warn")
        return redirect(url_for("journeys.manage", slug=journey.slug, _anchor="h-ses"), 303)
    place = ids.index(moved)
    other = place + (-1 if form.to.data == "up" else 1)
    if 0 <= other < len(ids):
        ids[place], ids[other] = ids[other], ids[place]
        operations.reorder(journey, ids, clock.now())
        flash(f"It is session {other + 1} now.", "ok")
    else:
        flash("It stands at the end of the list already.", "warn")
    return redirect(url_for("journeys.manage", slug=journey.slug, _anchor=f"session-{moved}"), 303)


def _make(journey: Journey, form: NewLearningSessionForm) -> LearningSession:
    now = clock.now()
    made = operations.create_learning_session(journey, now=now, **form.about())
    if form.is_dated:
        add_sitting(made, realised(form.draft()), now)
    return made


def _overview_of(learning_session: LearningSession) -> str:
    return url_for(
        "scheduling.overview",
        slug=learning_session.journey.slug,
        learning_session_slug=learning_session.slug,
    )
