"""Forms by which organisers invite people into a journey."""

from typing import Any

from wtforms import StringField, SubmitField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from app.accounts.forms import not_blank, one_line, said
from app.domain.invitations import LONGEST_CODE, LONGEST_DOMAIN, LONGEST_NOTE
from app.enrolments.invitations import Terms
from app.journeys.forms import line
from app.web.day_fields import DayField
from app.web.forms import BaseForm
from app.web.number_field import NumberField

MOST_USES = 100_000
LONGEST_PASTE = 300_000


def _most_uses(of: str) -> Any:
    limit = NumberRange(1, MOST_USES, f"Give a number from 1 to {MOST_USES:,}, or none.")
    hint = "How many people it lets in. Empty: any number."
    return NumberField("Limit", [Optional(), limit], description=hint, id=f"{of}-uses")


def _last_on(of: str) -> Any:
    return DayField("Last day", [Optional()], id=f"{of}-last-on")


def _note(of: str) -> Any:
    limit = Length(max=LONGEST_NOTE, message=f"Use at most {LONGEST_NOTE} characters.")
    hint = "Only organisers read it."
    return StringField("For whom", [Optional(), limit, one_line], description=hint, id=f"{of}-note")


class InvitingForm(BaseForm):
    """What the three have in common: under which terms people are invited."""

    zone = ""

    def terms(self) -> Terms:
        """The terms that a sound form says."""
        has = self._fields
        return Terms(
            note=(has["note"].data or "") if "note" in has else "",
            most_uses=has["most_uses"].data if "most_uses" in has else None,
            last_on=has["last_on"].data,
        )

    def until_the_end_of_day_in(self, zone: str) -> None:
        """Say in which zone the last day ends."""
        self._fields["last_on"].description = f"Good until this day ends in {zone}. Empty: no end."


class CodeForm(InvitingForm):
    first_on_page = ("code", "most_uses", "last_on", "note")

    code = line(
        "Code", "Empty: we make one up that nobody guesses. Easy ones are guessed sooner.", LONGEST_CODE,
        autocomplete="off", spellcheck="false",
    )  # fmt: skip
    most_uses = _most_uses("code")
    last_on = _last_on("code")
    note = _note("code")


class DomainForm(InvitingForm):
    first_on_page = ("domain", "most_uses", "last_on", "note")

    domain = line(
        "E-mail domain", "What stands behind the @, to the letter: health.example.org does not let in "
        "people of example.org.", LONGEST_DOMAIN + 10, needed="Give an e-mail domain.",
        autocomplete="off", autocapitalize="none", spellcheck="false", dir="ltr",
    )  # fmt: skip
    most_uses = _most_uses("domain")
    last_on = _last_on("domain")
    note = _note("domain")


class AddressesForm(InvitingForm):
    first_on_page = ("addresses", "last_on")

    addresses = TextAreaField(
        "E-mail addresses",
        [
            *said("Give at least one e-mail address."),
            not_blank("Give at least one e-mail address."),
            Length(max=LONGEST_PASTE, message="This is too long to be read at once; add them in parts."),
        ],
        description="One on each line, alone or as in “Efua <efua@example.org>”; up to 1,000 at a time.",
        render_kw={"rows": 8, "spellcheck": "false", "dir": "ltr"},
    )
    last_on = _last_on("addresses")
    sound_only = SubmitField("Invite the others without them")
