"""Lists in a form: rows of fields, of which empty ones do not count. More rows come with a submit button."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wtforms import FieldList, FormField

from app.web.forms import BaseForm


def is_row_number(text: str) -> bool:
    """Whether `text` can be the number of a row: a few plain figures."""
    return text.isascii() and text.isdigit() and len(text) < 7


class RowForm(BaseForm):
    """One row of a list; it stands in a form that has the token."""

    class Meta(BaseForm.Meta):
        csrf = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not any(str(one).strip() for field in self for one in (field.raw_data or [field.data]) if one)


class Rows(FieldList):
    """Rows of a RowForm; `data` are those in which something was typed, `errors` are about them together."""

    def __init__(self, row: type[RowForm], label: str = "", *, most: int = 60, **options: Any) -> None:
        super().__init__(FormField(row), label, max_entries=most, **options)

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """The numbers of the rows that were sent; what is none is nobody's field."""
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").partition("-")[0]
            if name.startswith(f"{prefix}-") and is_row_number(number):
                yield int(number)

    @property
    def filled(self) -> list[Any]:
        """The rows in which something was typed."""
        return [entry for entry in self.entries if not entry.form.is_empty]

    @property
    def data(self) -> list[Mapping[str, Any]]:
        """What the filled rows hold, by field name."""
        return [{field.short_name: field.data for field in entry.form} for entry in self.filled]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Look at the filled rows; each keeps its own errors."""
        self.errors: Sequence[str] = []
        return all([entry.validate(form) for entry in self.filled])  # noqa: C419  # every row is to speak

    @property
    def is_sound(self) -> bool:
        """Whether no row and no rule about all of them was broken."""
        return not self.errors and not any(entry.errors for entry in self.entries)

    def grow(self, spare: int = 1) -> None:
        """Add empty rows at the end, as long as there is room."""
        for _ in range(spare):
            if self.max_entries is None or len(self.entries) < self.max_entries:
                self.append_entry()
