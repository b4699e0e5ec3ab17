"""The form of a series: a pattern or a list of dates, and what all its sessions have in common."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.domain.dated_lines import read_dated_lines
from app.domain.dates import weekday_name
from app.domain.errors import DomainError
from app.domain.recurrence import (
    MOST,
    EveryWeeks,
    Limit,
    Monthly,
    Nth,
    Occurrence,
    days_of,
    listed_occurrences,
    occurrences,
)
from app.domain.timezones import LONGEST_MINUTES, SHORTEST_MINUTES, Promise
from app.facilitators.models import Facilitator
from app.learning_sessions.models import LearningSession, Venue
from app.scheduling.answering import Answer
from app.scheduling.drafting import Draft
from app.scheduling.forms.adding import AddingFields
from app.scheduling.forms.date_rows import DateRows, Settled
from app.scheduling.forms.where import WhereFields
from app.scheduling.forms.with_whom import WithWhomFields, plain_line
from app.scheduling.series import NUMBER, Planned, assigned
from app.web.day_fields import DayField, HourField
from app.web.number_field import NumberField
from app.web.wall_fields import IfSaid
from app.web.zone_field import ZoneField

WEEKS, MONTHS, LIST = "weeks", "months", "list"
NEW, UNDATED = "new", "undated"
PATTERNS = {
    WEEKS: "Every week, or every so many weeks",
    MONTHS: "Monthly, by weekday",
    LIST: "A list of dates",
}
AS_THE_FIRST = SelectChoice("", "as the first date")
LONGEST_TITLE = 200
LONGEST_LIST = 20_000
HIGHEST_NUMBER = 10_000

OF_THE_DATES = (
    "pattern", "zone", "begins", "length", "first_on", "interval", "nth", "weekday", "count", "until",
    "dates",
)  # fmt: skip
OF_A_PATTERN = ("first_on", "interval", "count", "until")
NOT_OF_A_SERIES = ("opens", "opens_fold", "opens_asked", "closes", "closes_fold", "closes_asked", "agenda")


class SeriesForm(WhereFields, WithWhomFields, AddingFields):
    """`settled` are the dates with their rows, `series` what would be saved."""

    first_on_page = (
        "pattern", "first_on", "begins", "length", "zone", "interval", "nth", "weekday", "count", "until",
        "dates", "into", "answer_how", "title", "number_from", "attendance", "venue", "join_url",
        "facilitators",
    )  # fmt: skip
    field_of = {  # noqa: RUF012  # read, never changed
        "starts_wall": "begins",
        "starts": "begins",
        "length_minutes": "length",
        "timezone": "zone",
    }

    pattern = RadioField(
        "How the dates follow each other",
        choices=[SelectChoice(value, label) for value, label in PATTERNS.items()],
        default=WEEKS,
        invalid_choice_message="Choose one of these.",
    )
    first_on = DayField("First date", [IfSaid()])
    begins = HourField("Begins", [IfSaid()])
    length = NumberField("Minutes", [IfSaid()], default=90)
    zone = ZoneField(
        "Promised in the time of",
        [IfSaid()],
        description="City, country or abbreviation. The hour on this clock is the same on every date.",
    )
    interval = NumberField("Every so many weeks or months", [IfSaid()], default=1)
    nth = SelectField(
        "Which of the month",
        [IfSaid()],
        choices=[AS_THE_FIRST, *(SelectChoice(one.value, one.value) for one in Nth)],
        default="",
    )
    weekday = SelectField(
        "Weekday",
        [IfSaid()],
        choices=[
            AS_THE_FIRST, *(SelectChoice(str(n), weekday_name(date(2024, 1, 1 + n))) for n in range(7))
        ],
        default="",
    )  # fmt: skip
    count = NumberField("How many sessions", [IfSaid()])
    until = DayField("or until", [IfSaid()])
    dates = TextAreaField(
        "Dates",
        [IfSaid(), Length(max=LONGEST_LIST, message=f"Use at most {LONGEST_LIST:,} characters.")],
        description="One to a line, each perhaps with its own hour and title: "
        "2027-03-05, or 5 March 2027 14:00 – Paying hospitals. They are put in order of time.",
    )
    into = RadioField("These dates are for", [IfSaid()], choices=[], default=NEW)
    answer_how = RadioField(
        "Those who said they would come to a session without a date",
        choices=[SelectChoice(one.value, one.label) for one in Answer],
        default=Answer.PLACES.value,
        invalid_choice_message="Say what becomes of those who said they would come.",
    )
    title = StringField(
        "Title of new sessions",
        [plain_line, Length(max=LONGEST_TITLE, message=f"Use at most {LONGEST_TITLE} characters.")],
        default=f"Session {NUMBER}",
        description=f"{NUMBER} becomes the number of the session. A title in the list of dates comes first.",
    )
    number_from = NumberField("First number", [IfSaid()])
    rows = DateRows("Dates", most=MOST)
    shown = HiddenField()
    """The fingerprint of the table that was shown: nothing else is saved."""
    show = HiddenField()
    save = HiddenField()
    add = HiddenField()
    use = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NOT_OF_A_SERIES:
            del self[name]
        self.settled: list[Settled] = []
        self.series: list[Planned] = []

    def know(self, venues: Sequence[Venue], everybody: Sequence[Facilitator]) -> None:
        """What can be chosen."""
        self.know_venues(venues)
        self.know_facilitators(everybody)

    def know_undated(self, waiting: Sequence[LearningSession], interested: int) -> None:
        """The sessions without a date, and how many people wait for one."""
        self.waiting, self.interested = waiting, interested
        count = len(waiting)
        of_these = "the session without a date" if count == 1 else f"the {count} sessions without a date"
        self.into.choices = [
            SelectChoice(NEW, "New sessions"),
            SelectChoice(UNDATED, f"First {of_these}, in their order; then new sessions"),
        ]
        if not waiting:
            del self.into
        if not (waiting and interested):
            del self.answer_how

    @property
    def answer(self) -> Answer:
        """What becomes of those who said they would come to a session without a date."""
        return Answer(self.answer_how.data) if "answer_how" in self else Answer.NOTHING

    @property
    def status(self) -> int:
        return super().status if self.added or self.complaints else 200

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        self._forget_what_is_not_asked()
        self.find_where()
        self.find_people()
        try:
            self._find_dates()
        except DomainError as error:
            self.refuse(error)
        if self.save.data and not self.complaints:
            self.ask_about_new_names()
        return not self.complaints

    @property
    def is_answered(self) -> bool:
        """Whether every date is either kept or left out, and one is kept."""
        return bool(self.series) and all(one.held or one.is_left_out for one in self.settled)

    def planned(self, key: str) -> Planned | None:
        """What would be saved for one of the dates."""
        return next((one for one in self.series if one.key == key), None)

    def draft(self) -> Draft:
        """The first sitting; the others differ in their time only."""
        online, in_person = self.asks_online, self.asks_in_person
        lead = self.join_from_minutes.data
        return Draft(
            when=self.series[0].promise,
            attendance=self.way,
            venue=self.venue_facts,
            join_url=(self.join_url.data or "") if online else "",
            join_from_minutes=15 if lead is None or not online else lead,
            capacity_online=self.capacity_online.data if online else None,
            capacity_in_person=self.capacity_in_person.data if in_person else None,
            leaders=tuple(self.led_by),
        )

    def _find_dates(self) -> None:
        """Work out the dates, what was done to each, and the sessions they are for."""
        self._say_what_is_missing()
        if any(self[name].errors for name in OF_THE_DATES):
            return
        Promise(datetime(2024, 1, 1), self.zone.timezone, 0, self.length.data or 0)  # noqa: DTZ001
        found = self._occurrences()
        self.settled = self.rows.settle((f"{one.wall:%Y-%m-%dT%H:%M}", one) for one in found)
        kept = [one for one in self.settled if one.held is not None]
        if self.settled and all(one.is_left_out for one in self.settled):
            raise DomainError("Every date is left out. Keep at least one.")
        self.series = assigned(
            [(one.key, self._promise(one.held), one.held.title) for one in kept if one.held is not None],
            " ".join((self.title.data or "").split()),
            1 if self.number_from.data is None else self.number_from.data,
            self.waiting if self._dates_the_undated else (),
        )
        if any(not one.title for one in self.series):
            raise DomainError("Give the new sessions a title.", "title")

    def _promise(self, one: Occurrence) -> Promise:
        return Promise(one.wall, one.timezone, one.fold, self.length.data or 0)

    @property
    def _dates_the_undated(self) -> bool:
        return "into" in self and self.into.data == UNDATED

    def _occurrences(self) -> list[Occurrence]:
        at, timezone = self.begins.data, self.zone.timezone
        if self.pattern.data == LIST:
            return listed_occurrences(read_dated_lines(self.dates.data or ""), at, timezone)
        first = self.first_on.data
        if first is None or at is None:
            return []
        limit = Limit(self.count.data, self.until.data)
        return occurrences(days_of(self._pattern(first), first, limit), at, timezone)

    def _pattern(self, first: date) -> EveryWeeks | Monthly:
        interval = 1 if self.interval.data is None else self.interval.data
        if self.pattern.data == WEEKS:
            return EveryWeeks(interval)
        place = (first.day - 1) // 7
        nth = Nth(self.nth.data) if self.nth.data else list(Nth)[min(place, 4)]
        return Monthly(nth, int(self.weekday.data) if self.weekday.data else first.weekday(), interval)

    def _say_what_is_missing(self) -> None:
        if not self.zone.timezone and not self.zone.errors:
            self.wrong(self.zone, "Say in whose time it is promised: a city, a country or an abbreviation.")
        if self.length.data is None and not self.length.errors:
            self.wrong(
                self.length,
                f"Give the length, from {SHORTEST_MINUTES} to {LONGEST_MINUTES:,} minutes.",
            )
        number = self.number_from.data
        if number is not None and not 0 <= number <= HIGHEST_NUMBER:
            self.wrong(self.number_from, f"Give a number from 0 to {HIGHEST_NUMBER:,}.")
        if self.pattern.data == LIST:
            return
        if self.first_on.data is None and not self.first_on.errors:
            self.wrong(self.first_on, "Give the first date.")
        if self.begins.data is None and not self.begins.errors:
            self.wrong(self.begins, "Give the time at which every session begins, such as 13:00.")

    def _forget_what_is_not_asked(self) -> None:
        names: tuple[str, ...] = ("dates",)
        if self.pattern.data == LIST:
            names = (*OF_A_PATTERN, "nth", "weekday")
        if not self.asks_online:
            names = (*names, "join_url", "join_from_minutes", "capacity_online")
        if not self.asks_in_person:
            names = (*names, "venue", "venue_name", "venue_zone", "capacity_in_person")
        for name in names:
            self[name].errors = ()
