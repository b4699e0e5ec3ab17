"""Presses around the very moment at which an offer lapses, a lottery is drawn, or reserved places go back."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from app.database import db, writing
from app.domain.lottery import draw
from app.domain.place_rules import Giving, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import operations, reserving
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.learning_sessions.models import Offering
from tests.enrolments.aftermath import check_aftermath, check_first_come, in_words
from tests.enrolments.crowd import all_at_once
from tests.enrolments.grouping import wanted
from tests.enrolments.racing import (
    CONFIRMED,
    RELEASED,
    WAITING,
    accept,
    ask,
    coming_sitting,
    enrol_all,
    failed,
    give_up,
    people,
    queue,
    seat_all,
)
from tests.enrolments.repeating import sizes

SOON = timedelta(seconds=1.5)
AROUND = 2.0
"""Seconds over which the presses are spread; what is waited for happens in the middle of them."""


def spread(count: int) -> list[float]:
    return [AROUND * number / count for number in range(count)]


def soon(statement) -> None:
    """Let the moment that `statement` sets be soon, now that everybody is ready."""
    with writing():
        db.execute(statement(datetime.now(UTC) + SOON))


def decided_in(offering: Offering) -> list[PlaceDecision]:
    rows = select(PlaceDecision).where(PlaceDecision.offering_id == offering.id).order_by(PlaceDecision.id)
    return list(db.scalars(rows))


@sizes("each, processes", (16, 2), (80, 8))
def test_offers_accepted_as_they_lapse_are_a_place_or_the_next_ones_offer(racing, each, processes):
    """Twice as many wait as are offered a place; they press Accept at the moment their offers end."""
    with writing():
        offering = coming_sitting(each, giving=Giving.OFFER, offer_hours=24)
        holders, wanting = people(1, each), people(1001, 2 * each)
        held, waiting = seat_all(offering, holders), seat_all(offering, wanting)
        for place in held:
            operations.release_place(place, datetime.now(UTC))
    offered = waiting[:each]

    answers = all_at_once(
        racing,
        [accept(place, after) for place, after in zip(offered, spread(each), strict=True)],
        processes,
        lambda: soon(
            lambda moment: (
                update(Place)
                .where(Place.id.in_([place.id for place in offered]))
                .values(offer_ends_at=moment)
            )
        ),
    )

    assert failed(answers) == []
    check_aftermath(offering.learning_session_id, answers)
    first = [status for _, status in queue(offering)][each : 2 * each]
    next_ones = [status for _, status in queue(offering)][2 * each :]
    assert set(first) <= {CONFIRMED, RELEASED}
    lapsed = first.count(RELEASED)
    assert next_ones == [PlaceStatus.OFFERED] * lapsed + [WAITING] * (each - lapsed)
    told = [one.what for one in decided_in(offering)]
    assert told.count(Decided.ACCEPTED) == each - lapsed
    assert told.count(Decided.OFFER_LAPSED) == lapsed
    print(in_words(f"{each} offers: {each - lapsed} accepted, {lapsed} lapsed", answers))


@sizes("count, processes", (36, 2), (300, 8))
def test_requests_at_the_moment_of_the_draw_are_in_it_or_behind_it(racing, count, processes):
    with writing():
        later = datetime.now(UTC) + timedelta(days=1)
        offering = coming_sitting(count // 6, kind=RuleKind.LOTTERY, draw_at=later, seed="5eed" * 16)
        everybody = people(1, count)
        enrol_all(offering, everybody)

    answers = all_at_once(
        racing,
        [ask(offering, one, after) for one, after in zip(everybody, spread(count), strict=True)],
        processes,
        lambda: soon(lambda moment: update(PlaceRule).values(draw_at=moment)),
    )

    assert failed(answers) == []
    check_aftermath(offering.learning_session_id, answers)
    assert db.scalars(select(PlaceRule)).one().drawn_at is not None
    drawn = [one.place_id for one in decided_in(offering) if one.what is Decided.DRAWN]
    in_line = db.scalars(select(Place.id).order_by(Place.queue_number)).all()
    assert drawn == draw("5eed" * 16, drawn)  # as anybody can recompute it
    assert in_line[: len(drawn)] == drawn
    assert len(in_line) == count
    assert [status for _, status in queue(offering)] == [CONFIRMED] * (count // 6) + [WAITING] * (
        count - count // 6
    )
    check_first_come(offering.id)
    print(in_words(f"{count} requests, {len(drawn)} of them in the draw", answers))


@sizes("each, processes", (14, 2), (80, 8))
def test_reserved_places_going_back_while_people_come_and_go(racing, each, processes):
    with writing():
        offering = coming_sitting(2 * each)
        block = reserving.reserve(
            offering, wanted(each, release_at=datetime.now(UTC) + timedelta(days=1)), None, datetime.now(UTC)
        )
        held = seat_all(offering, people(1, each))
        newcomers = people(1001, each)
        enrol_all(offering, newcomers)
        number = block.id

    answers = all_at_once(
        racing,
        [
            one
            for place, person, after in zip(held, newcomers, spread(each), strict=True)
            for one in (ask(offering, person, after), give_up(place, after))
        ],
        processes,
        lambda: soon(lambda moment: update(ReservedBlock).values(release_at=moment)),
    )

    assert failed(answers) == []
    check_aftermath(offering.learning_session_id, answers)
    assert db.get_one(ReservedBlock, number).returned_at is not None
    assert [status for _, status in queue(offering)] == [RELEASED] * each + [CONFIRMED] * each
