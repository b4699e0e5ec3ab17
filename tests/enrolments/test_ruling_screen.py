"""The desk's form of a sitting's rule."""

from datetime import UTC, datetime, timedelta

import pytest

from app.database import db
from app.domain.lottery import commitment
from app.domain.place_rules import RuleKind
from app.enrolments.ruling import NewRule, chosen, set_rule, stored_rule
from app.learning_sessions.models import Offering
from app.web.editing import STALE
from tests.factories import NOW, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account, pat, seat
from tests.reader import CSRF, SEEN

FIELDS = {
    "kind": "first-come", "draw": "", "balance": "country", "share": "", "until": "", "giving": "at-once",
    "offer_hours": "48", "cancel_hours": "0",
}  # fmt: skip
DRAW = datetime(2027, 4, 15, 11, tzinfo=UTC)  # 12:00 in London


@pytest.fixture
def offering(database):
    """Thursday 22 April 2027, 13:00 in London; one place online."""
    return make_offering(capacity_online=1)


@pytest.fixture
def owner(offering):
    return ada(offering.learning_session.journey)


@pytest.fixture
def desk(app, owner, time_machine):
    time_machine.move_to(NOW)
    return browser_of(app, owner)


def fresh(offering):
    """The sitting anew, after a request."""
    return db.get_one(Offering, offering.id)


def address(offering):
    return f"/organise/offerings/{offering.id}/places"


def saved(desk, offering, **fields):
    return desk.submit(address(offering), FIELDS | fields)


def test_a_lottery_is_chosen_and_its_promise_shown(desk, offering, database):
    page = Page(desk.get(address(offering)))
    assert page.title == "How places are given"
    assert "Places go first come, first served." in page.text
    assert "clocks in London" in page.text
    answer = saved(desk, offering, kind="lottery", draw="2027-04-15T12:00", giving="offer", offer_hours="24")
    assert answer.status_code == 303
    assert answer.location.endswith(f"#sitting-{offering.id}")
    rule = stored_rule(offering.id)
    assert (rule.draw_at, rule.offer_hours) == (DRAW, 24)
    page = Page(desk.get(address(offering)))
    assert "Places are drawn by lot on Thursday 15 April 2027, 12:00 in London" in page.text
    assert commitment(rule.seed) in page.text
    assert rule.seed not in page.source
    assert 'value="2027-04-15T12:00"' in page.source


def test_moving_the_draw_keeps_the_promise(desk, offering, database):
    set_rule(fresh(offering), NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
    seat(pat(), fresh(offering))
    seed = stored_rule(offering.id).seed
    assert saved(desk, offering, kind="lottery", draw="2027-04-16T12:00").status_code == 303
    assert stored_rule(offering.id).draw_at == DRAW + timedelta(days=1)
    assert stored_rule(offering.id).seed == seed


def test_what_people_count_on_is_refused_at_its_field(desk, offering, database):
    seat(pat(), fresh(offering))
    page = Page(saved(desk, offering, kind="lottery", draw="2027-04-15T12:00"))
    assert page.status == 422
    assert "1 person counts on a place here under the rule as it is" in page.text
    assert page.links[next(text for text in page.links if text.startswith("1 person"))] == "#kind-0"
    assert 'value="2027-04-15T12:00"' in page.source  # what was typed is still there
    assert stored_rule(offering.id) is None
    assert "1 person counts" in Page(desk.get(address(offering))).text


def test_a_time_that_clocks_skip_gets_a_way_out(desk, offering):
    page = Page(saved(desk, offering, kind="lottery", draw="2027-03-28T01:30"))
    assert page.status == 422
    assert "Use 02:00" in page.buttons
    page = Page(saved(desk, offering, kind="lottery", draw="2027-03-28T01:30", use="draw 2027-03-28T02:00"))
    assert page.status == 200
    assert 'value="2027-03-28T02:00"' in page.source
    assert saved(desk, offering, kind="lottery", draw="2027-03-28T02:00").status_code == 303
    assert stored_rule(offering.id).draw_at == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_time_that_comes_twice_is_asked_about(desk, offering):
    wall = datetime(2027, 11, 18, 13)
    offering = make_offering(fresh(offering).learning_session, wall=wall, capacity_online=1)
    page = Page(saved(desk, offering, kind="lottery", draw="2027-10-31T01:30"))
    assert page.status == 422
    assert "01:30 BST, UTC+1 (the first)" in page.text
    assert saved(desk, offering, kind="lottery", draw="2027-10-31T01:30", draw_fold="1").status_code == 303
    assert stored_rule(offering.id).draw_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    page = Page(desk.get(address(offering)))
    chosen_fold = [facts for tag, facts in page.tags if tag == "input" and facts.get("name") == "draw_fold"]
    assert [("checked" in facts) for facts in chosen_fold] == [False, True]


def test_bad_input_stays_typed(desk, offering):
    page = Page(
        saved(
            desk, offering, kind="balanced", share="a lot", until="tomorrow", giving="offer", offer_hours="x",
            cancel_hours="9" * 40,
        )
    )  # fmt: skip
    assert page.status == 422
    for typed in ("a lot", "tomorrow", "9" * 40):
        assert f'value="{typed}"' in page.source
    assert "Give a whole number, such as 30." in page.text
    assert Page(saved(desk, offering, kind="raffle")).status == 422
    assert Page(saved(desk, offering, cancel_hours="9" * 40)).status == 422
    assert Page(saved(desk, offering, kind="balanced", share="0")).status == 422
    assert stored_rule(offering.id) is None


def test_what_does_not_belong_to_the_choice_is_not_looked_at(desk, offering):
    answer = saved(desk, offering, draw="tomorrow", share="x", until="y", offer_hours="z", cancel_hours="24")
    assert answer.status_code == 303
    assert chosen(stored_rule(offering.id)) == NewRule(cancel_hours=24)


@pytest.mark.parametrize(
    "unseen",
    [
        {"balance": "zzz"}, {"share": "9" * 40}, {"draw": "zzz", "draw_fold": "zzz"}, {"until_fold": "zzz"},
        {"offer_hours": "9" * 40}, {"balance": "", "share": "-1", "until": "0000-00-00T99:99"},
    ],
)  # fmt: skip
def test_nonsense_in_what_belongs_to_another_choice_is_left_out(desk, offering, unseen):
    assert saved(desk, offering, cancel_hours="24", **unseen).status_code == 303
    assert chosen(stored_rule(offering.id)) == NewRule(cancel_hours=24)


def test_nonsense_in_the_balance_does_not_hinder_a_lottery(desk, offering):
    answer = saved(desk, offering, kind="lottery", draw="2027-04-15T12:00", balance="zzz", share="x")
    assert answer.status_code == 303
    assert chosen(stored_rule(offering.id)) == NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW)


