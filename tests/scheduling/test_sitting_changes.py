"""Changing a sitting: who is asked what before it is saved, and what is kept."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.database import db
from app.enrolments.models import Place
from app.journeys.crediting import Named
from app.learning_sessions.models import AgendaCredit, Offering
from app.learning_sessions.sittings import Part
from app.scheduling.models import OfferingChange
from tests.factories import NOW, make_facilitator, make_learning_session, make_offering, make_participant
from tests.people import ada, browser_of, cora, lead, pat, seat, will
from tests.scheduling.planning import (
    NEW_SITTING,
    OVERVIEW,
    edit_page,
    errors_of,
    read,
    send,
    send_again,
    typed_in,
)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def desk(app, **facts):
    """A sitting, and its organiser's browser."""
    offering = make_offering(make_learning_session(), **facts)
    return offering.id, edit_page(offering.id), browser_of(app, ada(offering.learning_session.journey))


def the_sitting() -> Offering:
    db.expire_all()
    return db.scalars(select(Offering)).one()


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001  # a wall time


def linked_agenda() -> tuple[Part, ...]:
    """People with roles, pages and accounts, and names that read like lists."""
    return (
        Part(
            20,
            "Three countries",
            people=(
                Named(
                    "Boateng, Kofi", "Ghana Health Service; Accra", "Chair", facilitator=make_facilitator()
                ),
                Named("Efua  Mensah", "", "Discussant", participant=make_participant()),
                Named(
                    "Amina Diallo", "Centre for Health", "Presenter", facilitator=make_facilitator("Amina")
                ),
            ),
        ),
        Part(30, "In fours", people=(Named("Amina Diallo", "Centre for Health", "Host"),)),
    )


def credits_now() -> list[tuple[object, ...]]:
    db.expire_all()
    rows = db.scalars(select(AgendaCredit).order_by(AgendaCredit.agenda_item_id, AgendaCredit.position))
    return [
        (one.id, one.name, one.affiliation, one.role, one.facilitator_id, one.participant_id) for one in rows
    ]


def test_saving_another_field_leaves_every_credit_as_it_is(app, database):
    _, path, browser = desk(app, agenda=linked_agenda())
    before = credits_now()

    answer = send(browser, path, {"join_url": "https://meet.example.org/2"})

    assert answer.status_code == 303, errors_of(answer)
    assert the_sitting().join_url == "https://meet.example.org/2"
    assert credits_now() == before


def test_one_more_name_costs_the_others_nothing(app, database):
    _, path, browser = desk(app, agenda=linked_agenda())
    before = [one[1:] for one in credits_now()]
    typed = typed_in(browser.get(path))
    people = typed["agenda-0-people"].replace("Amina Diallo, Centre", "AMINA Diallo, School")

    answer = send(browser, path, {"agenda-0-people": f"{people}; Farid Rahman, Dhaka"})

    assert answer.status_code == 303, errors_of(answer)
    after = [one[1:] for one in credits_now()]
    assert after[:2] == before[:2]
    assert after[2] == ("AMINA Diallo", "School for Health", *before[2][2:])
    assert after[3] == ("Farid Rahman", "Dhaka", "", None, None)
    assert after[4] == before[3]


def test_a_twin_credits_the_same_people(app, database):
    desk_of = desk(app, agenda=linked_agenda())
    before = [one[1:] for one in credits_now()]

    answer = send(desk_of[2], NEW_SITTING, {"day": "2027-04-23", "begins": "09:00"})

    assert answer.status_code == 303, errors_of(answer)
    assert [one[1:] for one in credits_now()] == [*before, *before]


def test_opening_and_saving_changes_nothing(app, database):
    _, path, browser = desk(app, capacity_online=3, join_url="https://meet.example.org/1")

    answer = send(browser, path, {})

    assert answer.status_code == 303, errors_of(answer)
    one = the_sitting()
    assert (one.sequence, one.version, one.starts_wall) == (0, 1, wall(2027, 4, 22, 13))
    assert db.scalars(select(OfferingChange)).all() == []


def test_a_move_is_confirmed_first_and_then_recorded_with_the_note(app, database):
    offering_id, path, browser = desk(app)
    seat(pat(), db.get_one(Offering, offering_id))

    named = {"facilitators-0-name": "Farid Rahman", "names_asked": "farid rahman"}
    asked = send(browser, path, {"begins": "15:00", **named})

    assert (asked.status_code, read(asked).title) == (200, "Save this change?")
    assert the_sitting().starts_wall == wall(2027, 4, 22, 13)
    assert the_sitting().facilitators == []
    back = send_again(browser, path, asked, {"back": "1"})
    assert (back.status_code, typed_in(back)["begins"]) == (200, "15:00")
    saved = send_again(browser, path, asked, {"confirmed": "1", "change_note": "The room was taken."})
    assert saved.location == f"{OVERVIEW}#sitting-{offering_id}"
    change = db.scalars(select(OfferingChange)).one()
    assert (change.note, change.changed_by.name) == ("The room was taken.", "Ada Owusu")
    assert the_sitting().starts_at == datetime(2027, 4, 22, 14, tzinfo=UTC)
    assert "The room was taken." in read(browser.get(OVERVIEW)).text


def test_a_note_that_is_too_long_comes_back_beside_it(app, database):
    offering_id, path, browser = desk(app)
    seat(pat(), db.get_one(Offering, offering_id))
    asked = send(browser, path, {"begins": "15:00"})

    answer = send_again(browser, path, asked, {"confirmed": "1", "change_note": "x" * 2001})

    assert (answer.status_code, list(errors_of(answer))) == (422, ["change_note"])
    assert read(answer).title == "Save this change?"


