"""Fields that hold a wall time: what clocks skip gets a way out, what they show twice is asked about."""

from datetime import date, datetime
from typing import Any, NamedTuple

from wtforms import DateTimeLocalField, Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.domain.dates import short_day
from app.domain.errors import DomainError
from app.domain.timezones import TimeDoesNotExist, TimeHappensTwice, WallChoice, check_wall, local, wall_of
from app.web.day_fields import FIRST_YEAR, LAST_YEAR
from app.web.forms import BaseForm

A_MOMENT = "Give a day and a time, such as 2027-03-05 09:00."


class IfSaid(Optional):
    """Nothing typed is no fault of the field itself: whether it is needed depends on others."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, bool] = {}


class WallField(DateTimeLocalField):
    """A day and a time of day as clocks show them, from 1970 to 2100."""

    data: datetime | None

    def __init__(self, label: str = "", validators: object = None, **options: object) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        super().__init__(label, validators, format=formats, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it. Raises ValueError, with the sentence to show, for what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(A_MOMENT) from error
        if self.data is not None and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(f"Give a day in a year between {FIRST_YEAR} and {LAST_YEAR}.")
        if self.data is not None:
            self.data = self.data.replace(second=0)


class Asked(NamedTuple):
    """A wall time in a form, with the question which of two equal ones is meant."""

    field: Field
    fold: Field
    about: Field
    """Hidden: the wall time and zone that the question was about."""


class Offer(NamedTuple):
    """A submit button that mends a field: what it says, and its value (`use`)."""

    text: str
    value: str


class WallForm(BaseForm):
    """A form with wall times. `offers`: buttons by the name of the field they mend."""

    field_of: dict[str, str] = {}  # noqa: RUF012  # read, never changed
    """The field of this form where the domain's name for it is another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers: dict[str, list[Offer]] = {}

    def is_genuine(self) -> bool:
        """Whether the form comes from a page of ours; all that is looked at when nothing is to be saved."""
        return bool(self.csrf_token.validate(self))

    def wrong(self, field: Field, sentence: str) -> None:
        """Say at a field what is wrong with it."""
        field.errors = [*field.errors, sentence]

    def refuse(self, error: DomainError) -> None:
        """As always, under this form's names."""
        super().refuse(DomainError(error.message, self.field_of.get(error.field or "", error.field)))

    def chosen_fold(self, asked: Asked, wall: datetime, timezone: str) -> int | None:
        """The answer to the question, if it was about this wall time."""
        self.offer_folds(asked, wall, timezone)
        is_answered = asked.fold.data in ("0", "1") and asked.about.data in ("", None, _about(wall, timezone))
        asked.about.data = _about(wall, timezone)
        return int(asked.fold.data) if is_answered else None

    def offer_folds(self, asked: Asked, wall: datetime, timezone: str) -> bool:
        """Let the question stand in the form if the wall time comes twice."""
        try:
            check_wall(wall, timezone)
        except TimeHappensTwice as twice:
            asked.fold.choices = [SelectChoice(str(one.fold), _fold_words(one)) for one in twice.choices]
            return True
        except DomainError:
            return False
        return False

    def sound_fold(self, asked: Asked, wall: datetime, timezone: str) -> int | None:
        """The fold of a wall time; None when it does not exist or must be asked about, which is then said."""
        chosen = self.chosen_fold(asked, wall, timezone)
        try:
            return check_wall(wall, timezone, chosen)
        except TimeDoesNotExist as gap:
            self.wrong(asked.field, gap.message)
            self.offer_first_after(asked.field, gap)
        except TimeHappensTwice as twice:
            asked.fold.data = None
            self.wrong(asked.fold, twice.message)
        return None

    def instant_of(self, asked: Asked, timezone: str) -> datetime | None:
        """The instant that a sound field means in a zone; None when it is empty, or something is wrong."""
        wall = asked.field.data
        if wall is None or asked.field.errors or not timezone:
            return None
        fold = self.sound_fold(asked, wall, timezone)
        return None if fold is None else wall_of(wall, timezone, fold)

    def show_instant(self, instant: datetime | None, asked: Asked, timezone: str) -> None:
        """Let a field show an instant as the zone's clocks do."""
        at = local(instant, timezone) if instant else None
        show(asked.field, at.replace(tzinfo=None, fold=0) if at else None)
        if at and self.offer_folds(asked, asked.field.data, timezone):
            asked.fold.data = str(at.fold)

    def offer_first_after(self, field: Field, gap: TimeDoesNotExist) -> None:
        """Offer the first minute after a gap as a button."""
        value = f"{field.name} {gap.first_after:%Y-%m-%dT%H:%M}"
        self.offers[field.name] = [Offer(_gap_words(gap.first_after, gap.wall.date()), value)]


def show(field: Field, value: Any) -> None:
    """Put a value into a field in the place of what was typed."""
    field.raw_data, field.data, field.errors = None, value, ()


def _about(wall: datetime, timezone: str) -> str:
    return f"{wall:%Y-%m-%dT%H:%M} {timezone}"


def _fold_words(one: WallChoice) -> str:
    """`01:30 BST, UTC+1 (the first)`."""
    zone = ", ".join(dict.fromkeys(filter(None, (one.abbreviation, one.offset))))
    return f"{one.clock} {zone} ({('the first', 'the second')[one.fold]})"


def _gap_words(first_after: datetime, day: date) -> str:
    other = f" on {short_day(first_after.date())}" if first_after.date() != day else ""
    return f"Use {first_after:%H:%M}{other}"
