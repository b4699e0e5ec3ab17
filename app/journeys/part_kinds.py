"""The kinds of parts of a journey: wording, form, and what the form becomes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from app.domain.dates import month_name
from app.domain.languages import language_name
from app.domain.zone_directory import country_name, offer_text
from app.journeys import changing, composing, queries
from app.journeys.composing import NewPublication
from app.journeys.matter import (
    Activity,
    ActivityCredit,
    Partner,
    PartnerRole,
    Publication,
    PublicationCredit,
)
from app.journeys.models import CountryGroup, Journey, Theme
from app.journeys.operations import expect_zone
from app.journeys.part_fields import PartForm, page_label
from app.journeys.part_forms import (
    PARTNER_ROLES,
    ActivityForm,
    ContactForm,
    CountryGroupForm,
    ExpectedZoneForm,
    OutcomeForm,
    PartnerForm,
    PublicationForm,
    QuestionHeadingForm,
    ThemeForm,
)
from app.journeys.parts import Line, PartKind
from app.organisations.operations import find_or_create

LONGEST_LINE = 120


def _columns(*names: str) -> Callable[[Any], dict[str, Any]]:
    """Reads these columns."""
    return lambda part: {name: _plain(getattr(part, name)) for name in names}


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _date_in_words(part: Any) -> str:
    """“3 December 2020”, “April 2012”, “2018”, or nothing."""
    month = month_name(part.month) if part.month else ""
    return " ".join(str(one) for one in (part.day, month, part.year) if one)


def _counted(rows: Sequence[Any], one: str, many: str = "") -> str:
    """“3 members”; nothing for none."""
    return f"{len(rows):,} {one if len(rows) == 1 else many or one + 's'}" if rows else ""


def _line(title: str, *meta: str, depth: int = 0) -> Line:
    short = title
    if len(title) > LONGEST_LINE:
        cut = title[:LONGEST_LINE]
        short = f"{cut.rpartition(' ')[0] or cut}…"
    return Line(short, tuple(filter(None, meta)), depth)


def _credited(part: Any) -> dict[str, Any]:
    date = {"year": part.year, "month": str(part.month or ""), "day": part.day}
    return date | {"credits": [_credit(row) for row in part.credits]}


def _credit(row: Any) -> dict[str, str]:
    page = page_label(row.facilitator) if row.facilitator else ""
    return {"name": row.name, "affiliation": row.affiliation, "role": row.role, "page": page}


def _in_its_language(part: Any) -> str:
    return "" if part.language == "en" else language_name(part.language)


def _as_written(journey: Journey) -> dict[str, Any]:
    return {"language": journey.language, "text_direction": journey.text_direction}


def _adds(add: Callable[..., Any]) -> Callable[[Journey, PartForm, datetime], Any]:
    """Adds what the form says through an operation whose arguments are named as the form's facts."""
    return lambda journey, form, now: add(journey, now=now, **form.facts())


def _updates(update: Callable[..., None]) -> Callable[[Journey, Any, PartForm, datetime], None]:
    return lambda journey, part, form, now: update(journey, part, now=now, **form.facts())


def _add_theme(journey: Journey, form: ThemeForm, now: datetime) -> Theme:
    theme = composing.add_theme(journey, now=now, **form.facts())
    changing.set_theme_journeys(theme, form.chosen, tuple(form.offered.values()), now)
    return theme


def _update_theme(journey: Journey, theme: Theme, form: ThemeForm, now: datetime) -> None:
    changing.update_theme(journey, theme, now=now, **form.facts())
    changing.set_theme_journeys(theme, form.chosen, tuple(form.offered.values()), now)


def _partner_facts(form: PartForm) -> dict[str, Any]:
    facts = form.facts()
    organisation = find_or_create(facts["organisation"])
    return facts | {"organisation": organisation, "role": PartnerRole(facts["role"])}


def _publication_facts(form: PartForm) -> dict[str, Any]:
    facts = form.facts()
    apart = {name: facts.pop(name) for name in ("when", "credits")}
    return {"new": NewPublication(**facts), **apart}


def _add_expected_zone(journey: Journey, form: PartForm, now: datetime) -> Any:
    facts = form.facts()
    changing.check_expected_once(journey, facts["timezone"])
    expect_zone(journey, now=now, **facts)
    return next(one for one in journey.expected_zones if one.timezone == facts["timezone"])


def _publications_as_shown(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: [-(part or 0) for part in (row.year, row.month, row.day)])


def _headings_as_shown(rows: Sequence[Any]) -> list[Any]:
    first = [row for row in rows if row.parent_id is None]
    return [one for top in first for one in (top, *(row for row in rows if row.parent_id == top.id))]


def _headings_below(heading: Any, rows: Sequence[Any]) -> list[str]:
    below = [row.title for row in rows if row.parent_id == heading.id]
    return [f"The {_counted(below, 'heading')} under it: {'; '.join(below)}."] if below else []


def _people_named(part: Any, _all: Sequence[Any]) -> list[str]:
    names = ", ".join(row.name for row in part.credits)
    return [f"The people named for it: {names}. Their own pages stay."] if names else []


def _members(group: Any, _all: Sequence[Any]) -> list[str]:
    names = ", ".join(row.name for row in group.members)
    return [f"Its {_counted(group.members, 'member')}: {names}."] if names else []


_OUTCOMES = PartKind(
    name="outcomes",
    one="outcome",
    many="outcomes",
    lead="What a participant can do afterwards. They stand on the journey’s page, numbered, in this order.",
    form=OutcomeForm,
    line=lambda part: _line(part.text),
    values=_columns("text"),
    make=_adds(composing.add_outcome),
    change=_updates(changing.update_outcome),
)

