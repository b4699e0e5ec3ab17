"""The organisers' log: every decision about every place of a sitting, in words."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from app.accounts.models import User
from app.database import db
from app.domain.decided import Decided, Ground
from app.domain.log_words import LOGGED, decided_by, logged, under
from app.domain.place_rules import Giving
from app.domain.seats import PlaceStatus
from app.enrolments import approving, operations
from app.enrolments.decision_log import PAGE
from app.enrolments.decisions import PlaceDecision
from app.enrolments.models import Place
from app.enrolments.ruling import NewRule, set_rule
from tests.factories import NOW, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cast, make_account

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def people(database):
    offering = make_offering(capacity_online=1)
    set_rule(offering, NewRule(giving=Giving.OFFER, offer_hours=24), NOW)
    return offering.id, cast(offering)


@pytest.fixture
def desk(app, people, time_machine):
    time_machine.move_to(LATER)
    return browser_of(app, people[1].ada)


def log(desk, offering_id, **asked):
    return Page(desk.get(f"/organise/offerings/{offering_id}/decisions", query_string=asked))


def rows(page):
    body = page.source.split("<tbody", 1)[1].split("</tbody")[0] if "<tbody" in page.source else ""
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in body.split("<tr ")[1:]]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def place_of(participant):
    return db.scalars(select(Place).where(Place.participant_id == participant.id)).one()


def test_everything_in_words_newest_first(desk, people):
    offering_id, cast_ = people
    operations.release_place(place_of(cast_.pat), NOW + timedelta(minutes=1))
    will = place_of(cast_.will)
    operations.accept_offer(will, NOW + timedelta(minutes=2))
    ada = db.get(User, cast_.ada.id)
    approving.take_out(will, "You wrote that you cannot come.", ada, NOW + timedelta(minutes=3))
    page = log(desk, offering_id)
    assert page.title == "Decisions about places"
    assert "clocks in London (Europe/London)" in page.text
    assert rows(page) == [
        ["Mon 1 March 2027 , 09:03:00 GMT", "Will Rahman",
         "Was taken out told: You wrote that you cannot come.", "Decision of the organisers", "Confirmed",
         "Released", "Ada Owusu"],
        ["Mon 1 March 2027 , 09:02:00 GMT", "Will Rahman", "Accepted the offer", "Their own wish", "Offered",
         "Confirmed", "themselves"],
        ["Mon 1 March 2027 , 09:01:00 GMT", "Will Rahman", "Was offered a place", "First come, first served",
         "Waiting, 1st in line", "Offered", "the rule"],
        ["Mon 1 March 2027 , 09:01:00 GMT", "Pat Asante", "Gave the place up", "Their own wish", "Confirmed",
         "Released", "themselves"],
        ["Mon 1 March 2027 , 09:00:00 GMT", "Will Rahman", "Asked, and joined the line",
         "First come, first served", "Nothing", "Waiting, 1st in line", "themselves"],
        ["Mon 1 March 2027 , 09:00:00 GMT", "Pat Asante", "Asked, and has the place",
         "First come, first served", "Nothing", "Confirmed", "the rule"],
    ]  # fmt: skip


def test_by_person_and_by_what(desk, people):
    offering_id, cast_ = people
    pat = place_of(cast_.pat).id
    assert [row[1] for row in rows(log(desk, offering_id, who="ASÁNTE p"))] == ["Pat Asante"]
    assert [row[1] for row in rows(log(desk, offering_id, what="asked"))] == ["Will Rahman"]
    page = log(desk, offering_id, place=pat)
    assert [row[1] for row in rows(page)] == ["Pat Asante"]
    assert "Only Pat Asante." in page.text
    assert page.links["Show everybody"] == f"/organise/offerings/{offering_id}/decisions"
    assert "Nothing like that" in log(desk, offering_id, who="100%_").text
    assert "Nothing like that" in log(desk, offering_id, what="drawn").text


def test_what_makes_no_sense_is_not_asked(desk, people):
    offering_id, _ = people
    for asked in (
        {"before": "x"}, {"after": "9" * 30}, {"what": "nothing"}, {"place": "-1"},
        {"before": "²"},
    ):  # fmt: skip
        assert len(rows(log(desk, offering_id, **asked))) == 2, asked
    assert log(desk, offering_id, place=2**31 - 1).status == 200


def test_pages_lead_through_all_of_it_and_back(desk, people):
    offering_id, cast_ = people
    fill(offering_id, place_of(cast_.pat).id, 2 * PAGE + 10)
    numbers = []
    page = log(desk, offering_id)
    while True:
        numbers.append([row[2] for row in rows(page)])
        if "Older decisions" not in page.links:
            break
        page = Page(desk.get(page.links["Older decisions"]))
    assert [len(one) for one in numbers] == [PAGE, PAGE, 12]
    back = Page(desk.get(page.links["Newer decisions"]))
    assert len(rows(back)) == PAGE
    assert "Older decisions" in back.links
    first = Page(desk.get(back.links["Newer decisions"]))
    assert rows(first) == rows(log(desk, offering_id))
    assert "Newer decisions" not in first.links


def test_the_last_page_costs_as_much_as_the_first(desk, people, query_counter):
    offering_id, cast_ = people
    with query_counter() as for_two:
        log(desk, offering_id)
    fill(offering_id, place_of(cast_.pat).id, 30)
    with query_counter() as for_many:
        log(desk, offering_id, who="pat")
    assert for_two.count == for_many.count


def test_only_organisers_of_the_journey_see_it(app, people):
    offering_id, cast_ = people
    path = f"/organise/offerings/{offering_id}/decisions"
    for who, status in (
        (cast_.ada, 200), (cast_.cora, 200), (cast_.root, 200), (cast_.fran, 403), (cast_.pat, 403),
        (make_account("Zoe Nobody"), 403), (None, 303),
    ):  # fmt: skip
        assert browser_of(app, who).get(path).status_code == status, who
    assert browser_of(app, cast_.ada).get("/organise/offerings/999999/decisions").status_code == 404


def test_an_empty_log(app, database):
    offering = make_offering()
    page = Page(
        browser_of(app, ada(offering.learning_session.journey)).get(
            f"/organise/offerings/{offering.id}/decisions"
        )
    )
    assert "Nothing yet" in page.text


@pytest.mark.parametrize("what", Decided)
def test_there_are_words_for_everything(what):
    assert what in LOGGED
    for ground in Ground:
        assert under(ground)
        assert "you" not in under(ground).lower().split()
        assert decided_by(what, ground, "")
        for before in (None, *PlaceStatus):
            assert logged(what, ground, before, PlaceStatus.WAITING)


def test_a_name_taken_out_by_its_group_did_not_give_way_to_another():
    said = logged(Decided.RELEASED, Ground.BLOCK, PlaceStatus.CONFIRMED, PlaceStatus.RELEASED)
    assert said == "Taken out by the group"


def fill(offering_id, place_id, count):
    """So many decisions more; what they say does not matter."""
    one = {
        "place_id": place_id, "offering_id": offering_id, "decided_at": NOW, "what": Decided.RELEASED,
        "ground": Ground.OWN_WISH, "status_before": PlaceStatus.CONFIRMED,
        "status_after": PlaceStatus.RELEASED, "note": "",
    }  # fmt: skip
    db.execute(insert(PlaceDecision), [one | {"note": f"number {number}"} for number in range(count)])


def test_a_closed_account_leaves_its_decisions_without_a_name(desk, people):
    offering_id, cast_ = people
    will = place_of(cast_.will).participant
    will.name = will.name_folded = ""
    db.flush()
    assert rows(log(desk, offering_id))[0][1] == "A former participant"
