"""Every reader there is."""

from tests.calendars.readers import by_ical, by_ical_js, by_icalendar, by_khal, by_libical, by_vobject

READERS = (
    by_icalendar.READER,
    by_vobject.READER,
    by_ical.READER,
    by_ical_js.READER,
    by_libical.READER,
    by_khal.READER,
)
