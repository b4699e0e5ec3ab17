"""Forms for what a journey holds: one for each kind of part. `parts` says what they become."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import EmailField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.accounts.forms import LONGEST_EMAIL, an_email, not_blank, said
from app.domain.links import check_doi, check_link
from app.domain.zone_directory import countries
from app.journeys import queries
from app.journeys.composing import Member
from app.journeys.forms import DIRECTIONS, language_options, line, options, text
from app.journeys.matter import ActivityKind, PartnerRole
from app.journeys.models import Journey, QuestionHeading
from app.journeys.part_fields import DATE, CreditedForm, PartForm, checked_line, plain
from app.organisations import queries as organisations
from app.web.access import current_actor
from app.web.checkboxes import CheckboxesField
from app.web.number_field import NumberField
from app.web.rows import RowForm, Rows
from app.web.zone_field import ZoneField

PARTNER_ROLES = {
    PartnerRole.COMMISSIONER: "Commissioned it",
    PartnerRole.DEVELOPER: "Developed it",
    PartnerRole.FUNDER: "Funds it",
    PartnerRole.MEMBER: "Is a member of it",
    PartnerRole.HOST: "Hosts it",
}
ACTIVITY_KINDS = {kind: kind.value.capitalize() for kind in ActivityKind}
THEME_KINDS = ("theme", "track", "technical initiative", "emerging topic", "round")
PUBLICATION_KINDS = ("article", "book", "briefing", "post", "proceedings", "report")
MOST_PEOPLE = 1_000_000
LONGEST_TITLE = 300
LANGUAGE = ("In which language", ("language", "text_direction"))


def _language() -> Any:
    return SelectField("Language", description="What these words are written in.")


def _direction() -> Any:
    return RadioField("Direction of the text", choices=options(DIRECTIONS), default="ltr")


class OutcomeForm(PartForm):
    blocks = (("", ("text",)),)

    text = TextAreaField(
        "Outcome",
        [
            *said("Say what the outcome is."),
            not_blank("Say what the outcome is."),
            Length(max=1_000, message="Use at most 1,000 characters."),
        ],
        description="What a participant can do afterwards; it completes the sentence before the outcomes.",
    )


class ThemeForm(PartForm):
    blocks = (("", ("title", "kind", "summary", "journeys")),)

    title = line("Title", "", LONGEST_TITLE, needed="Give the theme a title.")
    kind = line(
        "What this journey calls it", "Theme, track, round …", 60, needed="Say what it is called.",
        list="theme-kinds",
    )  # fmt: skip
    summary = text("Summary", "One paragraph, plain text.", 2_000)
    journeys = CheckboxesField(
        "Journeys that work on it", description="Of the journeys that are part of this one."
    )

    def offer(self, journey: Journey, part: Any) -> None:
        """The journeys of the network that the organiser may see."""
        self.offered = {str(one.id): one for one in queries.children(journey.id, current_actor())}
        if self.offered:
            self.journeys.choices = options({key: one.title for key, one in self.offered.items()})
        else:
            del self.journeys

    def proposals(self) -> Mapping[str, Sequence[str]]:
        return {"theme-kinds": THEME_KINDS}

    @property
    def chosen(self) -> list[Journey]:
        """The journeys ticked."""
        ticked = (self.journeys.data or ()) if self.journeys is not None else ()
        return [self.offered[key] for key in ticked if key in self.offered]

    def facts(self) -> dict[str, Any]:
        return {name: plain(self[name].data) for name in ("title", "kind", "summary")}


class ActivityForm(CreditedForm):
    blocks = (
        ("", ("kind", "title", "summary")),
        ("Link", ("url", "link_text")),
        DATE,
        ("People", ("credits",)),
        LANGUAGE,
    )

    kind = SelectField("Kind", choices=options(ACTIVITY_KINDS))
    title = line("Title", "", LONGEST_TITLE, needed="Give the activity a title.")
    summary = text("Summary", "Plain text.", 2_000)
    url = checked_line("Link", "Begins with https://.", check_link, inputmode="url")
    link_text = line("Text of the link", "What the link leads to; empty: the title is the link.")
    language = _language()
    text_direction = _direction()

    def offer(self, journey: Journey, part: Any) -> None:
        super().offer(journey, part)
        self.language.choices = language_options(part.language if part else journey.language)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"kind": ActivityKind(self.kind.data)}


class PartnerForm(PartForm):
    blocks = (("", ("organisation", "role", "note")),)

    organisation = line(
        "Organisation", "Its name in full. One that is not known yet is added.",
        needed="Give the organisation’s name.", list="organisations",
    )  # fmt: skip
    role = SelectField("Its part", choices=options(PARTNER_ROLES))
    note = line("Note", "Such as “formerly DFID”.", 500)

    def proposals(self) -> Mapping[str, Sequence[str]]:
        return {"organisations": organisations.names()}


class ContactForm(PartForm):
    blocks = (("", ("name", "post", "institution", "email")),)

    name = line("Name", needed="Give the contact’s name.")
    post = line("Post")
    institution = line("Institution")
    email = EmailField(
        "E-mail",
        [Optional(), an_email, Length(max=LONGEST_EMAIL, message="This is longer than any e-mail address.")],
        description="For organisers; it does not stand on the journey’s page.",
    )


class PublicationForm(CreditedForm):
    blocks = (
        ("", ("title", "kind", "part", "summary")),
        ("Where it appeared", ("publisher", "doi", "url", "suggested_citation")),
        DATE,
        ("People", ("credits",)),
        LANGUAGE,
    )

    title = line("Title", "", LONGEST_TITLE, needed="Give the publication’s title.")
    kind = line("Kind", "Report, briefing, article …", 60, list="publication-kinds")
    publisher = line("Publisher")
    part = line("The part that is meant", "Such as “Appendix C”; empty: all of it.")
    doi = checked_line("DOI", "Such as 10.19088/K4D.2020.001.", check_doi)
    url = checked_line("Link", "Begins with https://; empty: the DOI.", check_link, inputmode="url")
    suggested_citation = text("Suggested citation", "As it should stand in a list of references.", 1_000)
    summary = text("Summary", "Plain text.", 2_000)
    language = _language()
    text_direction = _direction()

    def offer(self, journey: Journey, part: Any) -> None:
        super().offer(journey, part)
        self.language.choices = language_options(part.language if part else journey.language)

    def proposals(self) -> Mapping[str, Sequence[str]]:
        return {**super().proposals(), "publication-kinds": PUBLICATION_KINDS}


class MemberRow(RowForm):
    """Somebody in a country's group."""

    one: ClassVar[str] = "member"

    name = line("Name", needed="Give the name, or remove the row.", autocomplete="off")
    post = line("Post", autocomplete="off")
    institution = line("Institution", autocomplete="off")
    note = line("Note", "", 500)