def test_other_fields_are_saved_at_once(app, database):
    offering_id, path, browser = desk(app)
    seat(pat(), db.get_one(Offering, offering_id))

    answer = send(
        browser,
        path,
        {"join_url": "https://meet.example.org/2", "agenda-0-title": "Welcome", "agenda-0-minutes": "10"},
    )

    assert answer.status_code == 303
    assert (the_sitting().join_url, the_sitting().sequence) == ("https://meet.example.org/2", 0)


def test_the_last_ones_move_to_the_waiting_list_only_with_consent(app, database):
    offering_id, path, browser = desk(app, capacity_online=2)
    for one in (pat(), will()):
        seat(one, db.get_one(Offering, offering_id))

    refused = send(browser, path, {"capacity_online": "1"})
    asked = send_again(browser, path, refused, {"may_unseat": "y"})
    assert (asked.status_code, read(asked).title) == (200, "Save this change?")
    assert db.scalars(select(Place.status).order_by(Place.id)).all() == ["confirmed", "confirmed"]
    saved = send_again(browser, path, asked, {"confirmed": "1"})

    assert saved.status_code == 303
    assert db.scalars(select(Place.status).order_by(Place.id)).all() == ["confirmed", "waiting"]


@pytest.mark.parametrize(
    ("keep", "begins", "starts_at"),
    [
        ("wall", wall(2027, 4, 22, 13), datetime(2027, 4, 22, 10, tzinfo=UTC)),
        ("instant", wall(2027, 4, 22, 15), datetime(2027, 4, 22, 12, tzinfo=UTC)),
    ],
)
def test_another_zone_asks_what_is_to_stay(app, database, keep, begins, starts_at):
    offering_id, path, browser = desk(app, registration_closes_at=datetime(2027, 4, 20, 12, tzinfo=UTC))
    seat(pat(), db.get_one(Offering, offering_id))

    asked = send(browser, path, {"zone": "Nairobi"})

    assert (asked.status_code, list(errors_of(asked))) == (422, ["keep"])
    page = read(asked)
    assert (
        "Keep the time on the clock: 13:00 in Nairobi (EAT, UTC+3), which is 11:00 in London (BST, UTC+1)"
        in page.text
    )
    assert "Keep the moment: 15:00 in Nairobi (EAT, UTC+3), still 13:00 in London (BST, UTC+1)" in page.text
    confirm = send_again(browser, path, asked, {"keep": keep})
    assert send_again(browser, path, confirm, {"confirmed": "1"}).status_code == 303
    one = the_sitting()
    assert (one.starts_wall, one.timezone, one.starts_at) == (begins, "Africa/Nairobi", starts_at)
    hours = 0 if keep == "instant" else -2
    assert one.registration_closes_at == datetime(2027, 4, 20, 12 + hours, tzinfo=UTC)


def test_a_zone_that_reads_the_same_asks_nothing(app, database):
    _, path, browser = desk(app, timezone="Africa/Accra")

    answer = send(browser, path, {"zone": "Abidjan"})

    assert answer.status_code in {200, 303}
    assert errors_of(answer) == {}


def test_a_sitting_of_the_second_hour_says_so_when_it_is_opened(app, database):
    _, path, browser = desk(app, wall=wall(2027, 10, 31, 1, 30), fold=1)

    opened = browser.get(path)

    assert typed_in(opened)["fold"] == "1"
    assert send(browser, path, {"capacity_online": "5"}).status_code == 303
    assert the_sitting().starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_promise_that_new_rules_put_into_a_gap_can_be_edited_besides(app, database):
    """Saving any other field never moves an instant, nor is it refused for what it did not touch."""
    offering_id, path, browser = desk(app)
    one = db.get_one(Offering, offering_id)
    one.starts_wall, one.starts_at = wall(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    one.ends_at = datetime(2027, 3, 28, 3, tzinfo=UTC)
    one.zone_flag = "now_in_gap"
    db.flush()

    assert "the clocks skip this time" in read(browser.get(OVERVIEW)).text
    answer = send(browser, path, {"capacity_online": "5"})

    assert answer.status_code == 303, errors_of(answer)
    assert the_sitting().starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_zone_that_is_gone_from_the_data_stays_until_another_is_named(app, database):
    offering_id, path, browser = desk(app)
    db.get_one(Offering, offering_id).timezone = "Europe/Atlantis"
    db.flush()

    opened = browser.get(path)

    assert (opened.status_code, typed_in(opened)["zone"]) == (200, "Europe/Atlantis")
    assert send(browser, path, {"capacity_online": "5"}).status_code == 303


def test_two_organisers_see_both_versions_and_lose_nothing(app, database):
    offering_id, path, browser = desk(app)
    lead(db.get_one(Offering, offering_id), make_facilitator("Wanjiru Kamau"), "Lead")
    opened = browser.get(path)
    assert send(browser, path, {"join_url": "https://meet.example.org/first"}).status_code == 303

    mine = {
        "join_url": "https://meet.example.org/second",
        "agenda-0-title": "Welcome",
        "agenda-0-minutes": "10",
    }
    stale = send_again(browser, path, opened, mine)

    page = read(stale)
    assert page.status == 409
    assert "Join link https://meet.example.org/first https://meet.example.org/second" in page.text
    assert "Agenda (empty) 10 · Welcome" in page.text
    assert "Facilitators Wanjiru" not in page.text
    assert typed_in(stale)["agenda-0-title"] == "Welcome"
    assert send_again(browser, path, stale).status_code == 303
    assert the_sitting().join_url == "https://meet.example.org/second"


def test_a_reader_cannot_send_the_form_either(app, database):
    offering_id, path, _ = desk(app)
    reader = browser_of(app, cora(db.get_one(Offering, offering_id).learning_session.journey))

    assert reader.post(path, data={"begins": "09:00"}).status_code == 403
