"""The part of a form that asks where somebody is and when they work."""

from datetime import time
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.domain.dates import WEEKDAYS, listed
from app.domain.zone_choice import (
    COUNTRY,
    Unclear,
    ZoneAnswer,
    ZoneOption,
    known_zone,
    zone_from,
    zone_options,
)
from app.domain.zone_directory import countries, offer_text
from app.domain.zone_names import zones_with_countries
from app.web.clock import now
from app.web.forms import BaseForm

DAY_NAMES = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
             "sat": "Saturday", "sun": "Sunday"}  # fmt: skip
USUAL_DAYS_OFF = ("sat sun", "fri sat", "thu fri", "fri", "sat", "sun", "fri sun", "none")
AS_USUAL = ""
NO_DAY = "none"


def country_choices() -> list[SelectChoice]:
    return [
        SelectChoice("", "Choose your country"),
        *(SelectChoice(code, name) for code, name in countries()),
    ]


def days_label(days: str) -> str:
    """`Friday and Saturday`."""
    chosen = [DAY_NAMES[day] for day in WEEKDAYS if day in days.split()]
    return listed(chosen) if chosen else "None: I work every day"


def days_choices(current: str | None = None) -> list[SelectChoice]:
    """The usual days off, and those in force when they are others."""
    values = dict.fromkeys([*USUAL_DAYS_OFF, *([current or NO_DAY] if current is not None else [])])
    return [
        SelectChoice(AS_USUAL, "As usual in my country"),
        *(SelectChoice(value, days_label(value)) for value in values),
    ]


def minutes_of(clock: time | None) -> int:
    """Minutes after midnight."""
    return clock.hour * 60 + clock.minute if clock is not None else 0


class ZoneFields(BaseForm):
    """Country, zone, hours and days off; `timezone` holds the answer once the form is sound."""

    country = SelectField(
        "Country", [InputRequired("Choose your country.")], render_kw={"autocomplete": "country"}
    )
    zone = RadioField(
        "Your time zone",
        [Optional()],
        choices=[],
        default=COUNTRY,
        validate_choice=False,
        description="The right one is the one whose clock agrees with yours.",
    )
    zone_typed = StringField(
        "City, country or abbreviation",
        [Length(max=200, message="Use at most 200 characters.")],
        description="For example Kathmandu, Viet Nam, EAT, or Asia/Calcutta.",
        render_kw={"autocomplete": "off", "list": "zones", "spellcheck": "false"},
    )
    browser_zone = HiddenField()
    works_from = TimeField(
        "Work begins",
        [InputRequired("Say when work begins, such as 09:00.")],
        format=["%H:%M", "%H:%M:%S"],
        default=time(9),
    )
    works_until = TimeField(
        "Work ends",
        [InputRequired("Say when work ends, such as 17:00.")],
        format=["%H:%M", "%H:%M:%S"],
        default=time(17),
    )
    days_off = SelectField("Days off", default=AS_USUAL)

    timezone = ""

    def __init__(self, *args: Any, current_zone: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = country_choices()
        self.days_off.choices = days_choices()
        self.current_zone = known_zone(current_zone)
        self.asked: tuple[str, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self._hours_are_sound():
            self.works_until.errors = [
                *self.works_until.errors,
                "Work ends after it begins, on the same day.",
            ]
            sound = False
        return self._find_zone() and sound

    @property
    def zone_options(self) -> list[ZoneOption]:
        """The zones to offer as radio buttons."""
        country = self.country.data if not self.country.errors else ""
        return zone_options(
            now(),
            current=self.current_zone,
            country=country if self.is_submitted() else "",
            browser=self.browser_zone.data or "",
            asked=self.asked,
        )

    @property
    def all_zones(self) -> list[str]:
        """What the field for somewhere else proposes while one types."""
        return [offer_text(zone) for zone in zones_with_countries()]

    @property
    def hours(self) -> tuple[int, int]:
        """Minutes at which work begins and ends; an end at 00:00 is the end of the day."""
        return minutes_of(self.works_from.data), minutes_of(self.works_until.data) or 24 * 60

    @property
    def chosen_days_off(self) -> frozenset[str] | None:
        """The days chosen; None: as usual in the country."""
        chosen = self.days_off.data
        return None if chosen == AS_USUAL else frozenset(chosen.split()) - {NO_DAY}

    def _hours_are_sound(self) -> bool:
        if self.works_from.errors or self.works_until.errors:
            return True  # said beside the field already
        begins, ends = self.hours
        return begins < ends

    def _find_zone(self) -> bool:
        answer = ZoneAnswer(
            choice=self.zone.data or "",
            country=self.country.data or "" if not self.country.errors else "",
            typed=self.zone_typed.data or "",
            browser=self.browser_zone.data or "",
        )
        try:
            self.timezone = zone_from(answer, now())
        except Unclear as unclear:
            self.asked = unclear.candidates
            if unclear.field != "country":  # then its own sentence stands there already
                self.refuse(unclear)
            return False
        return True
