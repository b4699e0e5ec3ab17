"""Two organisers at one part; and forms that come back for another row, with all that was typed."""

import re

import pytest

from tests.factories import NOW
from tests.journeys.partwork import AT, SOUND, add, journey_and_browser, seen_on, stored
from tests.page import Page
from tests.people import browser_of, root


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def browser(app, database):
    return journey_and_browser(app)[1]


def test_who_saves_second_sees_both_versions_and_may_then_replace(app, browser):
    add(browser, "activities", **{"credits-0-name": "Ada"})
    (part,) = stored("activities")
    path = f"{AT}/activities/{part.id}"
    other = browser_of(app, root())
    fields = SOUND["activities"] | {"seen": seen_on(browser.get(path))}
    other.submit(path, fields | {"title": "Theirs", "year": "2020", "credits-0-name": "Ada"})

    second = browser.submit(path, fields | {"title": "Mine", "credits-0-name": "Kofi"})

    shown = Page(second)
    assert (second.status_code, "Two versions" in shown.text) == (409, True)
    assert "Title Theirs Mine" in shown.text
    assert "People named for it Ada Kofi" in shown.text
    assert "Year 2020 (empty)" in shown.text
    assert 'value="Mine"' in second.text
    assert [row.title for row in stored("activities")] == ["Theirs"]

    again = browser.submit(
        path,
        fields | {"title": "Mine", "year": "2020", "credits-0-name": "Kofi", "seen": seen_on(second)},
    )
    assert again.status_code == 303
    (part,) = stored("activities")
    assert (part.title, part.year, [row.name for row in part.credits]) == ("Mine", 2020, ["Kofi"])


def test_saving_the_same_as_somebody_else_is_no_conflict(app, browser):
    add(browser, "outcomes")
    (part,) = stored("outcomes")
    path = f"{AT}/outcomes/{part.id}"
    fields = {"text": "arguing", "seen": seen_on(browser.get(path))}
    browser_of(app, root()).submit(path, fields)

    assert browser.submit(path, fields).status_code == 303


def test_what_was_typed_into_a_deleted_part_can_be_added_anew(app, browser):
    add(browser, "outcomes")
    (part,) = stored("outcomes")
    path = f"{AT}/outcomes/{part.id}"
    browser.get(path)
    browser_of(app, root()).submit(f"{path}/delete")

    late = browser.submit(path, {"text": "typed for an hour"}, page=f"{AT}/outcomes/new")

    assert late.status_code == 409
    assert "Somebody deleted this outcome while you had it open" in Page(late).text
    assert "typed for an hour</textarea>" in late.text
    assert f'action="{AT}/outcomes/new"' in late.text
    assert browser.submit(f"{AT}/outcomes/new", {"text": "typed for an hour"}).status_code == 303
    assert [row.text for row in stored("outcomes")] == ["typed for an hour"]


def rows_of(answer, name="credits"):
    """What the names in the rows of a form hold, in order."""
    inputs = [attrs for tag, attrs in Page(answer).tags if tag == "input"]
    return [one["value"] for one in inputs if re.fullmatch(rf"{name}-\d+-name", one.get("name") or "")]


def focused(answer):
    """The fields that take the focus."""
    return [attrs["name"] for tag, attrs in Page(answer).tags if tag == "input" and "autofocus" in attrs]


TYPED = {
    "kind": "report",
    "title": "Half typed",
    "year": "MMXX",
    "url": "javascript:alert(1)",
    "credits-0-name": "Ada",
    "credits-0-role": "author",
    "credits-1-name": "Kofi",
    "credits-2-name": "",
}


@pytest.mark.engine("sqlite")  # nothing reaches the database
@pytest.mark.parametrize(
    ("pressed", "names", "focus"),
    [
        ("credits:add:0", ["Ada", "Kofi", "", ""], "credits-3-name"),
        ("credits:up:1", ["Kofi", "Ada", ""], "credits-0-name"),
        ("credits:up:0", ["Ada", "Kofi", ""], "credits-0-name"),
        ("credits:remove:0", ["Kofi", ""], "credits-0-name"),
        ("credits:remove:2", ["Ada", "Kofi"], "credits-1-name"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_row_button_changes_rows_and_keeps_everything_typed(browser, pressed, names, focus, is_new):
    add(browser, "activities", **{"credits-0-name": "Before", "credits-1-name": "After"})
    (part,) = stored("activities")
    path = f"{AT}/activities/{'new' if is_new else part.id}"

    answer = browser.submit(path, TYPED | {"rows": pressed})

    assert (answer.status_code, rows_of(answer), focused(answer)) == (200, names, [focus])
    for kept in ("Half typed", "MMXX", "javascript:alert(1)"):
        assert f'value="{kept}"' in answer.text
    assert ('value="author"' in answer.text) is ("Ada" in names)
    assert "has-error" not in answer.text
    assert [row.title for row in stored("activities")] == ["Interview"]


def test_the_last_row_removed_leaves_an_empty_one(browser):
    answer = browser.submit(f"{AT}/country-groups/new", {"members-0-name": "Ama", "rows": "members:remove:0"})

    assert rows_of(answer, "members") == [""]


def test_rows_end_where_a_person_would_stop(browser):
    many = {f"credits-{number}-name": f"Person {number}" for number in range(60)}

    answer = browser.submit(f"{AT}/activities/new", SOUND["activities"] | many | {"rows": "credits:add:0"})
    saved = add(browser, "activities", **many)

    assert (answer.status_code, len(rows_of(answer))) == (200, 60)
    assert saved.status_code == 303
    assert len(stored("activities")[0].credits) == 60


@pytest.mark.parametrize(
    "pressed",
    [
        "",
        "credits",
        "credits:explode:0",
        "credits:up:9",
        "credits:up:-1",
        "title:add:0",
        "credits:up:²",
        pytest.param(f"credits:up:{'9' * 5_000}", id="5,000 figures"),
    ],
)
def test_a_row_button_that_does_not_exist_saves_nothing_wrong(browser, pressed):
    answer = browser.submit(f"{AT}/activities/new", TYPED | {"rows": pressed})

    assert answer.status_code == 422
    assert stored("activities") == []


@pytest.mark.parametrize("number", ["²", pytest.param("9" * 5_000, id="5,000 figures")])
def test_a_row_whose_number_is_none_is_no_row(browser, number):
    row = {f"credits-{number}-name": "Nobody", "credits-7-name": "Kofi"}

    answer = browser.submit(f"{AT}/activities/new", TYPED | row | {"rows": "credits:add:0"})

    assert (answer.status_code, rows_of(answer)) == (200, ["Ada", "Kofi", "", "Kofi", ""])


def test_a_row_button_without_the_token_is_refused_with_what_was_typed(browser):
    answer = browser.post(f"{AT}/activities/new", data=TYPED | {"rows": "credits:add:0"})

    assert answer.status_code == 422
    assert 'value="Half typed"' in answer.text


def test_enter_in_a_field_saves_and_does_not_press_a_row_button(browser):
    """The first button of a form is the one that Enter presses."""
    add(browser, "activities", **{"credits-0-name": "Ada", "credits-1-name": "Kofi"})
    (part,) = stored("activities")

    shown = Page(browser.get(f"{AT}/activities/{part.id}"))

    buttons = [attrs for tag, attrs in shown.tags if tag == "button"]
    assert "name" not in buttons[0]
    assert (buttons[0]["tabindex"], buttons[0]["aria-hidden"]) == ("-1", "true")
    assert {"Up : person 2", "Remove : person 1", "Add a person"} <= set(shown.buttons)
