"""The page on which a person's private calendar addresses are kept."""

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import operations, queries
from app.calendars.blueprint import bp
from app.calendars.forms import MakeAddressForm, RenewAddressForm
from app.calendars.models import Feed
from app.calendars.views.answers import settings, unkept
from app.domain.permissions import Permission
from app.web.access import requires
from app.web.clock import now


@bp.route("/me/calendar", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def mine() -> ResponseReturnValue:
    """The reader's private address; sending the form makes one."""
    form = MakeAddressForm()
    if form.validate_on_submit():
        operations.make_feed(current_user.id, settings(), now())
        flash("Your private calendar address is made.", "ok")
        return unkept(redirect(url_for("calendars.mine"), 303))
    page = _page("calendars/mine.html", form, queries.feed_of(current_user.id))
    return unkept(page, 422 if form.is_submitted() else 200)


@bp.route("/me/calendar/reset", methods=["GET", "POST"])
@requires(Permission.ACCOUNT)
def reset() -> ResponseReturnValue:
    """Ask once more, then replace the address; the old one stops working at once."""
    form = RenewAddressForm()
    if form.validate_on_submit():
        feed = operations.make_feed(current_user.id, settings(), now())
        operations.renew(feed, settings(), now())
        flash("You have a new address. The old one has stopped working.", "ok")
        return unkept(redirect(url_for("calendars.mine"), 303))
    held = queries.feed_of(current_user.id)
    if held is None:
        return unkept(redirect(url_for("calendars.mine"), 303))
    return unkept(_page("calendars/reset.html", form, held), 422 if form.is_submitted() else 200)


def _page(template: str, form: MakeAddressForm | RenewAddressForm, held: Feed | None) -> str:
    address = queries.feed_address(held, settings()) if held else None
    return render_template(
        template,
        form=form,
        feed=held,
        address=address,
        webcal=f"webcal://{address.partition('://')[2]}" if address else None,
        is_loopback=settings().is_loopback,
        tombstone_days=queries.TOMBSTONE_DAYS,
        host=urlsplit(settings().site_url).netloc,
    )
