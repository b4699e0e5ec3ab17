"""A venue is corrected, and the sittings that are to meet there tell of it."""

from datetime import datetime

import pytest
import time_machine
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance
from app.learning_sessions.models import Offering, Venue
from app.scheduling.models import ChangeKind, OfferingChange
from app.scheduling.operations import cancel
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account, pat, root
from tests.scheduling.planning import errors_of, send, send_again

PAST = datetime(2026, 4, 22, 13, 0)  # noqa: DTZ001  # a wall time


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def venue(database):
    return make_venue("Trainign centre", city="Accra", address="1 Ring Road", country="GH")


def meet(venue, journey=None, title="Rates", **facts):
    made = make_learning_session(journey or make_journey(), title)
    return make_offering(made, attendance=Attendance.IN_PERSON, venue=venue, **facts)


def edit(venue):
    return f"/organise/venues/{venue.id}/edit"


def changes():
    return list(db.scalars(select(OfferingChange).order_by(OfferingChange.id)))


def test_a_name_is_corrected_and_each_coming_sitting_tells(app, database, venue):
    journey = make_journey()
    coming, other = meet(venue, journey), meet(venue, journey, "More")
    meet(venue, journey, "Over", wall=PAST)
    gone = meet(venue, journey, "Gone")
    cancel(gone, "", NOW)
    ids, known, stood = [coming.id, other.id], len(changes()), (coming.starts_at, coming.sequence)
    organiser = ada(journey)
    desk, by = browser_of(app, organiser), organiser.id
    overview = f"/organise/journeys/{journey.slug}/sessions/rates/"
    here = Page(desk.get(overview)).links["Correct the venue Trainign centre"]

    page = Page(desk.get(here))
    assert page.title == "Correct the venue"
    assert [title in page.text for title in ("Rates", "More", "Gone", "Over")] == [True, True, True, False]
    saved = send(desk, here, {"name": "Training  centre"})

    assert (saved.status_code, saved.location) == (303, f"{overview}#sitting-{ids[0]}")
    after = Page(desk.get(overview))
    assert "“Training centre” is saved. 2 coming sittings say so" in after.text
    assert "Now: in person, Training centre, Accra." in after.text
    made = changes()[known:]
    assert [one.offering_id for one in made] == ids
    assert {(one.kind, one.changed_by_id) for one in made} == {(ChangeKind.RELOCATED, by)}
    assert made[0].before_place == "in person, Trainign centre, Accra"
    kept = db.get_one(Offering, ids[0])
    assert (kept.starts_at, kept.sequence) == (stood[0], stood[1] + 1)


@pytest.mark.parametrize(
    ("typed", "after"),
    [
        ({"address": "2 Ring Road"}, "in person, Trainign centre, Accra (2 Ring Road, Ghana)"),
        ({"country": "TG"}, "in person, Trainign centre, Accra (1 Ring Road, Togo)"),
        ({"city": "Kumasi"}, "in person, Trainign centre, Kumasi"),
    ],
)
def test_the_record_tells_what_differs(app, database, venue, typed, after):
    journey = meet(venue).learning_session.journey
    assert send(browser_of(app, ada(journey)), edit(venue), typed).status_code == 303
    (change,) = changes()
    assert change.after_place == after
    assert change.before_place != after


