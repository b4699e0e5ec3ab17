"""The part of a form that says when a sitting is: a promise, or whole days. Works out which is meant."""

from datetime import datetime, time, timedelta

from wtforms import BooleanField, Field, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice

from app.domain.errors import DomainError
from app.domain.timezones import LONGEST_MINUTES, SHORTEST_MINUTES, Promise, wall_of
from app.domain.wall_spans import minutes_until, promised_at, said_in
from app.learning_sessions.sittings import Days
from app.web.day_fields import DayField, HourField
from app.web.number_field import NumberField
from app.web.wall_fields import Asked, IfSaid, WallForm, show
from app.web.zone_field import ZoneField

UNDATED, TIME, DAYS = "none", "time", "days"
WALL, INSTANT = "wall", "instant"
DATING = {TIME: "A day and a time", DAYS: "Whole days, without hours"}
TOO_LONG = (
    "This lasts {}. A sitting lasts at most 24 hours: plan several sittings, or choose whole days above."
)


class WhenFields(WallForm):
    """`when` is the promise or the days once the form is sound; None for a session without a date."""

    dating = RadioField(
        "What is known of the date",
        choices=[SelectChoice(value, label) for value, label in DATING.items()],
        default=TIME,
        invalid_choice_message="Choose one of these.",
    )
    day = DayField("Day", [IfSaid()])
    begins = HourField("Begins", [IfSaid()])
    length = NumberField("Minutes", [IfSaid()])
    ends = HourField("or ends at", [IfSaid()])
    ends_next_day = BooleanField("on the next day")
    first_on = DayField("First day", [IfSaid()])
    last_on = DayField("Last day", [IfSaid()], description="Leave empty for a single day.")
    zone = ZoneField(
        "Promised in the time of",
        [IfSaid()],
        description="City, country or abbreviation. This is the clock that is kept if a country changes its "
        "rules.",
    )
    fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    fold_asked = HiddenField()
    keep = RadioField(
        "The zone is another now. What is to stay?", [IfSaid()], choices=[], validate_choice=False
    )
    keep_asked = HiddenField()

    held: Promise | Days | None = None
    """What the sitting promises now; None for a new one."""
    held_at: datetime | None = None
    """The instant that was derived from it."""
    when: Promise | Days | None = None

    @property
    def is_dated(self) -> bool:
        return bool(self.dating.data != UNDATED)

    @property
    def minutes(self) -> int | None:
        """How long it lasts as far as that is known, also while it is not when."""
        if isinstance(self.when, Promise):
            return self.when.length_minutes
        return self.length.data if self.dating.data == TIME and not self.length.errors else None

    def find_when(self) -> bool:
        """Work out `when` from what was typed; what is missing or cannot be is said at its field."""
        self.when = None
        if not self.is_dated:
            return not self._is_day_left_over()
        self._accept_held_zone()
        if not self.zone.timezone and not self.zone.errors:
            self.wrong(self.zone, "Say in whose time it is promised: a city, a country or an abbreviation.")
        try:
            self.when = self._days() if self.dating.data == DAYS else self._promise()
        except DomainError as error:
            self.refuse(error)
        return self.when is not None

    def ask_about_held(self) -> None:
        """Show which of two equal times a stored promise means."""
        if isinstance(self.held, Promise) and self.offer_folds(
            self.asked_of_start, self.held.starts_wall, self.held.timezone
        ):
            self.fold.data = str(self.held.fold)

    @property
    def asked_of_start(self) -> Asked:
        return Asked(self.begins, self.fold, self.fold_asked)

    def _is_day_left_over(self) -> bool:
        """Whether a day was typed for a session that has none: one of the two is not meant."""
        typed = [field for field in (self.day, self.first_on) if any(filter(None, field.raw_data or ()))]
        for field in typed:
            self.wrong(field, "By your choice above there is no date yet. Choose another one, or empty this.")
        return bool(typed)

    def _accept_held_zone(self) -> None:
        """A zone that is gone from the data stays, as long as nobody names another."""
        if self.held is not None and (self.zone.data or "").strip() == self.held.timezone:
            self.zone.timezone, self.zone.errors = self.held.timezone, ()

    def _days(self) -> Days | None:
        first, last = self.first_on.data, self.last_on.data
        if first is None and not self.first_on.errors:
            self.wrong(self.first_on, "Give the first day.")
        if first is None or self.first_on.errors or self.last_on.errors or not self.zone.timezone:
            return None
        return Days(first, last or first, self.zone.timezone)

    def _promise(self) -> Promise | None:
        self._say_what_is_missing()
        wall = self._wall()
        if wall is None or not self.zone.timezone or self.zone.errors:
            return None
        if self._is_zone_question_open(wall):
            return None
        wall = self._wall() or wall
        fold = self._fold(wall)
        length = self._length(wall, fold or 0)
        if fold is None or length is None:
            return None
        return Promise(wall, self.zone.timezone, fold, length)

    def _say_what_is_missing(self) -> None:
        if self.day.data is None and not self.day.errors:
            self.wrong(self.day, "Give the day.")
        if self.begins.data is None and not self.begins.errors:
            self.wrong(self.begins, "Give the time at which it begins, such as 13:00.")
        if (
            self.length.data is None
            and self.ends.data is None
            and not (self.length.errors or self.ends.errors)
        ):
            self.wrong(self.length, "Give the length in minutes, or the time at which it ends.")

    def _wall(self) -> datetime | None:
        if self.day.data is None or self.begins.data is None or self.day.errors or self.begins.errors:
            return None
        return datetime.combine(self.day.data, self.begins.data)

    def _stays(self, wall: datetime) -> bool:
        """Whether the stored wall time and zone were left as they are: what was promised then stands."""
        held = self.held
        return isinstance(held, Promise) and (held.starts_wall, held.timezone) == (wall, self.zone.timezone)

    def _fold(self, wall: datetime) -> int | None:
        held = self.held
        if isinstance(held, Promise) and self._stays(wall):
            chosen = self.chosen_fold(self.asked_of_start, wall, held.timezone)
            return held.fold if chosen is None else chosen
        return self.sound_fold(self.asked_of_start, wall, self.zone.timezone)

    def _length(self, wall: datetime, fold: int) -> int | None:
        """Minutes, from either field; both together must agree."""
        if self.length.errors or self.ends.errors:
            return None
        minutes, field = self.length.data, self.length
        if self.ends.data is not None:
            until = self._minutes_until_end(wall, fold, self.ends.data)
            if minutes is not None and minutes != until:
                self.wrong(self.ends, f"This is not {minutes} minutes later. Empty one of the two fields.")
                return None
            minutes, field = until, self.ends
        return None if minutes is None or not self._is_possible(minutes, field) else minutes

    def _minutes_until_end(self, wall: datetime, fold: int, ends: time) -> int:
        day = wall.date() + timedelta(days=1 if self.ends_next_day.data else 0)
        starts_at = wall_of(wall, self.zone.timezone, fold)
        return minutes_until(starts_at, datetime.combine(day, ends), self.zone.timezone)

    def _is_possible(self, minutes: int, field: Field) -> bool:
        if field is self.ends and minutes <= 0:
            self.wrong(
                field, "It would end before it begins. If it ends after midnight, tick “on the next day”."
            )
        elif minutes < SHORTEST_MINUTES:
            self.wrong(field, f"A session lasts at least {SHORTEST_MINUTES} minutes.")
        elif minutes > LONGEST_MINUTES:
            hours = f"{minutes // 60:,} hours" if minutes % 60 == 0 else f"{minutes:,} minutes"
            self.wrong(field, TOO_LONG.format(hours))
        else:
            return True
        return False

    def _is_zone_question_open(self, wall: datetime) -> bool:
        """Whether it must still be said what stays, now that the zone is another and the wall time is not.

        When the instant is to stay, day and time become those of the new zone.
        """
        held, zone = self.held, self.zone.timezone
        if not isinstance(held, Promise) or held.timezone == zone or held.starts_wall != wall:
            return False
        at_once = wall_of(wall, zone)
        if self.held_at is None or at_once == self.held_at:
            return False
        self._offer_what_to_keep(held, self.held_at, at_once)
        if self.keep_asked.data != zone or self.keep.data not in (WALL, INSTANT):
            self.keep_asked.data, self.keep.data = zone, None
            self.wrong(self.keep, "Say what is to stay: the time on the clock, or the moment itself.")
            return True
        if self.keep.data == INSTANT:
            self._take_over(promised_at(self.held_at, zone, held.length_minutes))
        return False

    def _offer_what_to_keep(self, held: Promise, moment: datetime, at_once: datetime) -> None:
        zone, day = self.zone.timezone, held.starts_wall.date()
        self.keep.choices = [
            SelectChoice(
                WALL,
                f"Keep the time on the clock: {said_in(at_once, zone, day)}, "
                f"which is {said_in(at_once, held.timezone, day)}",
            ),
            SelectChoice(
                INSTANT,
                f"Keep the moment: {said_in(moment, zone, day)}, still {said_in(moment, held.timezone, day)}",
            ),
        ]

    def _take_over(self, promise: Promise) -> None:
        """Let the fields show a promise."""
        show(self.day, promise.starts_wall.date())
        show(self.begins, promise.starts_wall.time())
        self.offer_folds(self.asked_of_start, promise.starts_wall, promise.timezone)
        self.fold.data = str(promise.fold)
