"""Forms about journeys."""

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.web.forms import BaseForm

STEPS = {"publish": "Publish", "open": "Open", "close": "Close", "archive": "Archive"}


class StatusForm(BaseForm):
    """One step of a journey's life."""

    step = SelectField("Step", choices=[SelectChoice(value=key, label=text) for key, text in STEPS.items()])
    note = TextAreaField(
        "Closing note",
        description="Shown at the top of the journey: what came of it, where to go on. Optional.",
    )
