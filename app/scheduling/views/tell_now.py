"""Telling people of changes at once, without waiting for more of them."""

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.learning_sessions.models import Offering
from app.scheduling.announcing import tell_now
from app.scheduling.blueprint import bp
from app.scheduling.holding import hold
from app.scheduling.views.changing import address_of, offering_at
from app.web import clock
from app.web.access import requires
from app.web.forms import ActionForm


@bp.post("/organise/offerings/<int:offering_id>/tell-now")
@requires(Permission.OFFERING_EDIT, of=offering_at)
def tell(offering: Offering) -> ResponseReturnValue:
    """Lets what waits be told at once; the worker writes the messages."""
    if not ActionForm().validate_on_submit():
        abort(422)
    hold(offering)
    if tell_now(offering, clock.now()):
        flash("People are told now.", "ok")
    else:
        flash("Nothing waits to be told; it was told already.", "warn")
    return redirect(address_of(offering), 303)
