"""Making journeys and taking them through their life."""

from datetime import date, timedelta

import pytest

from app.accounts.operations import create_account
from app.database import db
from app.domain.errors import AlreadyTaken, DomainError, Refused
from app.domain.permissions import OrganiserRole
from app.journeys import operations
from app.journeys.models import JourneyKind, JourneySlug, JourneyStatus, OrganiserAssignment
from tests.factories import NOW, make_journey

LATER = NOW + timedelta(hours=1)
DRAFT, PUBLISHED, OPEN, CLOSED, ARCHIVED = JourneyStatus


def test_a_journey_begins_as_a_draft(database):
    journey = make_journey("Health  financing", status=DRAFT, summary="About money.")

    assert (journey.title, journey.slug, journey.status) == ("Health financing", "health-financing", DRAFT)
    assert (journey.summary, journey.created_at, journey.updated_at) == ("About money.", NOW, NOW)
    assert (journey.starts_on, journey.published_at, journey.demonstration_note) == (None, None, "")


def test_journeys_of_one_title_have_two_addresses(database):
    assert make_journey("نظم الصحة").slug == "journey"
    assert make_journey("保健システム").slug == "journey-2"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"slug": "No Slug"}, "slug"),
        ({"starts_on": date(2027, 3, 2), "ends_on": date(2027, 3, 1)}, "ends_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(database, facts, field):
    facts = {"kind": JourneyKind.WORKSHOP, "title": "A", "timezone": "UTC"} | facts

    with pytest.raises(DomainError) as refused:
        operations.create_journey(operations.NewJourney(**facts), NOW)

    assert refused.value.field == field


def test_an_address_in_use_is_refused(database):
    make_journey(slug="financing")

    with pytest.raises(AlreadyTaken):
        make_journey(slug="financing")


def test_a_new_title_leaves_a_redirect(database):
    journey = make_journey("Financing")

    operations.rename(journey, "Paying for care", LATER)

    assert (journey.title, journey.slug, journey.updated_at) == ("Paying for care", "paying-for-care", LATER)
    assert db.get_one(JourneySlug, "financing").journey_id == journey.id


def test_a_journey_can_have_its_old_title_back(database):
    journey = make_journey("Financing")
    operations.rename(journey, "Paying for care", LATER)

    operations.rename(journey, "Financing", LATER)

    assert journey.slug == "financing"
    assert db.get(JourneySlug, "financing") is None
    assert db.get_one(JourneySlug, "paying-for-care").journey_id == journey.id


def test_the_old_address_of_another_journey_stays_with_it(database):
    operations.rename(make_journey("Financing"), "Paying for care", LATER)

    assert make_journey("Financing").slug == "financing-2"


def test_a_title_that_gives_the_same_address_leaves_no_redirect(database):
    journey = make_journey("Financing")

    operations.rename(journey, "Financing!", LATER)

    assert (journey.title, journey.slug) == ("Financing!", "financing")
    assert db.get(JourneySlug, "financing") is None


STEPS = {
    "publish": operations.publish,
    "open": operations.open_journey,
    "close": lambda journey, now: operations.close(journey, "It is over.", date(2027, 3, 1), now),
    "archive": operations.archive,
}
LEGAL = {
    (DRAFT, "publish"): PUBLISHED,
    (PUBLISHED, "open"): OPEN,
    (PUBLISHED, "close"): CLOSED,
    (OPEN, "close"): CLOSED,
    (CLOSED, "open"): OPEN,
    (CLOSED, "archive"): ARCHIVED,
}


@pytest.mark.parametrize("status", list(JourneyStatus))
@pytest.mark.parametrize("step", list(STEPS))
def test_only_legal_steps_are_taken(database, status, step):
    journey = make_journey(status=status)
    to = LEGAL.get((status, step))

    if to is None:
        with pytest.raises(Refused):
            STEPS[step](journey, LATER)
        assert (journey.status, journey.updated_at) == (status, NOW)
    else:
        STEPS[step](journey, LATER)
        assert (journey.status, journey.updated_at) == (to, LATER)


def test_closing_says_when_and_why_and_opening_again_forgets_it(database):
    journey = make_journey()

    operations.close(journey, " It is over. ", date(2027, 3, 1), LATER)
    assert (journey.closed_on, journey.closing_note) == (date(2027, 3, 1), "It is over.")

    operations.open_journey(journey, LATER)
    assert (journey.closed_on, journey.closing_note) == (None, "")


def test_a_step_by_name_closes_on_the_day_of_the_journey_s_zone(database):
    journey = make_journey(timezone="Pacific/Auckland")

    operations.take_step(journey, "close", NOW + timedelta(hours=4))

    assert (journey.status, journey.closed_on) == (CLOSED, date(2027, 3, 2))
    with pytest.raises(DomainError):
        operations.take_step(journey, "explode", NOW)


def test_parents_form_no_circle(database):
    network, exchange, group = make_journey("A"), make_journey("B"), make_journey("C")
    operations.place_under(exchange, network, LATER)
    operations.place_under(group, exchange, LATER)

    for above in (group, exchange, network):
        with pytest.raises(Refused):
            operations.place_under(network, above, LATER)

    operations.place_under(exchange, None, LATER)
    assert (exchange.parent_id, group.parent_id) == (None, exchange.id)


def test_an_organiser_has_one_part_in_a_journey(database):
    journey, user = make_journey(), create_account("Ada", "ada@example.org", "hash", NOW)

    operations.assign_organiser(journey, user, OrganiserRole.READER, LATER)
    operations.assign_organiser(journey, user, OrganiserRole.OWNER, LATER)

    assert db.get_one(OrganiserAssignment, (journey.id, user.id)).role is OrganiserRole.OWNER


def test_a_zone_is_expected_once(database):
    journey = make_journey()

    operations.expect_zone(journey, "Africa/Accra", LATER)
    operations.expect_zone(journey, "Africa/Accra", LATER, people=9)

    assert [(zone.timezone, zone.people) for zone in journey.expected_zones] == [("Africa/Accra", 9)]
    with pytest.raises(DomainError):
        operations.expect_zone(journey, "Africa/Accra", LATER, people=0)
