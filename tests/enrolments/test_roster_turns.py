"""Whose turn is when, where organisers do something with many people at once."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.domain.admission import Admission, Policy
from app.enrolments import admitting, entering
from app.enrolments.models import Enrolment, PlaceRule
from app.enrolments.roster import runs
from app.enrolments.roster.acts import Order
from app.messages.models import OutboxMessage
from tests.enrolments.rosters import three_ask
from tests.enrolments.test_roster_acts import numbers, places, work
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.people import make_account, seat


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def asked(database):
    return three_ask()


def act(offering, what: str, ids) -> None:
    order = Order(what, "Said to each.")
    runs.begin(order, offering.learning_session.journey_id, offering.id, ids, "", NOW + timedelta(hours=1))


@pytest.mark.parametrize("what", ["take-out", "decline", "withdraw"])
@pytest.mark.parametrize("batch", [1, 200])
def test_nobody_moves_up_who_goes_as_well(app, database, monkeypatch, what, batch):
    monkeypatch.setattr(runs, "AT_ONCE", batch)
    monkeypatch.setattr(runs, "BATCH", batch)
    offering = make_offering(make_learning_session(), capacity_online=1)
    for name in ("Ana Ruiz", "Ben Okri", "Chi Eze", "Dov Levi"):
        seat(make_participant(name, user=make_account(name)), offering)
    database.execute(delete(OutboxMessage))
    if what == "withdraw":
        database.add(PlaceRule(offering_id=offering.id, needs_approval=True))
        database.flush()
    ids = numbers(database, offering)

    act(offering, what, ids[:3])
    work(app, timedelta(hours=1))

    assert places(database, offering)["Dov Levi"] == "confirmed"
    moved_up = database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "promoted")).all()
    assert [one.to_name for one in moved_up] == ["Dov Levi"]


def test_nobody_moves_up_who_is_removed_from_the_journey_as_well(database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    for name in ("Ana Ruiz", "Ben Okri"):
        seat(make_participant(name, user=make_account(name)), offering)
    people = list(database.scalars(select(Enrolment.id).order_by(Enrolment.id)))

    runs.begin(Order("remove", "Moved on."), offering.learning_session.journey_id, None, people, "", NOW)

    assert set(places(database, offering).values()) == {"released"}
    assert not database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "promoted")).all()


def test_who_asked_first_is_approved_first_whatever_the_list(database, asked):
    act(asked, "approve", numbers(database, asked)[::-1])
    assert places(database, asked) == {"Ana Ruiz": "confirmed", "Ben Okri": "confirmed", "Chi Eze": "waiting"}


def test_who_asked_to_join_first_is_let_in_first(database):
    journey = make_journey()
    policy = Policy(timezone="Europe/London", admission=Admission.APPROVAL, question="Why?", most_people=1)
    admitting.change_policy(journey, policy, NOW)
    first, second = (
        entering.ask_to_join(journey, make_participant(name), NOW + timedelta(minutes=later), answer="Work")
        for later, name in enumerate(("Ana Ruiz", "Ben Okri"))
    )

    runs.begin(Order("approve"), journey.id, None, [second.id, first.id], "", NOW + timedelta(hours=1))

    assert (first.status.value, second.status.value) == ("active", "requested")
