"""Forms of reserved places: reserving them for a group, and giving them to people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.accounts.forms import LONGEST_EMAIL, LONGEST_NAME, an_email, one_line
from app.domain.attendance import Way
from app.domain.timezones import local
from app.domain.zone_directory import offer_text
from app.domain.zone_names import zones_with_countries
from app.enrolments.reserved import ReservedBlock
from app.enrolments.reserving import Wanted
from app.journeys.models import CountryGroup
from app.learning_sessions.models import Offering
from app.organisations.models import Organisation
from app.participants.models import Participant
from app.web.editing import EditForm
from app.web.forms import BaseForm
from app.web.number_field import NumberField
from app.web.wall_fields import Asked, IfSaid, WallField, WallForm
from app.web.zone_field import ZoneField

ANOTHER = ""
LONGEST_GROUP = 200


class BlockForm(WallForm, EditForm):
    """Places for a group. `release_at` is known once the form is sound."""

    first_on_page = ("group", "name", "way", "places", "release", "release_fold", "zone", "focal")

    group = SelectField("Group", [IfSaid()], choices=[], default=ANOTHER)
    name = StringField(
        "What the group is called",
        [IfSaid(), Length(max=LONGEST_GROUP, message="Use at most 200 characters."), one_line],
        description="People read it with their place. Empty: as the group chosen above is called.",
    )
    way = RadioField(
        "How they attend", [IfSaid()], choices=[], invalid_choice_message="Choose how they attend."
    )
    places = NumberField("Places", [InputRequired("Say how many places.")])
    release = WallField("Places without a name go back on", [InputRequired("Say when they go back.")])
    release_fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    release_asked = HiddenField()
    zone = ZoneField("In the time of", [InputRequired("Say in whose time.")])
    focal = StringField(
        "Focal person",
        [IfSaid(), Length(max=LONGEST_EMAIL, message="Use at most 254 characters."), one_line],
        description="Who names the people, besides the organisers: their e-mail address, or the name of "
        "somebody enrolled. They need an account. Empty: the organisers name the people.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    field_of = {"release_at": "release"}  # noqa: RUF012  # read, never changed
    release_at: datetime | None = None

    def offer(
        self, offering: Offering, groups: Sequence[CountryGroup], organisations: Sequence[Organisation]
    ) -> None:
        """Offer these groups, and the ways in which the sitting can be attended."""
        self.group.choices = [
            SelectChoice(ANOTHER, "Another group: named below"),
            *(SelectChoice(f"c{one.id}", one.name, optgroup="Country groups") for one in groups),
            *(SelectChoice(f"o{one.id}", one.name, optgroup="Organisations") for one in organisations),
        ]
        self.called = {f"c{one.id}": one.name for one in groups}
        self.called |= {f"o{one.id}": one.name for one in organisations}
        ways = offering.attendance.ways
        self.way.choices = [SelectChoice(way.value, way.label.capitalize()) for way in ways]
        if not self.way.data:
            self.way.data = ways[0].value

    def find_release(self) -> bool:
        """Work out the moment of the release; whether the form is still sound."""
        self.release_at = self.instant_of(self._release, self.zone.timezone)
        return not self.errors

    def ask_about(self, block: ReservedBlock) -> None:
        """Show which of two equal times the stored release means."""
        self.show_instant(block.release_at, self._release, block.timezone)

    def wanted(self, focal: Participant | None) -> Wanted:
        """What a sound form asks for."""
        group = self.group.data or ANOTHER
        assert self.places.data is not None and self.release_at is not None  # noqa: S101, PT018  # sound
        return Wanted(
            name=" ".join((self.name.data or self.called.get(group, "")).split()),
            way=Way(self.way.data),
            places=self.places.data,
            release_at=self.release_at,
            timezone=self.zone.timezone,
            focal=focal,
            country_group_id=_number(group, "c"),
            organisation_id=_number(group, "o"),
        )

    @property
    def _release(self) -> Asked:
        return Asked(self.release, self.release_fold, self.release_asked)


class PersonForm(BaseForm):
    """Whom a place is given to."""

    first_on_page = ("email", "person_name")

    email = EmailField(
        "E-mail",
        [
            InputRequired("Give the person’s e-mail address."),
            an_email,
            Length(max=LONGEST_EMAIL, message="This is longer than any e-mail address."),
        ],
        description="Where we write to them that they have the place.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    person_name = StringField(
        "Name",
        [IfSaid(), Length(max=LONGEST_NAME, message="Use at most 200 characters."), one_line],
        description="Needed for somebody whose address we do not know yet. Who has an account keeps the "
        "name given there.",
        render_kw={"autocomplete": "off"},
    )

    def refuse(self, error: Any) -> None:
        """As always; the domain's `name` is the person's."""
        if error.field == "name":
            self.person_name.errors = [*self.person_name.errors, str(error)]
        else:
            super().refuse(error)


def stored_block(block: ReservedBlock) -> Mapping[str, Any]:
    """A block by the names of the fields that show it."""
    zone = block.timezone
    group = f"c{block.country_group_id}" if block.country_group_id else ANOTHER
    return {
        "group": f"o{block.organisation_id}" if block.organisation_id else group,
        "name": block.name,
        "way": block.way.value,
        "places": block.places,
        "release": local(block.release_at, zone).replace(tzinfo=None, fold=0),
        "zone": offer_text(zone) if zone in zones_with_countries() else zone,
        "focal": block.focal.name if block.focal is not None else "",
    }


def new_block(offering: Offering) -> Mapping[str, Any]:
    """What the form for another block begins with."""
    zone = offering.timezone
    return {"zone": offer_text(zone) if zone in zones_with_countries() else zone}


def _number(key: str, kind: str) -> int | None:
    return int(key[1:]) if key.startswith(kind) else None
