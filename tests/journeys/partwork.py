"""What the tests of a journey's parts share: one sound form of each kind, and the way to its screens."""

import re
from typing import Any

from app.journeys import queries
from app.journeys.models import Journey
from tests.factories import make_journey
from tests.people import ada, browser_of

AT = "/organise/journeys/financing-and-payment-models/parts"

SOUND: dict[str, dict[str, Any]] = {
    "outcomes": {"text": "planning measures"},
    "themes": {"title": "Provider payment", "kind": "track", "summary": "Who pays whom."},
    "activities": {"kind": "video", "title": "Interview", "language": "en", "text_direction": "ltr"},
    "partners": {"organisation": "FCDO", "role": "commissioner", "note": "formerly DFID"},
    "contacts": {"name": "Kerry Millington", "institution": "LSTM"},
    "publications": {"title": "Proceedings", "language": "en", "text_direction": "ltr"},
    "country-groups": {"country": "GH", "name": "Core Group of Ghana"},
    "question-headings": {"title": "The change process"},
    "expected-zones": {"zone": "Accra", "people": "6"},
}
"""The fields of a sound form of each kind."""

ORDERED = [name for name in SOUND if name != "expected-zones"]


def journey_and_browser(app, **facts):
    """A journey, and the browser of its owner."""
    journey = make_journey(**facts)
    return journey, browser_of(app, ada(journey))


def the_journey() -> Journey:
    """The journey as it is stored now."""
    found = queries.journey("financing-and-payment-models")
    assert found is not None
    return found


def stored(name: str) -> list[Any]:
    """The parts of one kind as they are stored now."""
    return list(queries.parts(queries.PARTS[name], the_journey().id))


def add(browser, name: str, /, **fields):
    """Send the form of a new part."""
    return browser.submit(f"{AT}/{name}/new", SOUND[name] | fields)


def seen_on(answer) -> str:
    """The fingerprint that an opened form carries."""
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', answer.text)
    assert found is not None
    return found.group(1)


def change(browser, name: str, part_id: int, fields, **kwargs):
    """Open the form of a part, and send it with these fields."""
    path = f"{AT}/{name}/{part_id}"
    seen = seen_on(browser.get(path))
    return browser.submit(path, {**fields, "seen": seen}, **kwargs)
