"""The calendar object that goes with a letter about a place: an invitation, or what takes it back."""

from datetime import datetime

from flask import current_app

from app.calendars.invitations import Method, cancellation, request
from app.config import Settings
from app.domain.errors import Refused
from app.enrolments.models import Place
from app.messages.composed import CalendarObject


def settings() -> Settings:
    """Those of the site that sends."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def asks_for_answers() -> bool:
    """Whether answers of calendar programs reach us."""
    return bool(settings().reply_to)


def calendar_of(place: Place, was_taken: bool, now: datetime) -> CalendarObject | None:
    """The invitation to a place that is offered or confirmed; the cancellation for who had one.

    `was_taken`: whether it ever was offered to them or theirs. To cancel once more what a calendar has
    forgotten does nothing; so nobody has to know which mails arrived. None where there is nothing to say.
    """
    try:
        if place.status.is_taken and not place.offering.is_cancelled:
            return CalendarObject(request(place, settings(), now), Method.REQUEST.value)
        if place.status.is_taken or was_taken:
            return CalendarObject(cancellation(place, settings(), now), Method.CANCEL.value)
    except Refused:  # without a date, or an address
        return None
    return None
