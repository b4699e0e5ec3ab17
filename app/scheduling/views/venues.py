"""Correcting a venue on the desk."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.database import db
from app.domain.errors import DomainError, Refused
from app.domain.permissions import Permission, may
from app.learning_sessions.models import Offering
from app.scheduling.blueprint import bp
from app.scheduling.forms.venue import VenueForm, stored_venue
from app.scheduling.venues import VenueInUse, correct, in_use, lock_venue
from app.web import clock
from app.web.access import current_actor, requires
from app.web.reader import reader
from app.web.sittings import shown

NOT_YOURS = (
    "Sittings of journeys that you do not run are to meet here too, so only an administrator can change this "
    "venue. Ask one, or give your sitting a new venue."
)
LARGEST_ID = 2**31


def venue_at(venue_id: int) -> VenueInUse | None:
    """The venue of this number, with its sittings."""
    return in_use(venue_id, clock.now())


@bp.route("/organise/venues/<int:venue_id>/edit", methods=["GET", "POST"])
@requires(Permission.VENUE_DESK, of=venue_at)
def edit_venue(use: VenueInUse) -> ResponseReturnValue:
    """Whoever may not change it reads why."""
    venue = use.venue
    if request.method == "POST":
        lock_venue(venue)
    stored = stored_venue(venue)
    form = VenueForm.opened_on(stored)
    may_edit = may(current_actor(), Permission.VENUE_EDIT, use)
    if form.validate_on_submit():
        try:
            form.refuse_if_changed(stored)
            if not may_edit:
                raise Refused(NOT_YOURS)
            with db.begin_nested():
                told = correct(use, form.facts(venue), clock.now(), by=db.get(User, current_user.id))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(f"“{venue.name}” is saved.{_told(told)}", "ok")
            return redirect(_back(use), 303)
    return _page(form, use, may_edit), form.status


def _page(form: VenueForm, use: VenueInUse, may_edit: bool) -> str:
    now, who = clock.now(), reader()
    mine = [one for one in use.coming if _may_open(one)]
    return render_template(
        "scheduling/venue.html",
        form=form,
        venue=use.venue,
        why_not="" if may_edit else NOT_YOURS,
        sittings=[(one, shown(one, who, now)) for one in mine],
        others=len(use.coming) - len(mine),
        back=_back(use),
    )


def _told(count: int) -> str:
    if not count:
        return ""
    return f" {count} coming {'sitting says' if count == 1 else 'sittings say'} so in the list of changes."


def _may_open(offering: Offering) -> bool:
    return may(current_actor(), Permission.LEARNING_SESSION_DESK, offering.learning_session)


def _back(use: VenueInUse) -> str:
    """The sitting this page was opened from, else the next one there."""
    for one in (*_opened_from(use), *use.coming):
        if _may_open(one):
            return url_for(
                "scheduling.overview",
                slug=one.learning_session.journey.slug,
                learning_session_slug=one.learning_session.slug,
                _anchor=f"sitting-{one.id}",
            )
    return "/organise/"


def _opened_from(use: VenueInUse) -> list[Offering]:
    """The sitting the address names, if it meets there."""
    number = request.args.get("sitting", 0, int)
    wanted = db.get(Offering, number) if 0 < number < LARGEST_ID else None
    return [wanted] if wanted is not None and wanted.venue_id == use.venue.id else []
