"""The part of a form that says how a sitting is attended: where, by which link, by how many."""

from collections.abc import Sequence
from datetime import datetime

from wtforms import Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.domain.attendance import Attendance, Way
from app.domain.errors import DomainError
from app.domain.links import check_link
from app.domain.zone_choice import one_per_clock
from app.domain.zone_directory import countries, country_name, offer_text, zones_of
from app.domain.zone_names import city
from app.learning_sessions.models import Venue
from app.learning_sessions.sittings import A_LINK, LARGEST_CAPACITY
from app.scheduling.drafting import VenueFacts
from app.web.clock import now
from app.web.number_field import NumberField
from app.web.wall_fields import Asked, IfSaid, Offer, WallField, WallForm, show
from app.web.zone_field import ZoneField

NONE, NEW = "", "new"
LONGEST_LEAD = 7 * 24 * 60
NO_LIMIT = "Leave empty for no limit."


def short(most: int = 200) -> list[object]:
    """At most so many characters, and none at all is right too."""
    return [IfSaid(), Length(max=most, message=f"Use at most {most:,} characters.")]


class WhereFields(WallForm):
    """`venue_facts`, `opens_at` and `closes_at` are known once the form is sound."""

    attendance = RadioField(
        "How people attend",
        choices=[SelectChoice(one.value, one.label.capitalize()) for one in Attendance],
        default=Attendance.ONLINE.value,
        invalid_choice_message="Choose how people attend.",
    )
    venue = SelectField("Venue", choices=[], default=NONE)
    venue_name = StringField("Name of the venue", short())
    venue_address = StringField("Address", short(500))
    venue_city = StringField("City", short())
    venue_country = SelectField("Country", [IfSaid()], choices=[], default=NONE)
    venue_zone = ZoneField(
        "Its time zone", [IfSaid()], description="Leave empty for the time zone of the country."
    )
    join_url = StringField(
        "Join link",
        short(2000),
        description="Only people with a confirmed place, the facilitators and the organisers see it.",
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    join_from_minutes = NumberField(
        "Minutes before the start when it appears", [IfSaid()], default=15, description="15 unless you say."
    )
    capacity_online = NumberField("Places online", [IfSaid()], description=NO_LIMIT)
    capacity_in_person = NumberField("Places in person", [IfSaid()], description=NO_LIMIT)
    opens = WallField("Places can be asked for from", [IfSaid()])
    opens_fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    opens_asked = HiddenField()
    closes = WallField("Places can be asked for until", [IfSaid()])
    closes_fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    closes_asked = HiddenField()

    venue_facts: VenueFacts | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def know_venues(self, venues: Sequence[Venue]) -> None:
        """Offer these venues, and a new one."""
        self.venues = {str(one.id): one for one in venues}
        self.venue.choices = [
            SelectChoice(NONE, "No venue yet"),
            *(SelectChoice(key, _called(one)) for key, one in self.venues.items()),
            SelectChoice(NEW, "A new venue: described below"),
        ]
        self.venue_country.choices = [
            SelectChoice(NONE, "Choose the country"), *(SelectChoice(*row) for row in countries())
        ]  # fmt: skip

    @property
    def way(self) -> Attendance:
        """How people attend, as far as it was said."""
        known = {one.value: one for one in Attendance}
        return known.get(self.attendance.data or "", Attendance.ONLINE)

    @property
    def asks_in_person(self) -> bool:
        return Way.IN_PERSON in self.way.ways

    @property
    def asks_online(self) -> bool:
        return Way.ONLINE in self.way.ways

    def find_where(self) -> None:
        """Work out the venue; look at the link and the numbers of places."""
        self.venue_facts = self._venue() if self.asks_in_person else None
        if self.asks_online:
            self._look_at_link()
        for field, counts in (
            (self.capacity_online, self.asks_online), (self.capacity_in_person, self.asks_in_person)
        ):  # fmt: skip
            if counts:
                self._look_at_capacity(field)

    def find_registration(self, timezone: str) -> None:
        """Work out from when until when places can be asked for; the fields hold wall times of the zone."""
        self.opens_at = self.instant_of(Asked(self.opens, self.opens_fold, self.opens_asked), timezone)
        self.closes_at = self.instant_of(Asked(self.closes, self.closes_fold, self.closes_asked), timezone)

    def show_registration(self, opens_at: datetime | None, closes_at: datetime | None, timezone: str) -> None:
        """Let the fields show instants as the zone's clocks do."""
        self.show_instant(opens_at, Asked(self.opens, self.opens_fold, self.opens_asked), timezone)
        self.show_instant(closes_at, Asked(self.closes, self.closes_fold, self.closes_asked), timezone)

    def _venue(self) -> VenueFacts | None:
        chosen = self.venue.data or NONE
        known = self.venues.get(chosen)
        if known is not None:
            return VenueFacts(known.id, known.name, known.timezone, known.address, known.city, known.country)
        is_new = chosen == NEW or (chosen == NONE and self.venue_name.data)
        return self._new_venue() if is_new and not self.venue.errors else None

    def _new_venue(self) -> VenueFacts | None:
        name = " ".join((self.venue_name.data or "").split())
        if not name:
            self.wrong(self.venue_name, "Give the new venue a name.")
        timezone = self._venue_zone()
        if not name or not timezone:
            return None
        return VenueFacts(
            None, name, timezone, self.venue_address.data or "", self.venue_city.data or "",
            self.venue_country.data or None,
        )  # fmt: skip

    def _venue_zone(self) -> str:
        """The zone named, else the country's only one. Where it has several the chief one is proposed."""
        if self.venue_zone.timezone or self.venue_zone.errors:
            return self.venue_zone.timezone
        country = self.venue_country.data or ""
        zones = zones_of(country)
        if not zones:
            self.wrong(self.venue_zone, "Choose the country of the venue, or name its time zone.")
            return ""
        if len(one_per_clock(zones, now())) > 1:
            show(self.venue_zone, zones[0])
            self.venue_zone.process_data(zones[0])
            self.wrong(
                self.venue_zone,
                f"{country_name(country)} has several time zones; that of {city(zones[0])} is proposed. "
                "Save again if it is right, or name another.",
            )
            return ""
        return zones[0]

    def _look_at_link(self) -> None:
        try:
            check_link(self.join_url.data or "")
        except DomainError:
            if not self.join_url.errors:
                self.wrong(self.join_url, A_LINK)
        minutes = self.join_from_minutes.data
        if minutes is not None and not 0 <= minutes <= LONGEST_LEAD:
            self.wrong(
                self.join_from_minutes,
                f"Give a whole number from 0 to {LONGEST_LEAD:,}, which is a week.",
            )

    def _look_at_capacity(self, field: Field) -> None:
        number = field.data
        if number is None or field.errors:
            return
        if number == 0:
            self.wrong(field, "With no place nobody could come. Leave it empty for no limit.")
        elif number < 0:
            self.wrong(field, "There cannot be fewer places than one. Leave it empty for no limit.")
        elif number > LARGEST_CAPACITY:
            self.wrong(field, f"Give at most {LARGEST_CAPACITY:,} places, or leave it empty for no limit.")

    def offer_zone_of(self, venue: VenueFacts) -> None:
        """Offer to promise the sitting in the time of the venue."""
        self.offers.setdefault("zone", []).append(
            Offer(f"Use the time of {city(venue.timezone)}", f"zone {offer_text(venue.timezone)}")
        )


def _called(venue: Venue) -> str:
    place = venue.city or (country_name(venue.country) if venue.country else "")
    return f"{venue.name}, {place}" if place else venue.name
