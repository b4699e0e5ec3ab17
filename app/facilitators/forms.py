"""Forms of facilitators."""

from typing import Any

from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.forms import LONGEST_EMAIL, an_email, not_blank, one_line, said
from app.domain.languages import language_name, languages
from app.domain.zone_directory import countries
from app.facilitators.absences import Away
from app.facilitators.operations import About
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


def line(label: str, hint: str, *asked: Any) -> Any:
    """One line of at most 200 characters; without `asked` it may be empty."""
    limit = Length(max=200, message="Use at most 200 characters.")
    return StringField(
        label,
        [*(asked or [Optional()]), limit, one_line],
        description=hint,
        render_kw={"dir": "auto", "autocomplete": "off"},
    )


A_NAME = "Give the facilitator a name."


class PageForm(EditForm):
    """What a facilitator's page tells, and whose account it is."""

    name = line("Name", "As it stands beside the sessions they lead.", *said(A_NAME), not_blank(A_NAME))
    affiliation = line("Affiliation", "Their post, such as “Senior adviser”.")
    organisation = line("Organisation", "Where they work, in full.")
    biography = TextAreaField(
        "About them",
        [Optional(), Length(max=20_000, message="Use at most 20,000 characters.")],
        description="A few sentences for participants. Markdown works.",
        render_kw={"dir": "auto"},
    )
    country = SelectField("Country", [Optional()], default="")
    timezone = ZoneField(
        "Time zone",
        [Optional()],
        description="Where they usually are: a city or a country. Planning counts their hours there.",
    )
    language = SelectField("Language", default="en", description="What “About them” is written in.")
    text_direction = RadioField(
        "Direction of its text",
        choices=[SelectChoice("ltr", "Left to right"), SelectChoice("rtl", "Right to left")],
        default="ltr",
    )
    account = EmailField(
        "E-mail of their account",
        [Optional(), an_email, Length(max=LONGEST_EMAIL, message="This is longer than any e-mail address.")],
        description="With it they see their agenda, the run sheets and the join links of what they lead, and "
        "the names of who comes. Empty: no account.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def offer(self, language: str) -> None:
        """What may be chosen: every country, the languages and the one in force."""
        self.country.choices = [
            SelectChoice("", "Not said"),
            *(SelectChoice(code, name) for code, name in countries()),
        ]
        known = {language: language_name(language)} | dict(languages())
        self.language.choices = [SelectChoice(code, name) for code, name in known.items()]

    def about(self) -> About:
        """What a sound form makes the page say."""
        return About(
            name=self.name.data,
            biography=self.biography.data or "",
            affiliation=self.affiliation.data or "",
            organisation=self.organisation.data or "",
            country=self.country.data or None,
            timezone=self.timezone.timezone or None,
            language=self.language.data,
            text_direction=self.text_direction.data,
        )
