"""Forms about places."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from app.domain.attendance import Way
from app.web.forms import BaseForm


class TakeForm(BaseForm):
    """Asking for a place in one way of attending."""

    way = RadioField(
        "Way of attending", choices=[SelectChoice(value=way.value, label=way.label) for way in Way]
    )