class CountryGroupForm(PartForm):
    blocks = (("", ("country", "name", "summary")), ("Members", ("members",)))

    country = SelectField(
        "Country",
        [InputRequired("Choose the country.")],
        choices=options({"": "Choose the country", **dict(countries())}),
        default="",
    )
    name = line("Name of the group", "Such as “Core Group of Ghana”.", needed="Give the group a name.")
    summary = text("Summary", "Plain text.", 2_000)
    members = Rows(MemberRow, "Its members", min_entries=2)

    def facts(self) -> dict[str, Any]:
        rows = [{name: plain(said) for name, said in row.items()} for row in self.members.data]
        return super().facts() | {"members": [Member(**row) for row in rows]}


class QuestionHeadingForm(PartForm):
    blocks = (("", ("title", "parent")),)

    title = line("Heading", "", LONGEST_TITLE, needed="Give the heading a title.")
    parent = SelectField("Stands under", default="")

    def offer(self, journey: Journey, part: Any) -> None:
        """The headings of the first level, unless others stand under this one."""
        rows = queries.parts(QuestionHeading, journey.id)
        above = [row for row in rows if row.parent_id is None and row is not part]
        if part is not None and any(row.parent_id == part.id for row in rows):
            above = []
            self.parent.description = "Headings stand under this one, so it is of the first level."
        self.above = {str(row.id): row for row in above}
        titles = {key: row.title for key, row in self.above.items()}
        self.parent.choices = options({"": "Nothing: a heading of the first level", **titles})

    def facts(self) -> dict[str, Any]:
        return {"title": plain(self.title.data), "parent": self.above.get(self.parent.data)}


class ExpectedZoneForm(PartForm):
    blocks = (("", ("zone", "people")),)

    zone = ZoneField("Where they are", said("Give a city or a country."))
    people = NumberField(
        "How many people",
        [Optional(), NumberRange(1, MOST_PEOPLE, "Expect at least one person, or leave this empty.")],
        description="Empty: not known yet.",
    )

    def facts(self) -> dict[str, Any]:
        return {"timezone": self.zone.timezone, "people": self.people.data}
