"""Times as letters tell them: in the reader's language, always with their zone."""

from datetime import datetime

from app.domain.moments import moment
from app.domain.showing import Reading as Clocks
from app.notices.language import Language
from app.notices.letters import Reading
from app.web.sittings import Shown


def reading(_: Language, shown: Shown) -> Reading:
    """When a sitting is, for its reader: the time that leads, and the other where it reads differently."""
    if shown.when is None:
        days = shown.days
        return Reading(days.text, "", f"in {days.place}") if days is not None else Reading("", "", "")
    lead, also = shown.when.lead, shown.when.also
    told = Reading(lead.long_day, _clock(lead), f"{lead.in_words}, {lead.whose}")
    if also is None:
        return told
    day = f", {shown.when.also_day}," if shown.when.also_day else ""
    sentence = f"That is {_clock(also)}{day} {also.in_words}, {also.whose}."
    return Reading(told.day, told.clock, told.zone, sentence)


def in_subject(_: Language, shown: Shown) -> str:
    """`Thu 22 April 18:00 Dhaka, UTC+6`: the short form, with its zone."""
    if shown.when is None:
        return shown.days.text if shown.days is not None else ""
    lead = shown.when.lead
    return f"{lead.short_day} {lead.clock} {lead.place_and_zone}"


def point(_: Language, instant: datetime, timezone: str) -> str:
    """`Thursday 1 April 2027, 10:00 in London (BST, UTC+1)`."""
    return moment(instant, timezone).text


def _clock(clocks: Clocks) -> str:
    return f"{clocks.clock} ({clocks.ends_on})" if clocks.ends_on else clocks.clock
