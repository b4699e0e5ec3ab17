"""The base of every form: CSRF, tidy text, and domain refusals shown beside their field."""

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField
from wtforms.widgets import HiddenInput, Select

from app.domain.errors import DomainError
from app.web.csrf import MaskedToken
from app.web.option_list import OptionList

NUL = "This holds a character that cannot be kept (NUL); remove it."
UNSEEN_NUL = "Something unseen in this form holds a character that cannot be kept (NUL). Open the page anew."


def tidy(value: Any) -> Any:
    """Text without blanks around it, its lines ended as everywhere else: browsers send CR LF."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class BaseForm(FlaskForm):
    """A plain HTML form; works without JavaScript and keeps what was typed."""

    first_on_page: ClassVar[tuple[str, ...]] = ()
    """Fields that stand before the others, in the order of the page."""

    class Meta(FlaskForm.Meta):
        csrf = True
        csrf_class = MaskedToken
        csrf_field_name = "csrf_token"
        locales = ("en_GB",)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, FieldList | FormField):
                return unbound_field.bind(form=form, **options)  # the fields within are tidied
            filters = unbound_field.kwargs.get("filters", [])
            if unbound_field.field_class.__name__ not in {"PasswordField", "FileField"}:
                filters = [*filters, tidy]
            return unbound_field.bind(form=form, **{**options, "filters": filters})

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            if type(field.widget) is Select:
                field.widget = OptionList(multiple=field.widget.multiple)
            return super().render_field(field, render_kw)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        for field in self:
            if any("\x00" in text for text in field.raw_data or () if isinstance(text, str)):
                field.errors = [*field.errors, UNSEEN_NUL if _is_hidden(field) else NUL]
                sound = False
        return bool(sound)

    def refuse(self, error: DomainError) -> None:
        """Show a domain refusal beside the field it belongs to, or at the top of the form."""
        field = getattr(self, error.field, None) if error.field else None
        if isinstance(field, Field):
            field.errors = [*field.errors, str(error)]
        else:
            self.form_errors: list[str] = [*self.form_errors, str(error)]

    @property
    def status(self) -> int:
        """The status of the page that shows this form: 200, or 422 once it was sent and refused."""
        return 422 if self.is_submitted() else 200

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """(element id or "", sentence) of everything wrong: what stands at no field that is seen, then the
        others in the order of the page.
        """
        last = len(self.first_on_page)
        order = {name: place for place, name in enumerate(self.first_on_page)}
        fields = sorted(self, key=lambda one: order.get(one.name, last))
        found = [("", text) for text in self.form_errors]
        found += [one for field in fields for one in _errors_in(field)]
        return sorted(found, key=lambda one: bool(one[0]))


def _is_hidden(field: Any) -> bool:
    return isinstance(field.widget, HiddenInput)


def _errors_in(field: Any) -> list[tuple[str, str]]:
    """What is wrong with a field, and with the rows in it."""
    target = "" if _is_hidden(field) else first_id(field)
    found = [(target, str(text)) for text in field.errors]
    for row in getattr(field, "entries", ()):
        for inner in row:
            found += _errors_in(inner)
    return found


class ActionForm(BaseForm):
    """A form that is only a button."""


def first_id(field: Any) -> str:
    """The element an error summary links to: for a group of choices its first one."""
    return f"{field.id}-0" if field.type in {"RadioField", "CheckboxesField"} else str(field.id)
