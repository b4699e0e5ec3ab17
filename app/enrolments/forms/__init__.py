"""Forms about places, and about interest in sessions without a date."""

from datetime import time
from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.domain.attendance import Attendance, Way
from app.domain.availability import DAY_MINUTES, Availability
from app.enrolments.interest import LONGEST_NOTE
from app.enrolments.models import Interest
from app.participants.zone_fields import DAY_NAMES
from app.web.checkboxes import CheckboxesField
from app.web.day_fields import HourField
from app.web.forms import BaseForm


class TakeForm(BaseForm):
    """Asking for a place in one way of attending; what can be asked for depends on the sitting."""

    way = RadioField(
        "Way of attending",
        choices=[SelectChoice(value=way.value, label=way.label) for way in Way],
        invalid_choice_message="Choose how you will attend.",
    )

    def offer(self, attendance: Attendance) -> None:
        """Leave the ways of one sitting; where there is only one it need not be said."""
        self.way.choices = [choice for choice in self.way.choices if Way(choice.value) in attendance.ways]
        if self.way.data is None and len(attendance.ways) == 1:
            self.way.data = attendance.ways[0].value


class InterestForm(BaseForm):
    """Saying that one would come, and when one can; all of it may stay empty."""

    weekdays = CheckboxesField(
        "Days on which you can",
        choices=[SelectChoice(value=code, label=name) for code, name in DAY_NAMES.items()],
        description="Choose none if any day will do.",
        validate_choice=False,
    )
    can_from = HourField("From", [Optional()])
    can_until = HourField("Until", [Optional()])
    note = TextAreaField(
        "A note to the organisers",
        [Optional(), Length(max=LONGEST_NOTE, message=f"Use at most {LONGEST_NOTE:,} characters.")],
        description="What else they should know when they look for a date. Only they read it.",
        render_kw={"rows": 3},
    )

    @classmethod
    def opened_on(cls, said: Interest | None) -> "InterestForm":
        """The form filled from what was said before, or from the request when it comes back."""
        if said is None:
            return cls()
        return cls(
            data={
                "weekdays": said.weekdays.split(),
                "can_from": _clock(said.can_from),
                "can_until": _clock(said.can_until),
                "note": said.note,
            }
        )

    def availability(self) -> Availability:
        """What a sound form says. An end at 00:00 is the end of the day. Raises DomainError."""
        until = _minutes(self.can_until.data)
        return Availability(
            frozenset(self.weekdays.data or ()),
            _minutes(self.can_from.data),
            DAY_MINUTES if until == 0 else until,
        )


def _minutes(clock: time | None) -> int | None:
    return clock.hour * 60 + clock.minute if clock is not None else None


def _clock(minutes: int | None) -> Any:
    return time(minutes // 60 % 24, minutes % 60) if minutes is not None else None
