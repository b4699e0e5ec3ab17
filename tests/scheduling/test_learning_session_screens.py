"""A session on the desk: making it, changing its texts, seeing all of it, putting it in its place."""

import pytest
from sqlalchemy import select

from app.database import db
from app.journeys.composing import add_theme
from app.learning_sessions.models import LearningSession
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.people import ada, browser_of, cora, nora
from tests.scheduling.planning import (
    A_TIME,
    EDIT_SESSION,
    JOURNEY,
    NEW_SESSION,
    NEW_SITTING,
    OVERVIEW,
    errors_of,
    read,
    send,
    send_again,
    typed_in,
)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def the_session() -> LearningSession:
    return db.scalars(select(LearningSession)).one()


def test_an_organiser_plans_a_session_without_a_date(app, database):
    browser = browser_of(app, ada(make_journey()))

    answer = send(browser, NEW_SESSION, {"title": "What capitation pays for", "summary": "In one sentence."})

    assert (answer.status_code, answer.location) == (303, OVERVIEW)
    page = read(browser.get(OVERVIEW))
    assert page.title == "What capitation pays for"
    assert "“What capitation pays for” is planned." in page.notices
    assert "No date yet" in page.text
    assert page.links["Give it a date"] == NEW_SITTING
    assert the_session().offerings == []


def test_a_session_is_planned_and_dated_in_one_form(app, database):
    journey = make_journey()
    theme = add_theme(journey, "Paying providers", NOW)
    browser = browser_of(app, ada(journey))

    answer = send(
        browser,
        NEW_SESSION,
        A_TIME
        | {
            "title": "Money & meaning",
            "content": "Read **this** first.",
            "themes": str(theme.id),
            "language": "fr",
            "slug": "money",
            "facilitators-0-name": "Wanjiru Kamau",
            "names_asked": "wanjiru kamau",
            "agenda-0-minutes": "60",
            "agenda-0-title": "Three countries",
            "agenda-0-people": "Kofi Boateng, Ghana Health Service; Amina Diallo",
        },
    )

    assert answer.location == f"{JOURNEY}sessions/money/"
    page = read(browser.get(answer.location))
    assert "A page was made for Wanjiru Kamau." in page.text
    assert "Wed 12 May 2027, 13:00–14:30 London, BST" in page.text
    made = the_session()
    assert (made.language, [one.title for one in made.themes]) == ("fr", ["Paying providers"])
    item = made.offerings[0].agenda[0]
    assert [(one.name, one.affiliation) for one in item.credits] == [
        ("Kofi Boateng", "Ghana Health Service"),
        ("Amina Diallo", ""),
    ]


def test_a_second_press_adds_nothing_before_one_has_seen_the_first(app, database):
    browser = browser_of(app, ada(make_journey()))
    opened = browser.get(NEW_SESSION)
    typed = {"title": "What capitation pays for", "summary": "In one sentence."}
    assert send_again(browser, NEW_SESSION, opened, typed).status_code == 303

    again = send_again(browser, NEW_SESSION, opened, typed)

    assert again.status_code == 409
    assert read(again).links["What capitation pays for"] == OVERVIEW
    assert {name: typed_in(again)[name] for name in typed} == typed
    assert the_session().title == typed["title"]
    assert send_again(browser, NEW_SESSION, again).status_code == 303
    assert len(db.scalars(select(LearningSession.id)).all()) == 2


def test_a_session_needs_a_title_and_nothing_else_is_lost(app, database):
    browser = browser_of(app, ada(make_journey()))

    answer = send(browser, NEW_SESSION, A_TIME | {"summary": "Stays here", "begins": "14:15"})

    assert answer.status_code == 422
    assert errors_of(answer) == {"title": "Give the session a title."}
    typed = typed_in(answer)
    assert (typed["summary"], typed["begins"]) == ("Stays here", "14:15")


def test_a_day_is_not_dropped_because_a_choice_was_forgotten(app, database):
    browser = browser_of(app, ada(make_journey()))

    answer = send(browser, NEW_SESSION, {"title": "Another", "day": "2027-05-12", "dating": "none"})

    assert (answer.status_code, list(errors_of(answer))) == (422, ["day"])
    assert typed_in(answer)["day"] == "2027-05-12"


def test_an_address_in_use_is_refused_beside_its_field(app, database):
    journey = make_journey()
    make_learning_session(journey)
    browser = browser_of(app, ada(journey))

    answer = send(browser, NEW_SESSION, {"title": "Another", "slug": "what-capitation-pays-for"})

    assert (answer.status_code, list(errors_of(answer))) == (422, ["slug"])


