"""Who organises a journey: adding, changing, removing, and always one owner."""

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.permissions import OrganiserRole
from app.journeys.models import OrganiserAssignment
from app.journeys.operations import assign_organiser
from tests.factories import NOW, make_journey
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account, nora, root

DESK = "/organise/journeys/financing-and-payment-models/"
ORGANISERS = f"{DESK}organisers"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def journey(database):
    return make_journey()


@pytest.fixture
def owner(journey):
    return ada(journey)


@pytest.fixture
def browser(app, owner):
    return browser_of(app, owner)


def roles(journey_id: int = 1) -> dict[int, str]:
    return dict(db.execute(select(OrganiserAssignment.user_id, OrganiserAssignment.role)).all())


def test_an_owner_adds_somebody_by_the_address_of_an_account(browser):
    bela = make_account("Bela Bartos")

    answer = browser.submit(ORGANISERS, {"act": "add", "email": " BELA@example.org", "role": "people"})

    assert (answer.status_code, answer.headers["Location"]) == (303, ORGANISERS)
    page = Page(browser.get(ORGANISERS))
    assert page.notices == ["Bela Bartos organises “Financing and Payment Models” now, as people."]
    assert "Owner Ada Owusu (you) ada@example.org" in page.text
    assert "People Bela Bartos bela@example.org" in page.text
    assert roles()[bela.id] is OrganiserRole.PEOPLE


BAD = [
    ("email", "", "Give the e-mail address of their account."),
    ("email", "nonsense", "Write an e-mail address such as efua@example.org."),
    ("email", "nobody@example.org", "No account has the address nobody@example.org."),
    ("email", "ada@example.org", "Ada Owusu organises this journey already"),
    ("email", "a\x00@example.org", "Write an e-mail address"),
    ("email", f"{'x' * 300}@example.org", "longer than any e-mail address"),
    ("role", "emperor", "Not a valid choice"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD)
def test_whom_nobody_knows_is_said_plainly(browser, field, value, said):
    make_account("Bela Bartos")
    sent = {"act": "add", "email": "bela@example.org", "role": "editor"} | {field: value}

    answer = browser.submit(ORGANISERS, sent)

    page = Page(answer)
    assert page.status == 422
    assert said in page.text
    assert f"{field}-error" in {facts.get("id") for _, facts in page.tags}
    assert list(roles().values()) == [OrganiserRole.OWNER]


def test_a_part_is_changed_and_shows_at_once_in_what_they_may_do(app, browser, journey):
    reader = cora(journey)
    assert browser_of(app, reader).get(f"{DESK}edit").status_code == 403

    browser.submit(ORGANISERS, {"act": "change", "user_id": reader.id, "role": "editor", "seen": "reader"})

    assert Page(browser.get(ORGANISERS)).notices == [
        "Cora Lind is editor of “Financing and Payment Models” now."
    ]
    assert browser_of(app, db.merge(reader)).get(f"{DESK}edit").status_code == 200


def test_somebody_is_removed(app, browser, journey):
    reader = cora(journey)

    browser.submit(ORGANISERS, {"act": "remove", "user_id": reader.id})

    page = Page(browser.get(ORGANISERS))
    assert page.notices == ["Cora Lind does not organise “Financing and Payment Models” any more."]
    assert page.sections == ["One organiser", "Add somebody"]
    assert browser_of(app, db.merge(reader)).get(DESK).status_code == 403


@pytest.mark.parametrize("fields", [{"act": "remove"}, {"act": "change", "role": "reader", "seen": "owner"}])
def test_the_last_owner_stays(browser, owner, fields):
    answer = browser.submit(ORGANISERS, fields | {"user_id": owner.id})

    page = Page(answer)
    assert page.status == 422
    assert "Ada Owusu is the only owner. Make somebody else an owner first." in page.notices[0]
    assert list(roles().values()) == [OrganiserRole.OWNER]


def test_an_owner_with_another_beside_her_may_leave_after_being_asked(app, browser, journey, owner):
    assign_organiser(journey, make_account("Bela Bartos"), OrganiserRole.OWNER, NOW)
    asked = Page(browser.get(f"{ORGANISERS}?leave=1"))
    assert "You cannot come back by yourself" in asked.notices[0]
    assert "Leave" in asked.buttons

    answer = browser.submit(ORGANISERS, {"act": "remove", "user_id": owner.id})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/")
    assert (
        Page(browser.get("/me/")).notices[0] == "You do not organise “Financing and Payment Models” any more."
    )
    assert browser.get(ORGANISERS).status_code == 403


def test_a_part_that_somebody_else_changed_meanwhile_is_not_overwritten(browser, journey):
    reader = cora(journey)
    assign_organiser(journey, reader, OrganiserRole.EDITOR, NOW)

    answer = browser.submit(
        ORGANISERS, {"act": "change", "user_id": reader.id, "role": "people", "seen": "reader"}
    )

    page = Page(answer)
    assert page.status == 409
    assert "Somebody made Cora Lind editor meanwhile." in page.notices[0]
    assert roles()[reader.id] is OrganiserRole.EDITOR


@pytest.mark.parametrize("user_id", ["", "x", "0", "-1", "99999999999999999999", "4\x00"])
def test_a_number_that_is_nobody_s_changes_nothing(browser, journey, user_id):
    for act in ("change", "remove"):
        answer = browser.submit(ORGANISERS, {"act": act, "user_id": user_id, "role": "reader"})
        assert answer.status_code == 422
    assert list(roles().values()) == [OrganiserRole.OWNER]


def test_who_does_not_organise_it_cannot_be_changed(browser, journey):
    stranger = nora()
    for act in ("change", "remove"):
        answer = browser.submit(ORGANISERS, {"act": act, "user_id": stranger.user_id, "role": "reader"})
        assert "This person does not organise the journey any more." in Page(answer).notices[0]


@pytest.mark.parametrize("act", ["", "explode", "add\x00"])
def test_an_act_that_is_none_is_refused(browser, act):
    assert browser.submit(ORGANISERS, {"act": act}).status_code == 422


def test_an_administrator_adds_an_owner_to_a_journey_without_organisers(app, journey):
    make_account("Bela Bartos")
    browser = browser_of(app, root())
    assert "Nobody organises it" in Page(browser.get(ORGANISERS)).text

    assert browser.submit(
        ORGANISERS, {"act": "add", "email": "bela@example.org", "role": "owner"}
    ).status_code == 303  # fmt: skip


def test_only_owners_and_administrators_choose_organisers(app, journey, owner):
    people = {"ada": owner, "cora": cora(journey), "root": root(), "nora": nora(), "stan": None}
    for name, role in (("Eddy Editor", OrganiserRole.EDITOR), ("Petra People", OrganiserRole.PEOPLE)):
        people[name] = make_account(name)
        assign_organiser(journey, people[name], role, NOW)
    fields = {"act": "remove", "user_id": people["cora"].id}

    seen = {name: browser_of(app, who).get(ORGANISERS).status_code for name, who in people.items()}
    sent = {
        name: browser_of(app, people[name])
        .submit(ORGANISERS, fields, page="/sign-out" if people[name] else "/sign-in")
        .status_code
        for name in ("Eddy Editor", "Petra People", "cora", "nora", "stan")
    }

    refused = {"Eddy Editor": 403, "Petra People": 403, "cora": 403, "nora": 403, "stan": 303}
    assert seen == {"ada": 200, "root": 200} | refused
    assert sent == refused
    assert len(roles()) == 4
