"""The sentence that tells a reader's day beside the strip of it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.day_hours import Hours
from app.domain.timezones import Span
from app.notices.day_strip import strip
from app.notices.language import Language

NOON = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
SPAN = Span(NOON, NOON + timedelta(minutes=90))


def sentence(code: str, works_from: int, works_until: int) -> str:
    return strip(Language(code), SPAN, "Africa/Accra", Hours(works_from, works_until)).sentence


@pytest.mark.parametrize("code", ["en", "fr", "es"])
def test_work_until_midnight_ends_at_24_and_work_from_midnight_begins_at_0(code):
    until = sentence(code, 16 * 60, 24 * 60)
    assert ("24:00" in until, "00:00" in until) == (True, False)
    since = sentence(code, 0, 8 * 60)
    assert ("24:00" in since, "00:00" in since) == (False, True)
