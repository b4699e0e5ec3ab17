"""Sittings and places that the tests of times and of the day band share."""

from datetime import datetime

from app.domain.day_hours import Hours
from app.domain.dayband import Band, Place, band
from app.domain.timezones import Promise, Span, derive, use_packaged_zone_data

use_packaged_zone_data()


def span_in(zone: str, wall: str, minutes: int, fold: int = 0) -> Span:
    return derive(Promise(datetime.fromisoformat(wall), zone, fold, minutes))


SITTING = span_in("Europe/London", "2027-04-22T13:00", 90)
EIGHT = [
    Place("Africa/Accra", 9),
    Place("Pacific/Efate", 1),
    Place("America/Bogota", 4),
    Place("America/New_York", 3),
    Place("Europe/London", 5),
    Place("Africa/Nairobi", 7),
    Place("Asia/Dhaka", 6),
    Place("Asia/Manila", 3),
]


def reader_in(zone: str, people: int | None = None, hours: Hours | None = None) -> Place:
    return Place(zone, people, hours or Hours(), is_reader=True, reader_enrolled=people is not None)


def eight_places() -> Band:
    return band(SITTING, Place("Africa/Accra", is_reader=True, reader_enrolled=True), EIGHT)


def alone(zone: str, wall: str, minutes: int, hours: Hours | None = None) -> Band:
    return band(span_in(zone, wall, minutes), reader_in(zone, hours=hours))
