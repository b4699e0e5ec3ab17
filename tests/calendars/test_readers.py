"""The same calendars, read by six readers that share no code for it: all understand what was meant.

`python -m tests.calendars.readers` prints the table of readers and cases.
"""

from dataclasses import replace

import pytest

from app.config import Settings
from tests.calendars.cases import CASES
from tests.calendars.comparing import verdicts
from tests.calendars.fetching import File, files
from tests.calendars.readers.every import READERS
from tests.calendars.readers.seen import Reader
from tests.conftest import Databases

pytestmark = pytest.mark.engine("sqlite")  # the bytes do not depend on it


@pytest.fixture(scope="module")
def fetched(databases: Databases, settings: Settings) -> list[File]:
    """Every calendar of a site that holds all cases."""
    return files(replace(settings, database_url=databases.migrated()))


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
def test_a_reader_understands_every_case_in_every_calendar(reader: Reader, fetched: list[File]):
    if lack := reader.lack():
        pytest.skip(lack)
    found = verdicts(reader, fetched)
    assert [one for one in found if one.complaint] == []
    assert len(found) > 2 * len(CASES)
