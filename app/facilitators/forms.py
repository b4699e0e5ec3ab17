"""Forms of facilitators."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app.facilitators.absences import Away
from app.web.day_fields import A_DAY, DayField, HourField
from app.web.editing import EditForm
from app.web.zone_field import ZoneField


class AbsenceForm(EditForm):
    """From when until when somebody cannot lead."""

    first_on = DayField("First day", [InputRequired(A_DAY)])
    last_on = DayField("Last day", [Optional()], description="Empty: the same day.")
    begins = HourField("From", [Optional()], description="On the first day. Empty: all day.")
    ends = HourField("Until", [Optional()], description="On the last day. Empty: all day.")
    timezone = ZoneField("In the time of", [InputRequired("Say in which time zone, such as Nairobi.")])
    note = StringField(
        "Note",
        [Optional(), Length(max=200, message="Use at most 200 characters.")],
        description="For the organisers who plan with you. Nobody else sees it.",
    )

    def away(self) -> Away:
        """The span that a sound form describes."""
        first_on = self.first_on.data
        assert first_on is not None  # noqa: S101  # the form is sound
        return Away(
            first_on,
            self.last_on.data or first_on,
            self.timezone.timezone,
            self.begins.data,
            self.ends.data,
            self.note.data or "",
        )