def test_another_zone_moves_nothing_and_is_not_told(app, database, venue):
    offering = meet(venue, timezone="Africa/Accra")
    number, stood, sequence = offering.id, offering.starts_at, offering.sequence
    desk = browser_of(app, ada(offering.learning_session.journey))

    assert send(desk, edit(venue), {"timezone": "Lagos"}).status_code == 303

    kept = db.get_one(Offering, number)
    assert (kept.starts_at, kept.timezone, kept.sequence) == (stood, "Africa/Accra", sequence)
    assert kept.venue is not None
    assert kept.venue.timezone == "Africa/Lagos"
    assert changes() == []


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Give the venue a name."),
        ("name", "x" * 201, "Use at most 200 characters."),
        ("address", "x" * 501, "Use at most 500 characters."),
        ("country", "XX", "Not a valid choice"),
        ("timezone", "", "Say in which time zone it is"),
        ("timezone", "Atlantis", "No city, country or time zone is called"),
    ],
)
def test_bad_input_is_answered_at_its_field(app, database, venue, field, typed, sentence):
    desk = browser_of(app, ada(meet(venue).learning_session.journey))
    refused = send(desk, edit(venue), {"city": "Kumasi 🌍", field: typed})
    assert refused.status_code == 422
    assert sentence in errors_of(refused)[field]
    assert 'value="Kumasi 🌍"' in refused.text
    assert changes() == []


def test_who_saves_second_sees_both_versions(app, database, venue):
    desk = browser_of(app, ada(meet(venue).learning_session.journey))
    opened = desk.get(edit(venue))
    assert send(desk, edit(venue), {"city": "Kumasi"}).status_code == 303
    refused = send_again(desk, edit(venue), opened, {"city": "Tamale"})
    assert refused.status_code == 409
    assert "City Kumasi Tamale" in Page(refused).text
    assert send_again(desk, edit(venue), refused).status_code == 303


def test_who_may(app, database, venue):
    journey = meet(venue).learning_session.journey
    mine, reader, guest, site = ada(journey), cora(journey), pat(), root()
    here = edit(venue)
    for who in (mine, site):
        assert browser_of(app, who).get(here).status_code == 200
    for who in (reader, guest, make_account("Otto Frey", is_organiser=True)):
        assert browser_of(app, who).get(here).status_code == 403
    assert browser_of(app).get(here).location.startswith("/sign-in")
    assert browser_of(app, site).get("/organise/venues/999999/edit").status_code == 404
    assert browser_of(app, site).get(f"{here}?sitting=99999999999999999999999").status_code == 200
    overview = f"/organise/journeys/{journey.slug}/sessions/rates/"
    assert "Correct the venue" not in browser_of(app, db.merge(reader)).get(overview).text


def test_nobody_changes_where_sittings_of_others_are_to_meet(app, database, venue):
    offering = meet(venue)
    others = make_journey("Secret plans")
    desk, site = browser_of(app, ada(offering.learning_session.journey)), browser_of(app, root())
    here = edit(venue)
    opened = desk.get(here)
    meet(db.get_one(Venue, venue.id), db.merge(others), "Whispers")
    db.commit()

    page = Page(desk.get(here))
    assert "only an administrator can change this venue" in page.text
    assert "1 sitting of journeys that you do not organise" in page.text
    assert "Whispers" not in page.text
    assert "Save the venue" not in page.buttons
    late = send_again(desk, here, opened, {"city": "Kumasi"})
    assert late.status_code == 422
    assert 'value="Kumasi"' in late.text
    assert changes() == []
    assert send(site, here, {"city": "Kumasi"}).status_code == 303
    assert len(changes()) == 2


def test_sittings_of_others_that_are_over_are_no_hindrance(app, database, venue):
    journey = meet(venue).learning_session.journey
    meet(venue, make_journey("Another"), wall=PAST)
    assert send(browser_of(app, ada(journey)), edit(venue), {"city": "Kumasi"}).status_code == 303
    assert len(changes()) == 1


def test_as_many_queries_for_thirty_sittings_as_for_one(app, database, venue, query_counter):
    journey = meet(venue).learning_session.journey
    desk, counts, here = browser_of(app, ada(journey)), [], edit(venue)
    desk.get(here)
    for many in (0, 29):
        for number in range(many):
            meet(db.get_one(Venue, venue.id), db.merge(journey), f"Session {number}")
        db.commit()
        with query_counter() as queries:
            assert desk.get(here).status_code == 200
        counts.append(queries.count)
    assert counts[0] == counts[1]
