"""Organisers saying yes, no, and not yet after all, at the same moment, while people ask and give up."""

from collections import Counter

from app.database import db, writing
from app.domain.place_rules import Giving
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from tests.enrolments.aftermath import check_aftermath
from tests.enrolments.racing import coming_sitting, enrol_all, people, queue, seat_all
from tests.enrolments.reading import counters, rows_confirmed
from tests.enrolments.repeating import sizes
from tests.scheduling.rush import Ask, Decide, GiveUp, PassTime, all_at_once

CONFIRMED, REQUESTED, WAITING = PlaceStatus.CONFIRMED, PlaceStatus.REQUESTED, PlaceStatus.WAITING


def errors(failures: list[str]) -> list[str]:
    """What failed, but for refusals in words: who lost a race is told so."""
    return [one for one in failures if ": Refused(" not in one]


@sizes("each, processes", (18, 2), (120, 8))
def test_two_organisers_saying_yes_to_the_same_requests_say_it_once(racing, each, processes):
    with writing():
        offering = coming_sitting(each // 2, needs_approval=True)
        places = [place.id for place in seat_all(offering, people(1, each))]
    assert [status for _, status in queue(offering)] == [REQUESTED] * each

    mine, theirs = places, places[::-1]
    diaries = [[Decide(one, "yes") for one in half[part::4]] for half in (mine, theirs) for part in range(4)]
    assert all_at_once(racing, diaries, processes) == []

    assert Counter(status for _, status in queue(offering)) == {
        CONFIRMED: each // 2,
        WAITING: each - each // 2,
    }
    assert counters(offering) == rows_confirmed(offering)
    check_aftermath(offering.learning_session_id)


@sizes("each, processes", (18, 2), (120, 8))
def test_yes_and_no_and_not_yet_against_each_other_leave_one_state(racing, each, processes):
    """One organiser approves, one declines, one takes approvals back, while people ask and give up."""
    with writing():
        offering = coming_sitting(each // 3, needs_approval=True)
        number, learning_session_id = offering.id, offering.learning_session_id
        places = [place.id for place in seat_all(offering, people(1, each))]
        newcomers = people(1001, each // 2)
        enrol_all(offering, newcomers)
        coming = [one.id for one in newcomers]
    diaries = [
        *([Decide(one, "yes") for one in places[part::2]] for part in range(2)),
        [Decide(one, "no") for one in places[::3]],
        [Decide(one, "not yet") for one in places[::2]],
        [Decide(one, "out") for one in places[5::6]],
        [GiveUp(one) for one in places[1::5]],
        [Ask(number, one) for one in coming],
        [PassTime(learning_session_id)] * 5,
    ]

    assert errors(all_at_once(racing, diaries, processes)) == []

    db.remove()
    assert db.get_one(Offering, number).confirmed_online <= each // 3
    check_aftermath(learning_session_id)


@sizes("each, processes", (18, 2), (90, 8))
def test_approvals_that_lead_to_offers_are_offered_no_more_than_there_are_places(racing, each, processes):
    with writing():
        offering = coming_sitting(each // 3, needs_approval=True, giving=Giving.OFFER, offer_hours=24)
        places = [place.id for place in seat_all(offering, people(1, each))]
    diaries = [
        *([Decide(one, "yes") for one in places[part::4]] for part in range(4)),
        [Decide(one, "not yet") for one in places[::4]],
        [GiveUp(one) for one in places[1::4]],
    ]

    assert errors(all_at_once(racing, diaries, processes)) == []

    db.remove()
    assert db.get_one(Offering, offering.id).held_online <= each // 3
    assert {status for _, status in queue(offering)} <= {
        PlaceStatus.OFFERED, WAITING, REQUESTED, PlaceStatus.RELEASED,
    }  # fmt: skip
    check_aftermath(offering.learning_session_id)
    assert db.query(Place).count() == each
