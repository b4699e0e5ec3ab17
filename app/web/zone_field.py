"""One text field for a time zone: a city, a country, an abbreviation, or what the list proposes."""

from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

from app.domain.errors import DomainError
from app.domain.zone_directory import choose_zone, offer_text
from app.domain.zone_names import zones_with_countries
from app.web.clock import now

LONGEST = 200


class ZoneField(StringField):
    """`timezone` is the zone that the words stand for, once the form is sound; empty for no words.

    Its data is what was typed. Give an IANA name as its default: it is shown as lists offer it. The template
    renders `{{ form.x.proposals() }}` once for the list of proposals.
    """

    def __init__(self, label: str = "", validators: Any = None, **options: Any) -> None:
        options.setdefault("description", "A city, a country or an abbreviation.")
        attributes = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        options["render_kw"] = attributes | options.get("render_kw", {})
        super().__init__(label, validators, **options)
        self.timezone = ""

    def process_data(self, value: Any) -> None:
        """A zone name is shown as lists offer it; other words stay as they are."""
        known = isinstance(value, str) and value in zones_with_countries()
        self.data = offer_text(value) if known else value

    def pre_validate(self, form: Any) -> None:
        """Find the zone; what is unclear is said with likely zones."""
        typed = (self.data or "").strip()
        self.timezone = ""
        if not typed:
            return
        if len(typed) > LONGEST:
            raise ValidationError(f"Use at most {LONGEST} characters.")
        try:
            self.timezone = choose_zone(typed, now())
        except DomainError as error:
            raise ValidationError(str(error)) from error

    @staticmethod
    def proposals() -> list[str]:
        """What the field proposes while one types."""
        return [offer_text(zone) for zone in zones_with_countries()]
