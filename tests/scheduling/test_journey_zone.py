"""Correcting the zone of a journey."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.timezones import UnknownZone, local, zone_data_version
from app.learning_sessions.sittings import Days
from app.scheduling import operations
from app.scheduling.models import ChangeKind
from app.scheduling.operations import Keep
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.people import ada
from tests.scheduling.telling import changes_of, derived_under_other_rules

LATER = NOW + timedelta(hours=1)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("database")


def wall(*parts):
    return datetime(*parts)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture
def journey():
    return make_journey(timezone="Europe/London")


@pytest.fixture
def sittings(journey):
    """Over, begun, two to come, one in another zone, one known by its days, one cancelled."""
    first, second = make_learning_session(journey, "One"), make_learning_session(journey, "Two")
    made = {
        "over": make_offering(first, wall=wall(2027, 2, 1, 13)),
        "begun": make_offering(first, wall=wall(2027, 3, 1, 9, 30)),
        "spring": make_offering(second, wall=wall(2027, 3, 4, 13)),
        "summer": make_offering(second, wall=wall(2027, 4, 22, 13)),
        "elsewhere": make_offering(second, wall=wall(2027, 4, 22, 13), timezone="America/Bogota"),
        "days": make_offering(first, when=Days(date(2027, 5, 11), date(2027, 5, 12), "Europe/London")),
        "cancelled": make_offering(second, wall=wall(2027, 5, 6, 13)),
    }
    operations.cancel(made["cancelled"], "Ill", NOW)
    return made


def standing(sittings):
    return {
        name: (one.timezone, one.starts_wall, one.starts_at, one.sequence) for name, one in sittings.items()
    }


def test_keeping_the_clock_moves_every_coming_sitting_that_was_in_the_old_zone(journey, sittings):
    before = standing(sittings)
    organiser = ada(journey)

    moved = operations.change_journey_zone(journey, "Africa/Nairobi", Keep.WALL, LATER, by=organiser)

    after = standing(sittings)
    assert (moved, journey.timezone) == (4, "Africa/Nairobi")
    for name in ("over", "begun", "elsewhere"):
        assert after[name] == before[name]
    assert after["spring"] == ("Africa/Nairobi", wall(2027, 3, 4, 13), utc(2027, 3, 4, 10), 1)
    assert after["summer"] == ("Africa/Nairobi", wall(2027, 4, 22, 13), utc(2027, 4, 22, 10), 1)
    assert after["days"] == ("Africa/Nairobi", None, None, 1)
    assert after["cancelled"] == ("Africa/Nairobi", wall(2027, 5, 6, 13), utc(2027, 5, 6, 10), 2)
    assert journey.next_at == sittings["begun"].starts_at
    (change,) = changes_of(sittings["summer"])
    assert (change.kind, change.changed_by_id, change.before_timezone, change.after_timezone) == (
        ChangeKind.MOVED,
        organiser.id,
        "Europe/London",
        "Africa/Nairobi",
    )
    assert (change.before_starts_at, change.after_starts_at) == (utc(2027, 4, 22, 12), utc(2027, 4, 22, 10))


def test_keeping_the_instant_writes_the_clock_anew(journey, sittings):
    summer = sittings["summer"]
    derived_under_other_rules(summer, starts_at=utc(2027, 4, 22, 11), ends_at=utc(2027, 4, 22, 12, 30))
    before = standing(sittings)

    assert operations.change_journey_zone(journey, "Asia/Kathmandu", Keep.INSTANT, LATER) == 4

    for name in ("over", "begun", "elsewhere"):
        assert standing(sittings)[name] == before[name]
    assert standing(sittings)["spring"][1:] == (wall(2027, 3, 4, 18, 45), utc(2027, 3, 4, 13), 1)
    assert standing(sittings)["summer"][1:] == (wall(2027, 4, 22, 16, 45), utc(2027, 4, 22, 11), 1)
    assert summer.zone_data_version == zone_data_version()
    assert (sittings["days"].first_on, sittings["days"].timezone) == (date(2027, 5, 11), "Asia/Kathmandu")
    (change,) = changes_of(summer)
    assert change.before_starts_at == change.after_starts_at


def test_keeping_the_instant_in_the_second_of_two_equal_hours_stores_the_fold(journey):
    offering = make_offering(make_learning_session(journey), wall=wall(2027, 11, 7, 6, 30))

    operations.change_journey_zone(journey, "America/New_York", Keep.INSTANT, LATER)

    assert (offering.starts_wall, offering.fold) == (wall(2027, 11, 7, 1, 30), 1)
    assert offering.starts_at == utc(2027, 11, 7, 6, 30)
    assert local(offering.starts_at, offering.timezone).fold == 1


def test_the_sessions_can_be_left_as_they_are(journey, sittings):
    before = standing(sittings)

    assert operations.change_journey_zone(journey, "Africa/Nairobi", Keep.SESSIONS_AS_THEY_ARE, LATER) == 0

    assert (journey.timezone, journey.updated_at, standing(sittings)) == ("Africa/Nairobi", LATER, before)


@pytest.mark.parametrize(
    ("timezone", "at", "says"),
    [
        ("America/New_York", wall(2028, 3, 12, 2, 30), "There is no 02:30 in New York"),
        ("America/New_York", wall(2027, 11, 7, 1, 30), "comes twice in New York"),
        ("Australia/Lord_Howe", wall(2027, 10, 3, 2, 15), "There is no 02:15 in Lord Howe"),
    ],
)
def test_a_clock_that_the_other_zone_cannot_keep_refuses_the_whole_and_is_named(
    journey, sittings, timezone, at, says
):
    make_offering(make_learning_session(journey, "Night shift"), wall=at)
    before = standing(sittings)

    with pytest.raises(Refused) as refused:
        operations.change_journey_zone(journey, timezone, Keep.WALL, LATER)

    assert refused.value.message.startswith("“Night shift” on ")
    assert says in refused.value.message
    assert refused.value.field == "keep"
    assert (journey.timezone, standing(sittings)) == ("Europe/London", before)


def test_registration_moves_with_the_clock(journey):
    offering = make_offering(make_learning_session(journey))
    closes_at = offering.ends_at
    offering.registration_opens_at, offering.registration_closes_at = NOW, closes_at

    operations.change_journey_zone(journey, "Africa/Nairobi", Keep.WALL, LATER)

    assert (offering.registration_opens_at, offering.registration_closes_at) == (
        NOW - 2 * HOUR,
        closes_at - 2 * HOUR,
    )
    assert offering.registration_closes_at == offering.ends_at


def test_the_same_zone_is_no_change_and_an_unknown_one_is_refused(journey, sittings):
    version = journey.version

    assert operations.change_journey_zone(journey, "Europe/London", Keep.WALL, LATER) == 0
    with pytest.raises(UnknownZone):
        operations.change_journey_zone(journey, "Europe/Atlantis", Keep.WALL, LATER)

    assert (journey.version, journey.timezone) == (version, "Europe/London")
