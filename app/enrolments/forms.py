"""Forms about places."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from app.domain.attendance import Attendance, Way
from app.web.forms import BaseForm


class TakeForm(BaseForm):
    """Asking for a place in one way of attending; what can be asked for depends on the sitting."""

    way = RadioField(
        "Way of attending",
        choices=[SelectChoice(value=way.value, label=way.label) for way in Way],
        invalid_choice_message="Choose how you will attend.",
    )

    def offer(self, attendance: Attendance) -> None:
        """Leave the ways of one sitting; where there is only one it need not be said."""
        self.way.choices = [choice for choice in self.way.choices if Way(choice.value) in attendance.ways]
        if self.way.data is None and len(attendance.ways) == 1:
            self.way.data = attendance.ways[0].value
