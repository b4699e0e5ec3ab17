"""Forms of the house itself."""

from wtforms import HiddenField, StringField
from wtforms.validators import Length

from app.accounts.forms import old_password_field
from app.web.forms import BaseForm


class ZoneForm(BaseForm):
    """Which zone times are shown in; empty: each session in its own."""

    timezone = StringField("Time zone", [Length(max=100, message="No time zone has so long a name.")])
    next = HiddenField()


class CloseAccountForm(BaseForm):
    password = old_password_field("Your password", "So that nobody else can do this in your place.")
