"""The form of a sitting: when, where, for how many, with whom. One form plans it and changes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from wtforms import BooleanField, Field, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.domain.attendance import Attendance
from app.domain.timezones import Promise, local, wall_of
from app.domain.zone_names import city
from app.facilitators.models import Facilitator
from app.learning_sessions.models import Offering, Venue
from app.learning_sessions.sittings import Days
from app.learning_sessions.storing import days_of, promise_of
from app.scheduling.answering import Answer
from app.scheduling.drafting import Draft
from app.scheduling.forms.adding import AddingFields
from app.scheduling.forms.when import DAYS, INSTANT, TIME, WhenFields
from app.scheduling.forms.where import NEW, NONE, WhereFields
from app.scheduling.forms.with_whom import WithWhomFields
from app.scheduling.refusals import WouldUnseat
from app.web.editing import EditForm
from app.web.wall_fields import IfSaid, show

WHEN = (
    "dating", "day", "begins", "fold", "length", "ends", "ends_next_day", "first_on", "last_on", "zone",
    "keep",
)  # fmt: skip
WHERE = (
    "attendance", "venue", "venue_name", "venue_address", "venue_city", "venue_country", "venue_zone",
    "join_url", "join_from_minutes", "capacity_online", "capacity_in_person",
    "opens", "opens_fold", "closes", "closes_fold",
)  # fmt: skip
OF_A_TIME = ("day", "begins", "fold", "length", "ends", "keep")
OF_DAYS = ("first_on", "last_on")
OF_A_NEW_VENUE = ("venue_name", "venue_address", "venue_city", "venue_country", "venue_zone")
ROWS = ("facilitators", "agenda")


class SittingFields(WhenFields, WhereFields, WithWhomFields, AddingFields):
    """`draft()` is the sitting that a sound form describes."""

    first_on_page: ClassVar[tuple[str, ...]] = (*WHEN, *WHERE, *ROWS)
    field_of = {  # noqa: RUF012  # read, never changed
        "starts_wall": "begins",
        "length_minutes": "length",
        "timezone": "zone",
        "registration_opens_at": "opens",
        "registration_closes_at": "closes",
    }

    check = HiddenField()
    use = HiddenField()
    add = HiddenField()

    default_zone = ""
    """The zone that a new sitting is promised in unless somebody names another."""

    def know(self, venues: Sequence[Venue], everybody: Sequence[Facilitator]) -> None:
        """What can be chosen."""
        self.know_venues(venues)
        self.know_facilitators(everybody)

    @property
    def asks(self) -> bool:
        """Whether a button was pressed that saves nothing."""
        return any(field.data for field in (self.check, self.use, self.add))

    @property
    def status(self) -> int:
        """200 for an answer to such a button, as long as the time it is about is sound."""
        return (422 if self.complaints else 200) if self.asks else super().status

    def answer(self) -> None:
        """Do what such a button says."""
        if not self.is_genuine():
            return
        if self.add.data in ROWS:
            self[self.add.data].grow()
            return
        if self.use.data:
            self._use(self.use.data)
        self.look_at_time()

    def look_at_time(self) -> None:
        """Work out when it is, and say what is wrong with that and nothing else."""
        for name in WHEN:
            self[name].validate(self)
        self._forget_what_is_not_asked()
        self.find_when()
        self.led_by = [
            (self.known_by_name(row.form.name.data or "") or "", "") for row in self.facilitators.filled
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        self._forget_what_is_not_asked()
        self.find_when()
        if self.is_dated:
            self.find_where()
            self._take_registration_along()
            self.find_registration(self.zone.timezone)
            self.find_people()
            self.find_agenda(self.minutes)
            is_sound = not self.complaints
            self._propose_zone_of_venue()
            if is_sound:
                self.ask_about_new_names()
        return not self.complaints

    def draft(self) -> Draft:
        """The sitting that a sound form describes."""
        assert self.when is not None  # noqa: S101  # a sound form that is dated knows when
        online, in_person = self.asks_online, self.asks_in_person
        lead = self.join_from_minutes.data
        return Draft(
            when=self.when,
            attendance=self.way,
            venue=self.venue_facts,
            join_url=(self.join_url.data or "") if online else "",
            join_from_minutes=15 if lead is None or not online else lead,
            capacity_online=self.capacity_online.data if online else None,
            capacity_in_person=self.capacity_in_person.data if in_person else None,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            leaders=tuple(self.led_by),
            agenda=self.parts,
        )

    @property
    def new_names(self) -> list[str]:
        """Those for whom a facilitator's page is made."""
        return [person for person, _ in self.led_by if isinstance(person, str)]

    def spare_rows(self, facilitators: int = 1, items: int = 1) -> None:
        """Empty rows to write in, on a page that is opened."""
        self.facilitators.grow(facilitators)
        self.agenda.grow(items)

    def _use(self, chosen: str) -> None:
        """Take over what a button offers: a wall time for a field, or a zone."""
        name, _, value = chosen.partition(" ")
        if name == "zone":
            show(self.zone, value)
            return
        try:
            wall = datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # a wall time
        except ValueError:
            return
        if name == "begins":
            show(self.day, wall.date())
            show(self.begins, wall.time())
        elif name in ("opens", "closes"):
            show(self[name], wall)

    def _not_asked(self) -> set[str]:
        names: set[str] = set()
        if not self.is_dated:
            return {*WHEN, *WHERE, *ROWS} - {"dating"}
        if self.dating.data != TIME:
            names.update(OF_A_TIME)
        if self.dating.data != DAYS:
            names.update(OF_DAYS)
        if not self.asks_online:
            names.update(("join_url", "join_from_minutes", "capacity_online"))
        if not self.asks_in_person:
            names.update(("venue", *OF_A_NEW_VENUE, "capacity_in_person"))
        if self.venue.data != NEW and not (self.venue.data == NONE and self.venue_name.data):
            names.update(OF_A_NEW_VENUE)
        return names

    def _forget_what_is_not_asked(self) -> None:
        for name in self._not_asked():
            field: Field = self[name]
            field.errors = ()
            for row in getattr(field, "entries", ()):
                for inner in row:
                    inner.errors = ()

    def _take_registration_along(self) -> None:
        """Where the instant stays in another zone, registration left as it was keeps its instants too."""

    def _propose_zone_of_venue(self) -> None:
        """In person the venue's clock is the one to keep: pages call the promised time the venue's.

        Another zone whose clocks differ there and then would send people at a wrong hour: it is refused.
        """
        venue, zone = self.venue_facts, self.zone.timezone
        if venue is None or self.when is None or self.way is not Attendance.IN_PERSON:
            return
        if venue.timezone == zone or _begins(self.when, zone) == _begins(self.when, venue.timezone):
            return
        self.offer_zone_of(venue)
        self.wrong(
            self.zone,
            f"The clocks at the venue show the time of {city(venue.timezone)}, and this is promised in "
            f"that of {city(zone)}. Who comes reads it as the venue’s time: promise it in that.",
        )


