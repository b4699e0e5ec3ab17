"""What the forms of a journey's parts share: rows that grow, partial dates, credits, links."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.domain.dates import month_name
from app.domain.errors import DomainError
from app.domain.text import fold_text
from app.facilitators import queries as facilitators
from app.facilitators.models import Facilitator
from app.journeys.composing import When
from app.journeys.crediting import Named
from app.journeys.forms import line, options
from app.journeys.models import Journey
from app.web.editing import EditForm
from app.web.forms import BaseForm
from app.web.number_field import NumberField
from app.web.rows import RowForm, Rows, is_row_number

Block = tuple[str, tuple[str | tuple[str, ...], ...]]

MONTHS = {"": "Not known", **{str(month): month_name(month) for month in range(1, 13)}}
APART = frozenset({"csrf_token", "seen"})


class PartForm(EditForm):
    """One part of a journey."""

    blocks: ClassVar[tuple[Block, ...]] = ()
    """How the page sets the fields: groups by legend; fields in a tuple stand in one row."""
    focus_on = ""
    """The id of the field to go on with after a row was added, moved or removed."""

    def __init_subclass__(cls, **options: Any) -> None:
        """What is wrong is told in the order of the page."""
        super().__init_subclass__(**options)
        rows = [(one,) if isinstance(one, str) else one for _, names in cls.blocks for one in names]
        cls.first_on_page = tuple(name for row in rows for name in row)

    def offer(self, journey: Journey, part: Any) -> None:
        """Offer the choices that this journey has. `part` is None for a new one."""

    def proposals(self) -> Mapping[str, Sequence[str]]:
        """What fields propose while one types, by the name of the list."""
        return {}

    def facts(self) -> dict[str, Any]:
        """What a sound form says, by the names of the operations' arguments."""
        return {field.name: plain(field.data) for field in self if field.name not in APART}

    def press_row_button(self, value: str) -> bool:
        """Do what a row's button `field:what:number` says; False if it says nothing that can be done."""
        name, _, rest = value.partition(":")
        what, _, number = rest.partition(":")
        rows = getattr(self, name, None)
        if not isinstance(rows, Rows) or not is_row_number(number):
            return False
        self.focus_on = _pressed(rows, what, int(number))
        return bool(self.focus_on)


def _pressed(rows: Rows, what: str, number: int) -> str:
    """Add, move up or remove a row. The id of the field to go on with; empty when there is no such row."""
    if what == "add":
        rows.grow()
        number = len(rows.entries) - 1
    elif what not in {"up", "remove"} or number >= len(rows.entries):
        return ""
    else:
        row = rows.pop_entry(number).form.data
        number = max(0, number - 1)
        if what == "up":
            rows.insert_entry(number, row)
        elif not rows.entries:
            rows.grow()
    return str(next(iter(rows.entries[number].form)).id)


def plain(typed: Any) -> Any:
    """A text with plain line ends; nothing typed is an empty text."""
    if typed is None:
        return ""
    return typed.replace("\r\n", "\n") if isinstance(typed, str) else typed


def checked_line(label: str, hint: str, check: Any, **attributes: str) -> Any:
    """One line that may be empty, and that the domain judges."""

    def judge(_form: Any, field: Any) -> None:
        try:
            check(field.data or "")
        except DomainError as error:
            raise ValidationError(str(error)) from error

    kept_as_typed = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
    return StringField(label, [Optional(), judge], description=hint, render_kw=kept_as_typed | attributes)


class DatedForm(PartForm):
    """Something dated to the year, the month or the day."""

    year = NumberField("Year", [Optional(), NumberRange(1000, 2999, "Give the year in four figures.")])
    month = SelectField("Month", choices=options(MONTHS), default="")
    day = NumberField("Day", [Optional(), NumberRange(1, 31, "A day is a number from 1 to 31.")])

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not (self.year.errors or self.month.errors or self.day.errors):
            try:
                self.when()
            except DomainError as error:
                self.refuse(error)
                sound = False
        return sound

    def when(self) -> When:
        """The date. Raises DomainError, at its field, when there is none such."""
        return When(self.year.data, int(self.month.data) if self.month.data else None, self.day.data)

    def facts(self) -> dict[str, Any]:
        said = super().facts()
        return {name: said[name] for name in said if name not in {"year", "month", "day"}} | {
            "when": self.when()
        }


DATE: Block = ("Date, as far as it is known", (("day", "month", "year"),))


class CreditRow(RowForm):
    """Somebody named for the work."""

    one: ClassVar[str] = "person"

    name = line("Name", needed="Give the name, or remove the row.", autocomplete="off")
    affiliation = line("Affiliation", autocomplete="off")
    role = line("Part in the work", "Author, presenter …", autocomplete="off")
    page = line("Facilitator’s page", "If they have one here.", list="facilitators", autocomplete="off")


class CreditedForm(DatedForm):
    """Something that people are named for."""

    credits = Rows(CreditRow, "People named for it", min_entries=2)

    def offer(self, journey: Journey, part: Any) -> None:
        super().offer(journey, part)
        self._facilitators = facilitators.everybody()

    def proposals(self) -> Mapping[str, Sequence[str]]:
        return {"facilitators": [page_label(one) for one in self._facilitators]}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        for entry in self.credits.filled:
            page = entry.form.page
            if page.data and not page.errors and self._facilitator(page.data) is None:
                page.errors = ["There is no such page. Choose one of the list, or leave this empty."]
                sound = False
        return sound

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"credits": [self._named(row) for row in self.credits.data]}

    def _named(self, row: Mapping[str, Any]) -> Named:
        words = {name: plain(row[name]) for name in ("name", "affiliation", "role")}
        return Named(**words, facilitator=self._facilitator(plain(row["page"])))

    def _facilitator(self, typed: str) -> Facilitator | None:
        """Whom the words mean: what the list calls them, or the name if only one bears it."""
        folded = fold_text(typed)
        labelled = [one for one in self._facilitators if fold_text(page_label(one)) == folded]
        called = labelled or [one for one in self._facilitators if one.name_folded == folded]
        return called[0] if len(called) == 1 else None


def page_label(facilitator: Facilitator) -> str:
    """What lists call a facilitator, of whom several may bear one name."""
    return f"{facilitator.name} ({facilitator.slug})"


class OrderForm(BaseForm):
    """Where one of a list goes: up, down, or to a place."""

    part_id = NumberField("Which", [InputRequired("Say which one is to be moved.")], widget=HiddenInput())
    step = SelectField("Step", choices=["up", "down", "to"])
    place = NumberField("Place", [Optional(), NumberRange(1, 10_000, "Give a place from 1.")])

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.step.data == "to" and self.place.data is None and not self.place.errors:
            self.place.errors = ["Give a place from 1."]
            sound = False
        return sound

    def place_of(self, now_at: int) -> int:
        """The place that a sound form asks for, for what stands at `now_at`."""
        if self.step.data == "to":
            return self.place.data or now_at
        return now_at - 1 if self.step.data == "up" else now_at + 1