_THEMES = PartKind(
    name="themes",
    one="theme",
    many="themes",
    lead="Themes, tracks or rounds that sessions belong to, and journeys of a network work on.",
    form=ThemeForm,
    line=lambda part: _line(part.title, part.kind.capitalize()),
    values=lambda part: (
        _columns("title", "kind", "summary")(part)
        | {"journeys": [str(number) for number in sorted(queries.journeys_on_theme(part.id))]}
    ),
    blank=lambda _journey: {"kind": "theme"},
    make=_add_theme,
    change=_update_theme,
)

_ACTIVITIES = PartKind(
    name="activities",
    one="activity",
    many="activities",
    lead="What there is to watch, read or discuss besides the dated sessions.",
    form=ActivityForm,
    line=lambda part: _line(
        part.title,
        part.kind.value.capitalize(),
        _date_in_words(part),
        ", ".join(row.name for row in part.credits),
        _in_its_language(part),
    ),
    values=lambda part: (
        _columns("kind", "title", "summary", "url", "link_text", "language", "text_direction")(part)
        | _credited(part)
    ),
    blank=_as_written,
    make=_adds(composing.add_activity),
    change=_updates(changing.update_activity),
    loading=(selectinload(Activity.credits).joinedload(ActivityCredit.facilitator),),
    goes_with=_people_named,
)

_PARTNERS = PartKind(
    name="partners",
    one="partner",
    many="partners",
    lead="Organisations and their part in the journey. One may have several parts.",
    form=PartnerForm,
    line=lambda part: _line(part.organisation.name, PARTNER_ROLES[part.role], part.note),
    values=lambda part: {"organisation": part.organisation.name} | _columns("role", "note")(part),
    make=lambda journey, form, now: composing.add_partner(journey, now=now, **_partner_facts(form)),
    change=lambda journey, part, form, now: changing.update_partner(
        journey, part, now=now, **_partner_facts(form)
    ),
    loading=(joinedload(Partner.organisation),),
    goes_with=lambda _part, _all: ["Only its part in this journey; the organisation itself stays."],
)

_CONTACTS = PartKind(
    name="contacts",
    one="contact",
    many="contacts",
    lead="The people to turn to. Name, post and institution stand on the journey’s page.",
    form=ContactForm,
    line=lambda part: _line(part.name, part.post, part.institution, part.email),
    values=_columns("name", "post", "institution", "email"),
    make=_adds(composing.add_contact),
    change=_updates(changing.update_contact),
)

_PUBLICATIONS = PartKind(
    name="publications",
    one="publication",
    many="publications",
    lead="What came out of the journey in print. The newest stands first; those of one date can be moved.",
    form=PublicationForm,
    line=lambda part: _line(
        part.title,
        _date_in_words(part) or "Undated",
        part.kind.capitalize(),
        part.publisher,
        part.part,
        ", ".join(row.name for row in part.credits),
        _in_its_language(part),
    ),
    values=lambda part: _columns(
        "title", "kind", "publisher", "part", "doi", "url", "suggested_citation", "summary", "language",
        "text_direction",
    )(part)
    | _credited(part),
    blank=_as_written,
    make=lambda journey, form, now: composing.add_publication(journey, now=now, **_publication_facts(form)),
    change=lambda journey, part, form, now: changing.update_publication(
        journey, part, now=now, **_publication_facts(form)
    ),
    loading=(selectinload(Publication.credits).joinedload(PublicationCredit.facilitator),),
    goes_with=_people_named,
    in_order=_publications_as_shown,
    beside=lambda part: (part.year, part.month, part.day),
)  # fmt: skip

_COUNTRY_GROUPS = PartKind(
    name="country-groups",
    one="country group",
    many="country groups",
    lead="The people of one member country, who come from several institutions. Each country has one group.",
    form=CountryGroupForm,
    line=lambda part: _line(part.name, country_name(part.country), _counted(part.members, "member")),
    values=lambda part: (
        _columns("country", "name", "summary")(part)
        | {"members": [_columns("name", "post", "institution", "note")(row) for row in part.members]}
    ),
    make=_adds(composing.add_country_group),
    change=_updates(changing.update_country_group),
    loading=(selectinload(CountryGroup.members),),
    goes_with=_members,
)

_QUESTION_HEADINGS = PartKind(
    name="question-headings",
    one="question heading",
    many="question headings",
    lead="Headings under which the participants’ questions are grouped. They nest once.",
    form=QuestionHeadingForm,
    line=lambda part: _line(part.title, depth=0 if part.parent_id is None else 1),
    values=lambda part: {"title": part.title, "parent": str(part.parent_id or "")},
    make=_adds(composing.add_question_heading),
    change=_updates(changing.update_question_heading),
    goes_with=_headings_below,
    in_order=_headings_as_shown,
    beside=lambda part: part.parent_id,
)

_EXPECTED_ZONES = PartKind(
    name="expected-zones",
    one="expected zone",
    many="expected zones",
    lead="Where you expect people from. Who is not signed in sees these zones, and times are chosen by them.",
    form=ExpectedZoneForm,
    line=lambda part: _line(
        offer_text(part.timezone),
        "Number not known" if part.people is None else _counted(range(part.people), "person", "people"),
    ),
    values=lambda part: {"zone": offer_text(part.timezone), "people": part.people},
    make=_add_expected_zone,
    change=_updates(changing.update_expected_zone),
    is_ordered=False,
)

KINDS: Mapping[str, PartKind] = {
    kind.name: kind
    for kind in (
        _OUTCOMES,
        _THEMES,
        _ACTIVITIES,
        _PARTNERS,
        _CONTACTS,
        _PUBLICATIONS,
        _COUNTRY_GROUPS,
        _QUESTION_HEADINGS,
        _EXPECTED_ZONES,
    )
}
"""By the name they have in addresses."""