class SittingForm(SittingFields, EditForm):
    """Planning a sitting, or changing one. The confirmation page sends it again with `confirmed`."""

    confirmed = BooleanField()
    back = HiddenField()
    change_note = TextAreaField(
        "Note to participants",
        [IfSaid(), Length(max=2000, message="Use at most 2,000 characters.")],
        description="Stands in the public change log and in the mail that tells it. Plain text.",
    )
    may_unseat = BooleanField("Move them to the head of the waiting list")
    unseats = HiddenField()
    """The places of those who were named when consent was asked for."""
    answer_how = RadioField(
        "Those who said they would come",
        choices=[SelectChoice(one.value, one.label) for one in Answer],
        default=Answer.PLACES.value,
        invalid_choice_message="Say what becomes of those who said they would come.",
    )

    loss: WouldUnseat | None = None
    """Who would lose a place; then the form asks for consent."""
    held_window: tuple[datetime | None, datetime | None] = (None, None)

    @property
    def asks(self) -> bool:
        return super().asks or bool(self.back.data)

    def ask_about(self, loss: WouldUnseat) -> None:
        """Name those who would lose a place, and ask for consent to that and to nothing else."""
        self.loss, self.may_unseat.data = loss, False
        self.unseats.data = " ".join(map(str, sorted(loss.place_ids)))
        self.refuse(loss)

    @property
    def agreed(self) -> frozenset[int]:
        """The places whose loss was agreed to."""
        named = (self.unseats.data or "").split() if self.may_unseat.data else ()
        return frozenset(int(one) for one in named if one.isascii() and one.isdigit() and len(one) < 20)

    @property
    def note(self) -> str:
        """The note, once it is sound."""
        return "" if self.change_note.errors else self.change_note.data or ""

    @property
    def is_only_note_wrong(self) -> bool:
        """Whether the form is sound besides the note, which the confirmation page asks for."""
        return set(self.errors) == {"change_note"}

    def hold(self, offering: Offering) -> None:
        """Know what the sitting promises now."""
        self.held, self.held_at = promise_of(offering) or days_of(offering), offering.starts_at
        self.held_window = (offering.registration_opens_at, offering.registration_closes_at)

    def open_window(self) -> None:
        """On a page that is opened: which of two equal times is meant, of the start and of registration."""
        self.ask_about_held()
        if self.held is not None:
            self.show_registration(*self.held_window, self.held.timezone)

    def _take_registration_along(self) -> None:
        if self.held is None or self.keep.data != INSTANT or self.keep_asked.data != self.zone.timezone:
            return
        for field, instant in zip((self.opens, self.closes), self.held_window, strict=True):
            if instant and field.data == local(instant, self.held.timezone).replace(tzinfo=None, fold=0):
                there = local(instant, self.zone.timezone)
                show(field, there.replace(tzinfo=None, fold=0))
                fold = self.opens_fold if field is self.opens else self.closes_fold
                fold.data = str(there.fold)


def _begins(when: Promise | Days, timezone: str) -> datetime:
    """The instant at which it would begin if it were promised in the time of this zone."""
    if isinstance(when, Days):
        return wall_of(datetime.combine(when.first_on, datetime.min.time()), timezone)
    return wall_of(when.starts_wall, timezone, when.fold)