def test_an_unknown_balance_is_refused_where_it_is_asked_for(desk, offering):
    page = Page(saved(desk, offering, kind="balanced", balance="zzz", share="25"))
    assert page.status == 422
    assert "Choose one of these." in page.text
    assert stored_rule(offering.id) is None


def test_whoever_saves_second_sees_both_versions(desk, app, offering, database):
    seen = desk.get(address(offering))
    set_rule(offering, NewRule(cancel_hours=12), NOW)
    stale = hidden_of(seen.text)
    page = Page(desk.post(address(offering), data=FIELDS | {"cancel_hours": "48"} | stale))
    assert page.status == 409
    assert STALE in page.text
    assert "12" in page.text
    again = desk.post(address(offering), data=FIELDS | {"cancel_hours": "48"} | hidden_of(page.source))
    assert again.status_code == 303
    assert stored_rule(offering.id).cancel_hours == 48


def test_who_may_only_read_may_not_choose(app, offering, owner):
    reader = browser_of(app, cora(offering.learning_session.journey))
    assert reader.get(address(offering)).status_code == 403
    assert browser_of(app, make_account("Zoe Nobody")).get(address(offering)).status_code == 403
    assert browser_of(app).get(address(offering)).status_code == 303
    assert browser_of(app, owner).get("/organise/offerings/999999/places").status_code == 404


def test_what_has_begun_is_shown_without_a_form(app, owner, offering, time_machine):
    time_machine.move_to(offering.starts_at)
    page = Page(browser_of(app, owner).get(address(offering)))
    assert "its rule stays as it is" in page.text
    assert "Save the rule" not in page.buttons


def hidden_of(source):
    return {"csrf_token": CSRF.search(source).group(1), "seen": SEEN.search(source).group(1)}


def test_the_box_is_tied_to_its_hint_and_to_what_is_wrong(desk, offering):
    def box(page):
        return next(
            facts for tag, facts in page.tags if tag == "input" and facts.get("id") == "needs_approval"
        )

    seat(pat(), fresh(offering))
    before = box(Page(desk.get(address(offering))))
    refused = Page(saved(desk, offering, needs_approval="y"))

    assert before["aria-describedby"] == "needs_approval-hint"
    assert "aria-invalid" not in before
    assert refused.status == 422
    assert box(refused)["aria-describedby"] == "needs_approval-hint needs_approval-error"
    assert box(refused)["aria-invalid"] == "true"
    for name in ("needs_approval-hint", "needs_approval-error"):
        assert refused.source.count(f'id="{name}"') == 1
