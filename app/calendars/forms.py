"""The forms of the pages on which calendar addresses are kept."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.calendars.models import MOST_MINUTES_BEFORE, Feed
from app.web.forms import ActionForm, BaseForm
from app.web.number_field import NumberField

NEVER, OTHER = "never", "other"
USUAL = {10: "10 minutes before", 30: "30 minutes before", 60: "An hour before", 1440: "A day before"}


class MakeAddressForm(ActionForm):
    """Make a private calendar address."""


class RenewAddressForm(ActionForm):
    """Replace a private calendar address by a new one."""


class RemoveAddressForm(ActionForm):
    """Do away with a private calendar address."""


class PreferencesForm(BaseForm):
    """What a feed tells. `of` fills it; `alarm_minutes` is what a sound form says of reminders."""

    shows_waiting = BooleanField("Places I wait for, have asked for or am offered, as tentative")
    shows_cancelled = BooleanField("Cancelled sessions, marked as cancelled")
    reminder = RadioField(
        "Remind me",
        choices=[
            SelectChoice(NEVER, "Not at all"),
            *(SelectChoice(str(minutes), text) for minutes, text in USUAL.items()),
            SelectChoice(OTHER, "Another number of minutes before"),
        ],
        default=NEVER,
        invalid_choice_message="Choose one of these.",
    )
    minutes = NumberField(
        "Minutes before the start",
        [Optional()],
        description=f"0 to {MOST_MINUTES_BEFORE:,}, which is a week.",
    )

    _saved: int | None = None
    """What stood in the field before: beside another choice it is of no account."""

    def __init__(self, prefix: str, **options: Any) -> None:
        """`prefix` sets the elements apart where a page has several of these; the names stay."""
        super().__init__(**options)
        for one in self:
            one.id = f"{prefix}-{one.id}"
            one.label.field_id = one.id

    @classmethod
    def of(cls, feed: Feed, prefix: str) -> "PreferencesForm":
        """The form, saying what is so now until something was sent."""
        minutes = feed.alarm_minutes
        is_usual = minutes is None or minutes in USUAL
        said = {
            "shows_waiting": feed.shows_waiting,
            "shows_cancelled": feed.shows_cancelled,
            "reminder": NEVER if minutes is None else str(minutes) if is_usual else OTHER,
            "minutes": None if is_usual else minutes,
        }
        made = cls(prefix, data=said)
        made._saved = minutes
        return made

    @property
    def alarm_minutes(self) -> int | None:
        """None: no reminder."""
        if self.reminder.data == OTHER:
            return self.minutes.data
        return None if self.reminder.data == NEVER else int(self.reminder.data)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.minutes.errors or self.reminder.errors:
            return False
        if complaint := self._complaint():
            self.minutes.errors = [*self.minutes.errors, complaint]
            return False
        return sound

    def _complaint(self) -> str:
        typed = self.minutes.data
        if self.reminder.data != OTHER:
            is_old = typed is None or typed == self._saved
            return "" if is_old else "Choose “Another number of minutes before”, or empty this."
        if typed is None:
            return "Give a number of minutes, such as 45."
        in_range = 0 <= typed <= MOST_MINUTES_BEFORE
        return "" if in_range else f"Give a number from 0 to {MOST_MINUTES_BEFORE:,}."
