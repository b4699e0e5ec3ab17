"""Signing up, and the profile."""

from dataclasses import replace
from datetime import time
from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.accounts.forms import email_field, name_field, new_password_field, one_line
from app.domain.languages import language_name
from app.participants.groups import STAKEHOLDER_GROUPS
from app.participants.models import Participant
from app.participants.operations import Profile
from app.participants.zone_fields import NO_DAY, ZoneFields, days_choices

LANGUAGES = (
    "am", "ar", "bn", "my", "zh", "en", "fil", "fr", "de", "ha", "hi", "id", "km", "lo", "ms", "mn", "ne",
    "pt", "ru", "si", "so", "es", "sw", "ta", "th", "ur", "vi", "yo",
)  # fmt: skip


def short_text(label: str, hint: str, **attributes: str) -> Any:
    return StringField(
        label,
        [Optional(), Length(max=200, message="Use at most 200 characters."), one_line],
        description=hint,
        render_kw=attributes,
    )


class PersonFields(ZoneFields):
    """What a participant says of their work, beside where they are."""

    name = name_field()
    organisation = short_text("Organisation", "Where you work, in full.", autocomplete="organization")
    cadre = short_text(
        "Cadre", "Your profession or post, such as health adviser.", autocomplete="organization-title"
    )

    def profile(self) -> Profile:
        """The profile that a sound form describes."""
        begins, ends = self.hours
        return Profile(
            name=self.name.data,
            timezone=self.timezone,
            country=self.country.data,
            organisation=self.organisation.data or "",
            cadre=self.cadre.data or "",
            works_from=begins,
            works_until=ends,
            days_off=self.chosen_days_off,
        )


class SignUpForm(PersonFields):
    first_on_page = ("name", "email", "password")

    email = email_field("email")
    password = new_password_field("Password")
    next = HiddenField()


class ProfileForm(PersonFields):
    first_on_page = ("name", "organisation", "cadre", "stakeholder_group", "language")

    next = HiddenField()
    stakeholder_group = SelectField("Stakeholder group", [Optional()], default="")
    language = SelectField(
        "Language you prefer",
        default="en",
        description="Pages are in English; organisers see what helps you most.",
    )

    def __init__(self, participant: Participant | None, name: str) -> None:
        super().__init__(
            data=values_of(participant) if participant else {"name": name},
            current_zone=participant.timezone if participant else None,
        )
        self.stakeholder_group.choices = _with_current(
            {"": "Not said", **{group: group for group in STAKEHOLDER_GROUPS}},
            participant.stakeholder_group if participant else "",
        )
        names = sorted((language_name(code), code) for code in LANGUAGES)
        self.language.choices = _with_current(
            {code: name for name, code in names}, participant.language if participant else "en"
        )
        self.days_off.choices = days_choices(participant.days_off if participant else None)

    def profile(self) -> Profile:
        group, language = self.stakeholder_group.data or "", self.language.data
        return replace(super().profile(), stakeholder_group=group, language=language)


def values_of(participant: Participant) -> dict[str, Any]:
    """A profile as the form shows it."""
    return {
        "name": participant.name,
        "organisation": participant.organisation.name if participant.organisation else "",
        "cadre": participant.cadre,
        "stakeholder_group": participant.stakeholder_group,
        "country": participant.country or "",
        "zone": participant.timezone,
        "works_from": _clock(participant.works_from),
        "works_until": _clock(participant.works_until),
        "days_off": participant.days_off or NO_DAY,
        "language": participant.language,
    }


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _with_current(known: dict[str, str], current: str) -> list[SelectChoice]:
    names = known if current in known else {**known, current: current}
    return [SelectChoice(value, label) for value, label in names.items()]
