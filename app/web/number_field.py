"""Whole numbers, refused in our words when they are none."""

from typing import Any

from wtforms import IntegerField
from wtforms.widgets import TextInput

A_NUMBER = "Give a whole number, such as 30."


class NumberField(IntegerField):
    """A whole number; what was typed stays in the field.

    A text field with a keypad of figures: of words typed into a number field, browsers send nothing at all.
    """

    widget = TextInput()
    data: int | None

    def __init__(self, label: str = "", validators: Any = None, **options: Any) -> None:
        figures = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label, validators, **options | {"render_kw": figures | options.get("render_kw", {})})

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError, with the sentence to show, for what is none."""
        self.data = None
        typed = (valuelist[0] if valuelist else "").strip()
        if not typed:
            return
        try:
            self.data = int(typed.replace("−", "-"))
        except ValueError as error:
            raise ValueError(A_NUMBER) from error
