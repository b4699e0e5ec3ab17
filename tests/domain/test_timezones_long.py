"""The ordeal of the time rules: every zone, every day of six years, every half hour of its night."""

from datetime import datetime, timedelta

import pytest

from app.domain.timezones import Promise, TimeDoesNotExist, TimeHappensTwice, check_wall, derive, local
from app.domain.zone_names import zones_with_countries

FIRST, LAST = datetime(2024, 1, 1), datetime(2029, 12, 31)
HALF_HOURS = 9
"""From midnight to 04:00: nearly all clock changes lie there."""


@pytest.mark.long
@pytest.mark.parametrize("zone", sorted(zones_with_countries()))
def test_every_wall_time_is_kept_refused_or_asked_about(zone: str) -> None:
    wall = FIRST
    while wall <= LAST:
        for step in range(HALF_HOURS):
            check(wall + timedelta(minutes=30 * step), zone)
        wall += timedelta(days=1)


def check(wall: datetime, zone: str) -> None:
    first_after = None
    try:
        folds = [check_wall(wall, zone)]
    except TimeDoesNotExist as gap:
        folds, first_after = [], gap.first_after
    except TimeHappensTwice:
        folds = [0, 1]
    if first_after is not None:
        assert first_after > wall
        assert check_wall(first_after, zone, 0) == 0
    instants = [derive(Promise(wall, zone, fold, 90)).starts_at for fold in folds]
    assert [local(instant, zone).replace(tzinfo=None) for instant in instants] == [wall] * len(folds)
    assert instants == sorted(set(instants))