@pytest.mark.parametrize("path", [NEW_SESSION, EDIT_SESSION])
def test_a_preview_shows_the_text_as_readers_see_it_and_saves_nothing(app, database, path):
    learning_session = make_learning_session()
    browser = browser_of(app, ada(learning_session.journey))

    answer = send(
        browser, path, {"title": "", "content": "Read **this** [first](https://example.org/)", "preview": "1"}
    )

    page = read(answer)
    assert page.status == 200
    assert page.links["first"] == "https://example.org/"
    assert typed_in(answer)["content"].startswith("Read **this**")
    assert the_session().content == ""


def test_changing_the_address_leaves_a_redirect(app, database):
    learning_session = make_learning_session()
    browser = browser_of(app, ada(learning_session.journey))

    answer = send(browser, EDIT_SESSION, {"title": "What it leaves out", "slug": "leaves-out"})

    assert answer.location == f"{JOURNEY}sessions/leaves-out/"
    old = browser.get("/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/")
    assert (old.status_code, old.location) == (
        301,
        "/journeys/financing-and-payment-models/sessions/leaves-out/",
    )
    back = send(browser, f"{JOURNEY}sessions/leaves-out/edit", {"slug": "what-capitation-pays-for"})
    assert back.location == OVERVIEW


def test_two_organisers_who_edit_at_once_see_both_versions(app, database):
    learning_session = make_learning_session()
    one = browser_of(app, ada(learning_session.journey))
    opened = one.get(EDIT_SESSION)
    send(one, EDIT_SESSION, {"title": "Saved first"})

    answer = send_again(one, EDIT_SESSION, opened, {"title": "Saved second"})

    page = read(answer)
    assert page.status == 409
    assert "Title Saved first Saved second" in page.text
    assert send_again(one, EDIT_SESSION, answer).status_code == 303
    assert the_session().title == "Saved second"


def test_sessions_are_put_in_order_one_step_at_a_time(app, database):
    journey = make_journey()
    ids = {title: make_learning_session(journey, title).id for title in ("One", "Two", "Three")}
    browser = browser_of(app, ada(journey))

    def move(title: str, to: str) -> list[str]:
        token = typed_in(browser.get(NEW_SESSION))["csrf_token"]
        answer = browser.post(
            f"{JOURNEY}session-order", data={"csrf_token": token, "learning_session": ids[title], "to": to}
        )
        assert answer.status_code == (422 if to == "sideways" else 303)
        return list(db.scalars(select(LearningSession.title).order_by(LearningSession.position)))

    assert move("Three", "up") == ["One", "Three", "Two"]
    assert move("One", "down") == ["Three", "One", "Two"]
    assert move("Three", "up") == ["Three", "One", "Two"]
    assert move("Two", "sideways") == ["Three", "One", "Two"]


def test_the_desk_shows_every_sitting_in_both_zones_with_its_places(app, database):
    learning_session = make_learning_session()
    make_offering(learning_session, capacity_online=12)
    make_offering(learning_session, timezone="Asia/Kathmandu")
    browser = browser_of(app, ada(learning_session.journey))
    browser.set_cookie("zone", "Africa/Accra", domain="127.0.0.1")

    page = read(browser.get(OVERVIEW))

    assert "1st sitting: Thu 22 April 2027, 12:00–13:30 Accra, GMT (13:00–14:30 London, BST)" in page.text
    assert "07:15–08:45 Accra, GMT (13:00–14:30 Kathmandu, UTC+5:45)" in page.text
    assert "0 confirmed of 12" in page.text
    assert page.links["Add a twin sitting"] == NEW_SITTING


@pytest.mark.parametrize("path", [NEW_SESSION, NEW_SITTING, EDIT_SESSION, "/organise/offerings/{}/edit"])
def test_only_those_who_may_edit_get_to_the_forms(app, database, path):
    offering = make_offering()
    journey = offering.learning_session.journey
    path = path.format(offering.id)

    answers = [
        browser_of(app, who).get(path).status_code for who in (ada(journey), cora(journey), nora(), None)
    ]

    assert answers == [200, 403, 403, 303]


def test_a_reader_sees_the_overview_without_its_buttons(app, database):
    offering = make_offering()
    journey = offering.learning_session.journey

    page = read(browser_of(app, cora(journey)).get(OVERVIEW))

    assert page.status == 200
    assert not {"Add a twin sitting", "Edit its texts", "Change the sitting"} & set(page.links)
    assert browser_of(app, nora()).get(OVERVIEW).status_code == 403


@pytest.mark.parametrize("number", [1, 30])
def test_the_overview_costs_the_same_with_many_sittings(app, database, query_counter, number):
    learning_session = make_learning_session()
    for _ in range(number):
        make_offering(learning_session)
    browser = browser_of(app, ada(learning_session.journey))
    browser.get(OVERVIEW)

    with query_counter() as counted:
        assert browser.get(OVERVIEW).status_code == 200

    assert counted.count <= 13
