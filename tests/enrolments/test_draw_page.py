"""The public page of a lottery: anybody can recompute the draw from what stands on it."""

import csv
import io
import re
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.models import Place
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import rename
from app.learning_sessions.models import Offering
from tests.enrolments.reading import several
from tests.enrolments.ruled import SEED, let_time_pass, lottery, ruled
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import browser_of, pat, seat, will

JOURNEY = "/journeys/financing-and-payment-models/"
HERE = f"{JOURNEY}sessions/what-capitation-pays-for/"
DRAW = datetime(2027, 3, 4, 9, 0, tzinfo=UTC)
ROW = re.compile(
    r'<th scope="row"[^>]*>(\d+)</th><td[^>]*>(\d+)[^0-9a-f].*?class="digest">([0-9a-f]{64})</td>'
)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def digest_at(page: str, element: str) -> str:
    found = re.search(rf'id="{element}">([^<]+)<', page)
    assert found is not None
    return found.group(1)


def test_before_the_draw_the_promise_stands_and_the_seed_does_not(app, database):
    offering, person = ruled(lottery(DRAW), capacity_online=2), will()
    mine = seat(person, offering).id
    address = f"{HERE}draw/{offering.id}"

    page = Page(browser_of(app, person).get(address))

    assert (page.status, page.title) == (200, "The draw for “What capitation pays for”")
    assert (
        "Places are drawn by lot on Thursday 4 March 2027, 15:00 in Dhaka (UTC+6). 1 person takes"
        in page.text
    )
    assert f"You take part. Your place has the number {mine}." in page.text
    assert digest_at(page.source, "commitment") == sha256(SEED.encode()).hexdigest()
    assert SEED not in page.source
    assert "The ranks" not in page.sections
    assert browser_of(app).get(f"{address}.csv").status_code == 404


def test_anybody_recomputes_the_draw_from_the_page_alone(app, database, time_machine):
    offering = ruled(lottery(DRAW), capacity_online=3)
    for person in several(8):
        seat(person, offering)
    number, address = offering.id, f"{HERE}draw/{offering.id}"
    before = browser_of(app).get(address).text
    time_machine.move_to(DRAW)
    let_time_pass(number, DRAW)

    page = browser_of(app).get(address).text

    seed, promised = digest_at(page, "seed"), digest_at(before, "commitment")
    ranks = [(int(rank), int(place), digest) for rank, place, digest in ROW.findall(page)]
    assert sha256(seed.encode()).hexdigest() == promised == digest_at(page, "commitment")
    assert [digest for _, _, digest in ranks] == [
        sha256(f"{seed}:{place}".encode()).hexdigest() for _, place, _ in ranks
    ]
    assert ranks == sorted(ranks, key=lambda one: one[2])
    assert [rank for rank, _, _ in ranks] == list(range(1, 9))
    in_line = db.query(Place).filter_by(offering_id=number).order_by(Place.queue_number).all()
    assert [one.id for one in in_line] == [place for _, place, _ in ranks]
    assert [one.status for one in in_line][:4] == [PlaceStatus.CONFIRMED] * 3 + [PlaceStatus.WAITING]


def test_the_list_names_nobody_and_marks_the_readers_own(app, database, time_machine):
    offering = ruled(lottery(DRAW), capacity_online=1)
    people = several(3)
    mine = [seat(person, offering).id for person in people][1]
    number = offering.id
    time_machine.move_to(DRAW)
    let_time_pass(number, DRAW)

    page = Page(browser_of(app, people[1]).get(f"{HERE}draw/{number}"))
    stranger = Page(browser_of(app).get(f"{HERE}draw/{number}"))

    assert f"Your place has the number {mine}; it is" in page.text
    assert page.text.count("(yours)") == 1
    assert "(yours)" not in stranger.text
    assert not any(name in stranger.text for name in ("Amina", "Bashir", "Chipo", "Test"))


def test_who_gave_it_up_after_the_draw_stays_in_the_list_and_who_came_later_is_not(
    app, database, time_machine
):
    offering = ruled(lottery(DRAW), capacity_online=1)
    places = [seat(person, offering) for person in several(3)]
    number, gone = offering.id, places[0].id
    time_machine.move_to(DRAW)
    let_time_pass(number, DRAW)
    operations.release_place(db.get_one(Place, gone), DRAW)
    late = seat(pat(), db.get_one(Offering, number)).id

    numbers = [int(place) for _, place, _ in ROW.findall(browser_of(app).get(f"{HERE}draw/{number}").text)]

    assert gone in numbers
    assert late not in numbers


def test_a_long_list_has_pages_and_is_a_table_to_download(app, database, time_machine):
    offering = ruled(lottery(DRAW), capacity_online=1)
    for count in range(101):
        seat(make_participant(f"Person {count}"), offering)
    number, address = offering.id, f"{HERE}draw/{offering.id}"
    time_machine.move_to(DRAW)
    let_time_pass(number, DRAW)
    browser = browser_of(app)

    first = Page(browser.get(address))
    assert "Page 1 of 2" in first.text
    assert first.links["Later ranks"] == f"{address}?page=2#h-ranks"
    for odd in ("0", "-3", "99", "x", "9" * 40):
        assert browser.get(f"{address}?page={odd}").status_code == 200
    last = ROW.findall(browser.get(f"{address}?page=2").text)
    answer = browser.get(f"{address}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert answer.mimetype == "text/csv"
    assert [(one["rank"], one["place"], one["sha256"]) for one in rows][-1:] == last
    assert len(rows) == 101


def test_where_nothing_is_drawn_there_is_no_such_page(app, database):
    plain, other = make_offering(), make_offering(make_learning_session(make_journey("Other"), "Other"))
    draft = ruled(
        lottery(DRAW), make_learning_session(make_journey("Draft", status=JourneyStatus.DRAFT), "D")
    )
    browser = browser_of(app)

    for path in (
        f"{HERE}draw/{plain.id}", f"{HERE}draw/{other.id}", f"{HERE}draw/999999", f"{HERE}draw/{'9' * 30}",
        f"/journeys/draft/sessions/d/draw/{draft.id}", f"{HERE}draw/{plain.id}.csv",
    ):  # fmt: skip
        page = Page(browser.get(path))
        assert page.status == 404, path
        assert "Error 404" in page.text, path


def test_the_old_address_leads_to_the_new_one(app, database):
    offering = ruled(lottery(DRAW))
    number = offering.id
    rename(db.get_one(Journey, offering.learning_session.journey_id), "Paying for Care", NOW)

    answer = browser_of(app).get(f"{HERE}draw/{number}")

    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(f"/sessions/what-capitation-pays-for/draw/{number}")


def test_the_page_costs_the_same_for_three_and_for_thirty(app, database, query_counter, time_machine):
    costs = []
    for count in (3, 30):
        offering = ruled(lottery(DRAW), make_learning_session(make_journey(f"Of {count}"), "One"))
        for number in range(count):
            seat(make_participant(f"Person {number}"), offering)
        let_time_pass(offering.id, DRAW)
        address = f"/journeys/of-{count}/sessions/one/draw/{offering.id}"
        browser = browser_of(app)
        browser.get(address)
        with query_counter() as counted:
            assert browser.get(address).status_code == 200
        costs.append(counted.count)

    assert costs[0] == costs[1] <= 5
