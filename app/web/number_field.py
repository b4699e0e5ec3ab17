"""Whole numbers, refused in our words when they are none."""

from wtforms import IntegerField

A_NUMBER = "Give a whole number, such as 30."


class NumberField(IntegerField):
    """A whole number; what was typed stays in the field."""

    data: int | None

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
