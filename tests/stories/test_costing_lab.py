"""The invented lab: a journey by approval, and a sitting for each rule."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.lottery import commitment, draw
from app.domain.place_rules import Giving, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.due import learning_sessions_due
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.policies import policy_of
from app.enrolments.ruling import stored_rule
from app.participants.models import Participant
from seeds import load
from tests.factories import NOW
from tests.page import Page
from tests.stories.reading import journey, sessions_of

CONFIRMED, DECLINED, OFFERED, RELEASED, REQUESTED, WAITING = (
    PlaceStatus.CONFIRMED, PlaceStatus.DECLINED, PlaceStatus.OFFERED, PlaceStatus.RELEASED,
    PlaceStatus.REQUESTED, PlaceStatus.WAITING,
)  # fmt: skip


@pytest.fixture
def lab(everything):
    return journey("costing-primary-care")


@pytest.fixture
def sittings(lab):
    return {one.slug: one.offerings[0] for one in sessions_of(lab)}


def places(offering):
    found = select(Place).where(Place.offering_id == offering.id).order_by(Place.queue_number)
    return db.scalars(found).all()


def statuses(offering):
    return Counter(place.status for place in places(offering))


def place_of(offering, key):
    mine = select(Place).join(Participant).join(User).where(User.email == f"{key}@example.org")
    return db.scalars(mine.where(Place.offering_id == offering.id)).one()


def test_one_asks_to_join_and_some_wait_for_an_answer(lab):
    enrolled = db.scalars(select(Enrolment).where(Enrolment.journey_id == lab.id)).all()
    assert Counter(one.status for one in enrolled) == {
        EnrolmentStatus.ACTIVE: 29, EnrolmentStatus.REQUESTED: 3, EnrolmentStatus.DECLINED: 1,
    }  # fmt: skip
    assert all(one.answer for one in enrolled)
    (declined,) = (one for one in enrolled if one.status is EnrolmentStatus.DECLINED)
    assert "cost services" in declined.decision_note
    assert policy_of(lab.id).question.endswith("figures?")
    assert "Everything here is demonstration data" in lab.demonstration_note


def test_a_lottery_is_drawn_and_can_be_recomputed(sittings):
    sitting = sittings["what-one-visit-costs"]
    rule = stored_rule(sitting.id)
    assert rule.drawn_at == rule.draw_at < NOW
    assert statuses(sitting) == {CONFIRMED: 10, WAITING: 5}
    in_line = [place.id for place in places(sitting)]
    assert draw(rule.seed, in_line) == in_line


def test_a_lottery_is_to_come_with_people_waiting_for_it(app, sittings):
    sitting = sittings["at-the-costing-table"]
    rule = stored_rule(sitting.id)
    assert (rule.kind, rule.drawn_at) == (RuleKind.LOTTERY, None)
    assert NOW + timedelta(weeks=2) < rule.draw_at < sitting.starts_at
    assert statuses(sitting) == {WAITING: 13}
    one = sitting.learning_session
    address = f"/journeys/costing-primary-care/sessions/{one.slug}/draw/{sitting.id}"
    assert commitment(rule.seed) in Page(app.test_client().get(address)).text


def test_a_country_has_its_share_and_the_next_of_it_is_passed_over(sittings):
    sitting = sittings["whose-figures"]
    assert statuses(sitting) == {CONFIRMED: 8, WAITING: 1}
    assert sitting.confirmed_online < sitting.capacity_online
    assert place_of(sitting, "efua").status is WAITING


def test_a_place_is_on_offer(sittings):
    sitting = sittings["open-hour"]
    assert stored_rule(sitting.id).giving is Giving.OFFER
    assert statuses(sitting) == {CONFIRMED: 5, OFFERED: 1, WAITING: 2, RELEASED: 1}
    offered = place_of(sitting, "luz")
    assert (offered.status, offered.offer_ends_at) == (OFFERED, NOW + timedelta(days=6))


def test_organisers_decide_about_each_request(sittings):
    sitting = sittings["reading-each-others-chapters"]
    assert statuses(sitting) == {CONFIRMED: 6, DECLINED: 1, REQUESTED: 3}


def test_the_log_explains_every_place(lab, sittings):
    for sitting in sittings.values():
        for place in places(sitting):
            last = db.scalars(
                select(PlaceDecision)
                .where(PlaceDecision.place_id == place.id)
                .order_by(PlaceDecision.id.desc())
            ).first()
            assert last.status_after is place.status
    declined = select(PlaceDecision).where(PlaceDecision.what == Decided.DECLINED)
    assert db.scalars(declined).one().note == "Bring the chapter to the open hour first."


def test_moving_the_demonstration_on_moves_the_draw_to_come(sittings):
    table, visit = sittings["at-the-costing-table"], sittings["what-one-visit-costs"]
    draws = stored_rule(table.id).draw_at, stored_rule(visit.id).draw_at
    before = table.starts_at
    later = NOW + timedelta(weeks=3)
    load.redate(later, [load.STORIES["jln"]])
    assert stored_rule(table.id).draw_at - draws[0] == table.starts_at - before == timedelta(weeks=3)
    assert stored_rule(visit.id).draw_at == draws[1]
    assert table.learning_session_id not in learning_sessions_due(later)
