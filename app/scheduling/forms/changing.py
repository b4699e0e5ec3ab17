"""Forms that cancel a sitting, restore one, and correct the zone of a journey."""

from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

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
        [InputRequired("Say in a sentence why; people who kept the hour free want to know."),
         Length(max=LONGEST_NOTE, message=TOO_LONG)],
        description="Everybody reads it: on the session page, in its list of changes and in calendars. "
        "Plain text.",
    )  # fmt: skip
    name_others = BooleanField("Name where they can go instead")


class RestoreForm(BaseForm):
    """What participants should know when a sitting takes place after all."""

    note = TextAreaField(
        "Note to participants",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        description="Public: it stands in the list of changes on the session page. Plain text.",
        render_kw={"maxlength": LONGEST_NOTE},
    )


class ZoneForm(EditForm):
    """Another zone for a journey, and what is to stay."""

    zone = ZoneField(
        "The journey’s time zone", [InputRequired("Name the zone: a city, a country or an abbreviation.")]
    )
    keep = RadioField(
        "What is to stay?",
        choices=[
            SelectChoice(Keep.WALL, "The time on the clock"),
            SelectChoice(Keep.INSTANT, "The moment"),
            SelectChoice(Keep.SESSIONS_AS_THEY_ARE, "The sessions as they are"),
        ],
        validate_choice=True,
    )
    looked_at = HiddenField()
