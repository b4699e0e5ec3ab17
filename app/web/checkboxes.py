"""A group of check boxes as one field of a form."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Any number of choices, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
