"""The form that corrects a venue."""

from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.forms import not_blank, one_line
from app.domain.zone_directory import countries
from app.learning_sessions.models import Venue
from app.scheduling.drafting import VenueFacts
from app.scheduling.forms.stored import zone_text
from app.web.editing import EditForm
from app.web.zone_field import ZoneField

A_NAME = "Give the venue a name."
A_ZONE = "Say in which time zone it is, such as Accra."


def short(label: str, most: int, *asked: Any) -> Any:
    limit = Length(max=most, message=f"Use at most {most:,} characters.")
    return StringField(
        label,
        [*(asked or [Optional()]), limit, one_line],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )


class VenueForm(EditForm):
    """Where a venue is and what its clocks show."""

    name = short("Name of the venue", 200, InputRequired(A_NAME), not_blank(A_NAME))
    address = short("Address", 500)
    city = short("City", 200)
    country = SelectField("Country", [Optional()], default="")
    timezone = ZoneField(
        "Its time zone",
        [InputRequired(A_ZONE)],
        description="For sittings planned from now on. No sitting that has its time is moved by it.",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.country.choices = [
            SelectChoice("", "Not said"),
            *(SelectChoice(code, name) for code, name in countries()),
        ]

    def facts(self, venue: Venue) -> VenueFacts:
        """What a sound form makes of the venue."""
        return VenueFacts(
            venue.id,
            " ".join(self.name.data.split()),
            self.timezone.timezone,
            self.address.data or "",
            self.city.data or "",
            self.country.data or None,
        )


def stored_venue(venue: Venue) -> dict[str, Any]:
    """A venue as its form shows it."""
    return {
        "name": venue.name,
        "address": venue.address,
        "city": venue.city,
        "country": venue.country or "",
        "timezone": zone_text(venue.timezone),
    }
