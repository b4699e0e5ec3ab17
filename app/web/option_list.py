"""The list of a select field, written straight down.

The library composes every option from its attributes in a dozen steps; for the countries or the zones, of
which a form may show several lists, that takes longer than all else on the page.
"""

from typing import Any

from markupsafe import Markup, escape
from wtforms.fields.choices import Choice
from wtforms.widgets import Select


class OptionList(Select):  # type: ignore[misc]
    """The library's own widget, to the letter; only faster."""

    @classmethod
    def render_option(cls, choice: Choice, **kwargs: Any) -> Markup:
        if kwargs or choice.render_kw or isinstance(choice.value, bool):
            return Markup(super().render_option(choice, **kwargs))  # noqa: S704
        value = str(escape(choice.value)).replace('"', "&quot;")
        selected = "selected " if choice.selected else ""
        label = escape(choice.label or choice.value)
        return Markup(f'<option {selected}value="{value}">{label}</option>')  # noqa: S704
