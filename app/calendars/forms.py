"""The forms of the calendar page: each is only a button."""

from app.web.forms import ActionForm


class MakeAddressForm(ActionForm):
    """Make a private calendar address."""


class RenewAddressForm(ActionForm):
    """Replace the private calendar address by a new one."""
