"""Forms that cancel a sitting, restore one, and correct the zone of a journey."""

from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.scheduling.operations import Keep
from app.web.editing import EditForm
from app.web.forms import BaseForm
from app.web.zone_field import ZoneField

LONGEST_NOTE = 2000
TOO_LONG = f"Use at most {LONGEST_NOTE:,} characters."


class CancelForm(EditForm):
    """Why a sitting is off; everybody reads it."""

    reason = TextAreaField(
        "Why it is cancelled",
        [DataRequired("Say in a sentence why; people who kept the hour free want to know."),
         Length(max=LONGEST_NOTE, message=TOO_LONG)],
        description="Everybody reads it: in the mail that tells it, on the session page, in its list of "
        "changes and in calendars. Plain text.",
    )  # fmt: skip
    name_others = BooleanField("Name where they can go instead")


class RestoreForm(BaseForm):
    """What participants should know when a sitting takes place after all."""

    note = TextAreaField(
        "Note to participants",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        description="Public: in the mail that tells it and in the list of changes on the session page. "
        "Plain text.",
        render_kw={"maxlength": LONGEST_NOTE},
    )


class ZoneForm(EditForm):
    """Another zone for a journey, and what is to stay."""

    zone = ZoneField(
        "The journey’s time zone", [InputRequired("Name the zone: a city, a country or an abbreviation.")]
    )
    keep = RadioField(
        "What is to stay?",
        [
            InputRequired(
                "Say what is to stay: the time on the clock, the moment, or the sessions as they are."
            )
        ],
        choices=[
            SelectChoice(
                Keep.WALL.value, "The time on the clock: what was promised for 10:00 is at 10:00 there"
            ),
            SelectChoice(Keep.INSTANT.value, "The moment: nobody’s hour changes, it is only said otherwise"),
            SelectChoice(
                Keep.SESSIONS_AS_THEY_ARE.value,
                "The sessions as they are, in their zone; only new ones begin with the other",
            ),
        ],
        invalid_choice_message="Choose one of these.",
    )
    looked_at = HiddenField()
