"""Forms about journeys."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.accounts.forms import LONGEST_EMAIL, an_email, not_blank, one_line, said
from app.domain.languages import language_name, languages
from app.domain.permissions import OrganiserRole
from app.domain.reminders import Reminder, written
from app.journeys.audiences import LONGEST as LONGEST_NAME
from app.journeys.life import Step
from app.journeys.models import Journey, JourneyKind
from app.journeys.operations import NewJourney
from app.journeys.revising import About
from app.web.checkboxes import CheckboxesField
from app.web.day_fields import DayField
from app.web.editing import EditForm
from app.web.forms import BaseForm
from app.web.zone_field import ZoneField

ROLES = {
    OrganiserRole.OWNER: "Owner: everything, and chooses the organisers",
    OrganiserRole.EDITOR: "Editor: changes it, plans its sessions, opens and closes it",
    OrganiserRole.PEOPLE: "People: lets people in, gives and takes places, writes to them; no more",
    OrganiserRole.READER: "Reader: sees the journey on the desk; changes nothing",
}
DIRECTIONS = {"ltr": "Left to right", "rtl": "Right to left"}
MOST_LINES = 40
WRITTEN = {"dir": "auto"}
"""What people write in their own language goes in its direction while they write."""


def line(label: str, hint: str = "", most: int = 200, *, needed: str = "", **attributes: Any) -> Any:
    """One line of text of at most `most` characters; `needed` asks for it, without it may be empty."""
    asked = [*said(needed), not_blank(needed)] if needed else [Optional()]
    limit = Length(max=most, message=f"Use at most {most:,} characters.")
    return StringField(label, [*asked, limit, one_line], description=hint, render_kw=WRITTEN | attributes)


def text(label: str, hint: str = "", most: int = 20_000) -> Any:
    """Several lines of text, which may be empty."""
    limit = Length(max=most, message=f"Use at most {most:,} characters.")
    return TextAreaField(label, [Optional(), limit], description=hint, render_kw=WRITTEN)


def names(label: str, hint: str) -> Any:
    """A list of names, one on each line."""
    return TextAreaField(label, [Optional(), _short_lines], description=hint, render_kw=WRITTEN)


def lines_of(typed: str | None) -> tuple[str, ...]:
    """The lines that say something, blanks collapsed."""
    return tuple(kept for one in (typed or "").splitlines() if (kept := " ".join(one.split())))


def _short_lines(_form: Any, field: Any) -> None:
    named = lines_of(field.data)
    if len(named) > MOST_LINES:
        raise ValidationError(f"Name at most {MOST_LINES}, each on its own line.")
    too_long = next((one for one in named if len(one) > LONGEST_NAME), None)
    if too_long:
        raise ValidationError(f"Each is named in at most {LONGEST_NAME} characters: “{too_long[:40]}…”.")


def options(pairs: Mapping[Any, str]) -> list[SelectChoice]:
    """Choices of a select or of radio buttons."""
    return [SelectChoice(str(value), label) for value, label in pairs.items()]


def language_options(current: str = "") -> list[SelectChoice]:
    """Languages by name, and the one in force where it is another."""
    known = dict(languages())
    if current and current not in known:
        known[current] = language_name(current)
    return options(known)


def _kind() -> Any:
    kinds = {kind.value: kind.label for kind in JourneyKind}
    return SelectField("Kind", choices=options(kinds), description="A network holds other journeys.")


def _title() -> Any:
    return line("Title", needed="Give the journey a title.", autocomplete="off")


def _slug() -> Any:
    hint = "The end of its address: small letters a to z, figures and hyphens. Empty: made from the title."
    return line("Address", hint, autocomplete="off", spellcheck="false", dir="ltr")


def _parent() -> Any:
    hint = "A network or programme that you may edit as well."
    return SelectField("Part of", default="", description=hint)


def _summary() -> Any:
    hint = "One paragraph, plain text. It stands under the title and in the catalogue."
    return text("Summary", hint, 1_000)


def _language() -> Any:
    return SelectField("Language", default="en", description="What the journey is written and held in.")


def _direction() -> Any:
    return RadioField("Direction of its text", choices=options(DIRECTIONS), default="ltr")


class NewJourneyForm(BaseForm):
    """What a journey begins with; the rest is written once it is there."""

    kind = _kind()
    title = _title()
    slug = _slug()
    parent = _parent()
    summary = _summary()
    timezone = ZoneField(
        "Time zone of its organisers",
        said("Give a city, such as Accra."),
        description="Its sessions are promised in this zone unless you say otherwise.",
    )
    language = _language()
    text_direction = _direction()

    def __init__(self, parents: Sequence[Journey], **options_: Any) -> None:
        super().__init__(**options_)
        self.parents = offer_parents(self, parents)
        self.language.choices = language_options()

    def journey(self) -> NewJourney:
        """The journey that a sound form describes."""
        return NewJourney(
            kind=JourneyKind(self.kind.data),
            title=self.title.data,
            slug=self.slug.data or None,
            parent=self.parents.get(self.parent.data),
            summary=self.summary.data or "",
            timezone=self.timezone.timezone,
            language=self.language.data,
            text_direction=self.text_direction.data,
        )


class JourneyForm(EditForm):
    """Everything that a person may change of a journey besides its zone, its status and its parts."""

    kind = _kind()
    title = _title()
    short_title = line("Short title", "How lists and trails of links call it. Empty: the title.", 80)
    slug = _slug()
    parent = _parent()
    summary = _summary()
    audiences = names("Who can find it", "Audiences the catalogue is narrowed by, one on each line.")
    topics = names("Topics", "One on each line, the most important first. Other journeys share them.")
    throughout = names("Topics throughout", "Those that run through all its sessions, one on each line.")
    starts_on = DayField("First day", [Optional()])
    ends_on = DayField("Last day", [Optional()])
    period = line("Period in words", "Only where days do not say it: “No end date”, “2016 outlook”.")
    place = line("Place", "The city or the country, where it is held in one.")
    purpose = text("Purpose", "What it is for. Markdown works.")
    audience = text("Audience", "Whom it is for, in words. Markdown works.")
    outcomes_lead = text("Sentence before the outcomes", "The outcomes complete it. Plain text.", 1_000)
    approach = text("How it works", "Its form and ways of working. Markdown works.")
    sessions_note = text("Note on the sessions", "What is true of every session. Plain text.", 1_000)
    language = _language()
    text_direction = _direction()
    reminders = CheckboxesField(
        "Remind its people",
        choices=options({one.value: one.label for one in Reminder}),
        description="By mail, before each session they have a place in. Each person may choose otherwise.",
    )
    demonstration_note = text("Demonstration note", "What is invented here. Empty for real matter.", 1_000)
    closed_on = DayField("Day it closed", [Optional()])
    closing_note = text("Closing note", "What came of it, where to go on. Markdown works.", 5_000)

    def offer(self, parents: Sequence[Journey], language: str, *, has_closed: bool) -> None:
        """What may be chosen, and whether there is a closing to word."""
        self.parents = offer_parents(self, parents)
        self.language.choices = language_options(language)
        if not has_closed:
            del self.closed_on, self.closing_note

    def about(self) -> About:
        """What a sound form makes the journey say."""
        typed = {field.name: field.data for field in self if field.name in About.__dataclass_fields__}
        lists = {name: lines_of(typed[name]) for name in ("audiences", "topics", "throughout")}
        chosen = {
            "kind": JourneyKind(self.kind.data),
            "slug": self.slug.data or None,
            "parent": self.parents.get(self.parent.data),
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "reminders": written(self.reminders.data or []),
        }
        if "closing_note" in self:
            chosen["closing"] = (self.closed_on.data, self.closing_note.data or "")
        return About(**{name: value or "" for name, value in typed.items()} | lists | chosen)


def offer_parents(form: Any, parents: Sequence[Journey]) -> dict[str, Journey]:
    """Let the form offer these journeys to be part of; returns them by what the form sends."""
    by_value = {str(one.id): one for one in parents}
    titles = {value: one.title for value, one in by_value.items()}
    form.parent.choices = options({"": "Nothing: it stands alone"} | titles)
    return by_value


class StatusForm(BaseForm):
    """One step of a journey's life."""

    step = SelectField("Step", choices=options({step.value: step.label for step in Step}))
    note = text(
        "Closing note",
        "Shown at the top of the journey and told in the mail: what came of it, where to go on. Markdown "
        "works. Optional.",
        5_000,
    )


class OrganiserForm(BaseForm):
    """Somebody to organise the journey with."""

    email = EmailField(
        "E-mail of their account",
        [
            *said("Give the e-mail address of their account."),
            an_email,
            Length(max=LONGEST_EMAIL, message="This is longer than any e-mail address."),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    role = RadioField("What they may do", choices=options(ROLES), default=OrganiserRole.EDITOR.value)


class PartForm(BaseForm):
    """Another part for one organiser, or none any more."""

    user_id = IntegerField(
        "Organiser", [InputRequired("Choose an organiser of the list."), NumberRange(1, 2**31 - 1)]
    )
    role = SelectField("What they may do", choices=options(ROLES))
    seen = HiddenField()
