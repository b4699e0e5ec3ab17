"""What holds for every band, whatever the instant, the length and the zones."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.day_hours import Hours, axes, picture
from app.domain.dayband import Place, band
from app.domain.timezones import Span, local, wall_of
from app.domain.zone_names import zones_with_countries
from tests.domain.sittings import reader_in

zones = st.sampled_from(sorted(zones_with_countries()))
instants = st.integers(0, 70 * 365 * 96).map(
    lambda quarter: (
        wall_of(datetime.fromisoformat("1972-06-01T00:00"), "Etc/UTC") + timedelta(minutes=15 * quarter)
    )
)


@settings(max_examples=200, deadline=None)
@given(instants, st.integers(5, 1440), zones, st.lists(zones, max_size=3))
def test_every_band_is_whole(starts_at: datetime, minutes: int, zone: str, others: list[str]) -> None:
    span = Span(starts_at, starts_at + timedelta(minutes=minutes))
    shown = band(span, reader_in(zone), [Place(other, 2) for other in others])
    covered = timedelta()
    for axis, day in zip(axes(span.starts_at, span.ends_at, zone), shown.days, strict=True):
        covered += min(axis.ends_at, span.ends_at) - max(axis.starts_at, span.starts_at)
        for row in day.rows:
            widths = sum(float(run.width.rstrip("%")) for run in row.runs)
            assert widths == pytest.approx(100, abs=0.01)
            assert all(
                before.css + before.texture != after.css + after.texture
                for before, after in pairwise(row.runs)
            )
    assert covered == timedelta(minutes=minutes)
    assert sum(len(day.edges) for day in shown.days) == 2


@settings(max_examples=100, deadline=None)
@given(instants, zones)
def test_states_agree_with_the_clock_on_the_wall(starts_at: datetime, zone: str) -> None:
    hours = Hours(days_off=frozenset({"fri"}))
    for run in picture(zone, hours, starts_at, 1440).stretches:
        for minute in (run.begins, run.ends - 1):
            there = local(starts_at + timedelta(minutes=minute), zone)
            of_day = there.hour * 60 + there.minute
            night = not 420 <= of_day < 1320
            work = 540 <= of_day < 1020
            day_off = there.strftime("%a") == "Fri"
            assert run.state == ("n" if night else "o" if day_off else "w" if work else "a")
