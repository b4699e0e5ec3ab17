"""Forms of importing people: the file, its columns, and applying the dry run."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from app.enrolments.bulk import Import
from app.enrolments.importing.columns import FIELDS, Choices
from app.web.forms import BaseForm

NOWHERE = ""


class UploadForm(BaseForm):
    """The table."""

    file = FileField(
        "Table of people",
        description="CSV or XLSX, at most 10 MB and 50,000 rows. The first row holds the headers.",
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self.file.data or not self.file.data.filename:
            self.file.errors = [*self.file.errors, "Choose a file."]
            return False
        return sound


def _column(label: str, hint: str = "") -> Any:
    return SelectField(label, validate_choice=False, default=NOWHERE, description=hint)


class ColumnsForm(BaseForm):
    """Which column holds what, and what holds for all rows."""

    name = _column("Name")
    email = _column("E-mail", "Tells who is who.")
    country = _column("Country", "A name or an ISO code.")
    organisation = _column("Organisation")
    group = _column("Stakeholder group")
    cadre = _column("Cadre")
    zone = _column("Time zone", "A city or a zone; where it is empty, the country’s if it has only one.")
    language = _column("Language")
    all_sessions = BooleanField(
        "All sessions",
        description="Who is new takes a place in every session, now and when one is added, and is written to "
        "about every place they get or wait for.",
    )
    tell = BooleanField(
        "Tell them by mail",
        description="Who is new gets a message that they are enrolled. Messages about places do not depend "
        "on it.",
    )
    guess_zone = BooleanField(
        "Find a time zone for everybody",
        description="Where a country has several, the one most of its people live in; without a country, the "
        "journey’s. Otherwise such rows are refused.",
    )
    again = BooleanField(
        "Enrol people again who left or were declined", description="Otherwise their rows are refused."
    )

    def offer(self, imported: Import) -> None:
        """Fill the selects with the columns of the file."""
        headers = imported.options["headers"]
        columns = [
            SelectChoice(str(index), header or f"Column {index + 1}") for index, header in enumerate(headers)
        ]
        for one in FIELDS:
            first = "Choose the column" if one.required else "Not in the file"
            self[one.name].choices = [SelectChoice(NOWHERE, first), *columns]

    def columns(self) -> dict[str, int]:
        """Field → index of its column, of those chosen; a number that is none is no column."""
        chosen = {one.name: self[one.name].data or NOWHERE for one in FIELDS}
        return {name: int(text) if _is_index(text) else -1 for name, text in chosen.items() if text}

    def choices(self) -> Choices:
        return Choices(
            all_sessions=self.all_sessions.data,
            tell=self.tell.data,
            guess_zone=self.guess_zone.data,
            again=self.again.data,
        )


class ApplyForm(BaseForm):
    """Applying a dry run; `run` is the one that was looked at."""

    run = HiddenField()
    leave_out = BooleanField("Leave the refused rows out, and apply the others")


def stored_values(imported: Import) -> Mapping[str, Any]:
    """What the form of the columns opens with."""
    columns = {name: str(index) for name, index in imported.columns.items()}
    return {**columns, **Choices.of(imported.options).as_options()}


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5
