"""The form about what mail somebody gets, and when."""

from datetime import time
from typing import Any

from babel import Locale
from wtforms import RadioField, SelectField, TimeField
from wtforms.validators import Optional

from app.domain.reminders import Reminder, written
from app.journeys.forms import options
from app.messages.kinds import Choice
from app.messages.models import QUIET_FROM, QUIET_UNTIL
from app.notices.language import languages
from app.notices.preferences import WORDS, Wishes
from app.web.checkboxes import CheckboxesField
from app.web.forms import BaseForm
from app.web.wall_fields import IfSaid

USUAL, NONE, OWN = "usual", "none", "own"
QUIET, NEVER = "quiet", "never"
FORMATS = ["%H:%M", "%H:%M:%S"]


class PreferencesForm(BaseForm):
    """What can be switched off, reminders, quiet hours and language; only what concerns its reader."""

    reminders = RadioField(
        "Reminders of your sessions",
        choices=options({USUAL: "As each journey has it", OWN: "These", NONE: "None"}),
        description="An hour before comes at any hour; the others wait for the end of your quiet hours.",
        invalid_choice_message="Choose one of these.",
    )
    before = CheckboxesField(
        "Which ones",
        choices=options({one.value: one.label for one in Reminder}),
        validators=[Optional()],
    )
    wanted = CheckboxesField("Other mail", validators=[Optional()])
    quiet = RadioField(
        "Quiet hours",
        choices=options({QUIET: "No mail in these hours", NEVER: "None: mail may come at any hour"}),
        invalid_choice_message="Choose one of these.",
    )
    quiet_from = TimeField("From", [IfSaid()], format=FORMATS)
    quiet_until = TimeField("Until", [IfSaid()], format=FORMATS)
    language = SelectField(
        "Language of your mail",
        description="What people write themselves stays in their own.",
        invalid_choice_message="Choose one of these.",
    )

    def __init__(self, wishes: Wishes, choices: list[Choice], **more: Any) -> None:
        super().__init__(data=_as_data(wishes), **more)
        self._before = wishes
        self.wanted.choices = options(
            {one.value: WORDS[one] for one in choices if one is not Choice.REMINDERS}
        )
        if not self.wanted.choices:
            del self.wanted
        if Choice.REMINDERS not in choices:
            del self.reminders, self.before
        known = languages()
        self.language.choices = options({code: _named(code) for code in known})
        if len(known) < 2:
            del self.language

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if "reminders" in self and self.reminders.data == OWN and not self.before.data:
            self.before.errors = [*self.before.errors, "Tick at least one, or choose “None”."]
            sound = False
        return self._quiet_is_sound() and sound

    def wishes(self) -> Wishes:
        """What a sound form says."""
        muted, reminders = set(self._before.muted), self._before.reminders
        if "wanted" in self:
            offered = {value for value, *_ in self.wanted.choices}
            muted = muted - offered | offered - set(self.wanted.data or [])
        if "reminders" in self:
            muted = muted - {Choice.REMINDERS} | (
                {Choice.REMINDERS} if self.reminders.data == NONE else set()
            )
            reminders = written(self.before.data or []) if self.reminders.data == OWN else None
        is_quiet = self.quiet.data == QUIET
        return Wishes(
            muted=frozenset(muted),
            reminders=reminders,
            quiet_from=_minutes(self.quiet_from.data) if is_quiet else 0,
            quiet_until=_minutes(self.quiet_until.data) if is_quiet else 0,
            language=self.language.data if "language" in self else self._before.language,
        )

    def _quiet_is_sound(self) -> bool:
        if self.quiet.data != QUIET:
            return not (self.quiet_from.errors or self.quiet_until.errors)
        for field, example in ((self.quiet_from, "22:00"), (self.quiet_until, "07:00")):
            if field.data is None and not field.errors:
                field.errors = [f"Give a time, such as {example}."]
        if self.quiet_from.data is not None and self.quiet_from.data == self.quiet_until.data:
            same = "They end at another time than they begin. For none, choose “None”."
            self.quiet_until.errors = [*self.quiet_until.errors, same]
        return not (self.quiet_from.errors or self.quiet_until.errors)


def _as_data(wishes: Wishes) -> dict[str, Any]:
    has_none = Choice.REMINDERS in wishes.muted or wishes.reminders == ""
    own = (wishes.reminders or "").split()
    is_quiet = wishes.quiet_from != wishes.quiet_until
    hours = (wishes.quiet_from, wishes.quiet_until) if is_quiet else (QUIET_FROM, QUIET_UNTIL)
    return {
        "reminders": NONE if has_none else OWN if own else USUAL,
        "before": own,
        "wanted": [one.value for one in Choice if one not in wishes.muted],
        "quiet": QUIET if is_quiet else NEVER,
        "quiet_from": time(*divmod(hours[0], 60)),
        "quiet_until": time(*divmod(hours[1], 60)),
        "language": wishes.language,
    }


def _minutes(clock: time | None) -> int:
    return clock.hour * 60 + clock.minute if clock is not None else 0


def _named(code: str) -> str:
    """`English`, `français`: each in itself."""
    return str(Locale.parse(code).get_display_name(code) or code)
