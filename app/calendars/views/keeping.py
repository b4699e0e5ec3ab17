"""Making, choosing, replacing and removing the address of a feed: the same for every kind.

Nothing here is kept by a cache: the pages show, or lead to, a secret address.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user

from app.calendars import operations, queries
from app.calendars.forms import MakeAddressForm, PreferencesForm, RemoveAddressForm, RenewAddressForm
from app.calendars.models import Feed, FeedKind
from app.calendars.rows import TOMBSTONE_DAYS
from app.calendars.subscribing import Subscription, subscription
from app.calendars.views.answers import settings, unkept
from app.journeys.models import Journey
from app.web.clock import now
from app.web.forms import BaseForm

HEADINGS = {FeedKind.PERSONAL: "What I hold and wait for", FeedKind.LEADING: "What I lead"}


@dataclass(frozen=True)
class Kept:
    """A feed that the reader may have, made or not."""

    kind: FeedKind
    feed: Feed | None
    form: PreferencesForm | None
    """What it tells; None until there is one."""
    journey: Journey | None = None
    refused: BaseForm | None = None
    """The form that was sent and is shown again."""

    @property
    def name(self) -> str:
        """A plain word: what its elements on a page begin with."""
        return self.kind.value

    @property
    def heading(self) -> str:
        return self.journey.name if self.journey else HEADINGS[self.kind]

    @property
    def link(self) -> Subscription | None:
        """None when there is no address, or one that the change of the site's key has ended."""
        address = queries.feed_address(self.feed, settings()) if self.feed else None
        return subscription(address, settings()) if address else None

    @property
    def told(self) -> str:
        """What it tells besides the coming sittings, in words; nothing until there is one."""
        if self.feed is None:
            return ""
        is_own, minutes = self.kind is FeedKind.PERSONAL, self.feed.alarm_minutes
        with_waiting = (
            "places you wait for as tentative" if self.feed.shows_waiting else "no places you wait for"
        )
        cancelled = f"{'' if self.feed.shows_cancelled else 'no '}cancelled sessions"
        reminder = "no reminder" if minutes is None else f"a reminder {before(minutes)}"
        return "; ".join([*([with_waiting] if is_own else []), cancelled, reminder]).capitalize() + "."

    @property
    def page(self) -> str:
        """The page that shows it."""
        return (
            url_for("calendars.desk", slug=self.journey.slug) if self.journey else url_for("calendars.mine")
        )

    def to(self, step: str) -> str:
        """Where one of its forms goes: `make`, `choose`, `reset` or `remove`."""
        if self.journey is not None:
            return url_for("calendars.desk" + ("" if step == "make" else f"_{step}"), slug=self.journey.slug)
        if self.kind is FeedKind.LEADING:
            return url_for(f"calendars.{step}", kind="leading")
        return url_for("calendars.mine" if step == "make" else f"calendars.{step}")


def before(minutes: int) -> str:
    """`10 minutes before`, `an hour before`, `at the start`."""
    for size, one, many in ((1440, "a day", "days"), (60, "an hour", "hours"), (1, "a minute", "minutes")):
        if minutes and minutes % size == 0:
            count = minutes // size
            return f"{one if count == 1 else f'{count:,} {many}'} before"
    return "at the start"


Page = Callable[[Kept], str]
"""The page that shows a feed, given that feed."""


def kept(kind: FeedKind, journey: Journey | None = None) -> Kept:
    """The reader's feed of this kind."""
    found = queries.feed_of(current_user.id, kind, journey.id if journey else None)
    return Kept(kind, found, PreferencesForm.of(found, kind.value) if found else None, journey)


def make(one: Kept, page: Page) -> Response:
    """Make the address, when asked to by a form."""
    form = MakeAddressForm()
    if not form.validate_on_submit():
        return unkept(page(replace(one, refused=form)), 422)
    operations.make_feed(
        current_user.id, settings(), now(), one.kind, one.journey.id if one.journey else None
    )
    flash("Your private calendar address has been made.", "ok")
    return _back(one)


def choose(one: Kept, page: Page) -> Response:
    """Keep what the form says the feed shall tell."""
    form = one.form
    if form is None or one.feed is None:
        return _back(one)
    if not form.validate_on_submit():
        return unkept(page(replace(one, refused=form)), 422) if form.is_submitted() else _back(one)
    operations.prefer(
        one.feed,
        shows_waiting=form.shows_waiting.data if one.kind is FeedKind.PERSONAL else one.feed.shows_waiting,
        shows_cancelled=form.shows_cancelled.data,
        alarm_minutes=form.alarm_minutes,
    )
    flash("Saved. Your calendar program shows it the next time it looks for changes.", "ok")
    return _back(one)


def reset(one: Kept) -> Response:
    """Ask once more, then replace the address; the old one stops working at once."""
    form = RenewAddressForm()
    if one.feed is None:
        return _back(one)
    if form.validate_on_submit():
        operations.renew(one.feed, settings(), now())
        flash("You have a new address. The old one has stopped working.", "ok")
        return _back(one)
    return unkept(shown("calendars/reset.html", one=one, form=form), form.status)


def remove(one: Kept) -> Response:
    """Ask once more, then do away with the address and what it was told to tell."""
    form = RemoveAddressForm()
    if one.feed is None:
        return _back(one)
    if form.validate_on_submit():
        operations.remove(one.feed)
        flash("The address is removed. Calendars that follow it get nothing more.", "ok")
        return _back(one)
    return unkept(shown("calendars/remove.html", one=one, form=form), form.status)


def shown(template: str, **values: object) -> str:
    """A page about calendar addresses."""
    return render_template(template, tombstone_days=TOMBSTONE_DAYS, **values)


def _back(one: Kept) -> Response:
    return unkept(redirect(one.page, 303))
