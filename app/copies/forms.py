"""The form that copies a journey: its name, its first day, and what becomes of each date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length, Optional

from app.accounts.forms import one_line
from app.copies.moving import When, days_in, days_to_move, first_day, moved
from app.copies.operations import CopyPlan, when_of
from app.domain.errors import DomainError
from app.domain.recurrence import occurrence
from app.domain.slugs import LONGEST as LONGEST_SLUG
from app.domain.timezones import Promise
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling.forms.date_rows import DateRows, Settled
from app.web.day_fields import FIRST_YEAR, LAST_YEAR, DayField
from app.web.wall_fields import IfSaid, WallForm

LONGEST_TITLE = 200
SHORT = 80
MOST_SITTINGS = 1000


@dataclass(frozen=True)
class Copied:
    """One sitting of the source with its place in the copy."""

    offering: Offering
    before: When
    after: When | None
    """None: it is left out, or waits for an answer."""
    settled: Settled | None
    """Its row; None for one that is known by its days, which need no answer."""

    @property
    def moves_weekday(self) -> bool:
        if self.after is None:
            return False
        old, new = (_first(one).weekday() for one in (self.before, self.after))
        return old != new


class CopyForm(WallForm):
    """`copied` are the sittings with their rows once a first day is known; `plan` is what would be made."""

    first_on_page = ("title", "short_title", "slug", "starts_on", "keep_weekdays", "cancelled")

    title = StringField(
        "Title", [Length(max=LONGEST_TITLE, message=f"Use at most {LONGEST_TITLE} characters."), one_line]
    )
    short_title = StringField(
        "Short title",
        [Optional(), Length(max=SHORT, message=f"Use at most {SHORT} characters."), one_line],
        description="How lists and the way back call it.",
    )
    slug = StringField(
        "Address",
        [Optional(), Length(max=LONGEST_SLUG, message=f"Use at most {LONGEST_SLUG} characters.")],
        description="Small letters, figures and hyphens; made from the title when you leave it empty.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    starts_on = DayField("First day of the copy", [IfSaid()])
    keep_weekdays = BooleanField("Keep the weekdays", default=True)
    cancelled = BooleanField("Plan cancelled sittings too, as if they had not been cancelled")
    rows = DateRows("Dates", most=MOST_SITTINGS)
    shown = HiddenField()
    """The fingerprint of the dates that were shown: no others are copied."""
    show = HiddenField()
    save = HiddenField()
    use = HiddenField()

    def know(self, journey: Journey, learning_sessions: Sequence[LearningSession]) -> None:
        """What is copied."""
        self.offerings = [one for each in learning_sessions for one in each.offerings]
        self.has_cancelled = any(one.is_cancelled for one in self.offerings)
        self.journey_days = [day for day in (journey.starts_on, journey.ends_on) if day is not None]
        self.starts_with = first_day((when_of(one) for one in self._wanted()), journey.starts_on)
        self.days = 0
        self.copied: list[Copied] = []

    def _wanted(self) -> list[Offering]:
        return [one for one in self.offerings if self.cancelled.data or not one.is_cancelled]

    @property
    def status(self) -> int:
        return 422 if self.complaints else 200

    @property
    def is_answered(self) -> bool:
        """Whether every sitting is either dated or left out."""
        return all(one.after or (one.settled and one.settled.is_left_out) for one in self.copied)

    def validate(self, extra_validators: Any = None) -> bool:
        if self.use.data:
            self.rows.take_over(self.use.data)
        super().validate(extra_validators)
        if not (self.title.data or "").strip() and not self.title.errors:
            self.wrong(self.title, "Give the copy a title.")
        if self.starts_with is not None and not self.starts_on.errors:
            try:
                self._find_dates(self.starts_with)
            except DomainError as error:
                self.wrong(self.starts_on, str(error))
        return not self.complaints

    def plan(self) -> CopyPlan:
        """The copy as a sound form describes it."""
        return CopyPlan(
            title=self.title.data or "",
            short_title=" ".join((self.short_title.data or "").split()),
            slug=self.slug.data or None,
            days=self.days,
            sittings={one.offering.id: one.after for one in self.copied if one.after is not None},
        )

    def fingerprint(self) -> str:
        """A short sum of all dates of the copy."""
        said = sorted((number, str(when)) for number, when in self.plan().sittings.items())
        return sha256(repr(said).encode()).hexdigest()[:24]

    def _find_dates(self, first: date) -> None:
        to = self.starts_on.data
        if to is None:
            raise DomainError("Give the day on which the copy begins.")
        self.days = days_to_move(first, to, keep_weekdays=bool(self.keep_weekdays.data))
        self._check_years()
        timed: list[tuple[Offering, Promise]] = []
        for one in self._wanted():
            after = moved(when_of(one), self.days)
            if isinstance(after, Promise):
                timed.append((one, after))
        settled = self.rows.settle(
            (f"{one.id} {self.days}", occurrence(after.starts_wall, after.timezone)) for one, after in timed
        )
        rows = {one.id: row for (one, _), row in zip(timed, settled, strict=True)}
        self.copied = [self._copied(one, rows.get(one.id)) for one in self._wanted()]

    def _check_years(self) -> None:
        """Refuses to move a day to where no form takes it."""
        known = [*self.journey_days, *(day for one in self._wanted() for day in days_in(when_of(one)))]
        for day in (one + timedelta(days=self.days) for one in (min(known), max(known))):
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise DomainError(
                    f"Then a day of the copy would be in {day.year}. Choose a first day with which all are "
                    f"between {FIRST_YEAR} and {LAST_YEAR}."
                )

    def _copied(self, one: Offering, row: Settled | None) -> Copied:
        before = when_of(one)
        if row is None:
            return Copied(one, before, moved(before, self.days), None)
        after = None
        if row.held is not None and isinstance(before, Promise):
            after = replace(before, starts_wall=row.held.wall, fold=row.held.fold)
        return Copied(one, before, after, row)


def _first(when: When) -> date:
    return when.starts_wall.date() if isinstance(when, Promise) else when.first_on
