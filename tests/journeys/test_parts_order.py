"""Putting the parts of a journey in another order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journeys.part_kinds import KINDS
from tests.factories import NOW
from tests.journeys.partwork import AT, ORDERED, SOUND, add, journey_and_browser, stored
from tests.page import Page


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def browser(app, database):
    return journey_and_browser(app)[1]


def several(browser, name, count=4):
    """So many parts of a kind, told apart by their first words; gives their ids."""
    roles = ("commissioner", "developer", "funder", "member", "host")
    countries = ("GH", "KE", "TZ", "UG", "NP")
    key = next(key for key in ("text", "title", "organisation", "name") if key in SOUND[name])
    for number in range(count):
        facts = {"partners": {"role": roles[number]}, "country-groups": {"country": countries[number]}}
        add(browser, name, **{key: f"Part {number}"} | facts.get(name, {}))
    return [row.id for row in stored(name)]


def move(browser, name, part_id, step, **more):
    path = f"{AT}/{name}"
    return browser.submit(f"{path}/order", {"part_id": part_id, "step": step, **more}, page=f"{path}/")


@pytest.mark.parametrize("name", ORDERED)
def test_parts_of_every_ordered_kind_move_up_and_down(browser, name):
    a, b, c, d = several(browser, name)

    answer = move(browser, name, a, "down")
    move(browser, name, d, "up")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{AT}/{name}/#part-{a}")
    assert [(row.id, row.position) for row in stored(name)] == [(b, 1), (a, 2), (d, 3), (c, 4)]
    assert Page(browser.get(f"{AT}/{name}/")).notices == ["“Part 3” is number 3 of 4 now."]


def test_who_is_first_goes_no_further_up(browser):
    a, b, c, d = several(browser, "outcomes")

    move(browser, "outcomes", a, "up")
    move(browser, "outcomes", d, "down")

    assert [row.id for row in stored("outcomes")] == [a, b, c, d]
    buttons = Page(browser.get(f"{AT}/outcomes/")).buttons
    assert "Up : Part 0" not in buttons
    assert "Down : Part 3" not in buttons
    assert {"Down : Part 0", "Up : Part 3"} <= set(buttons)


@pytest.mark.parametrize(("place", "order"), [("1", "dabc"), ("3", "abdc"), ("9999", "abcd")])
def test_a_part_goes_to_a_place(browser, place, order):
    ids = dict(zip("abcd", several(browser, "outcomes"), strict=True))

    assert move(browser, "outcomes", ids["d"], "to", place=place).status_code == 303

    assert [row.id for row in stored("outcomes")] == [ids[one] for one in order]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"step": "to", "place": ""}, "Give a place from 1."),
        ({"step": "to", "place": "0"}, "Give a place from 1."),
        ({"step": "to", "place": "-1"}, "Give a place from 1."),
        ({"step": "to", "place": "first"}, "Give a whole number"),
        ({"step": "to", "place": "9" * 40}, "Give a place from 1."),
        ({"step": "sideways"}, "Not a valid choice."),
        ({}, "Not a valid choice."),
        ({"step": "up", "part_id": ""}, "Say which one is to be moved."),
        ({"step": "up", "part_id": "one"}, "Give a whole number"),
    ],
)
def test_a_place_that_is_none_is_refused_with_the_list(browser, fields, sentence):
    ids = several(browser, "outcomes")

    answer = browser.submit(f"{AT}/outcomes/order", {"part_id": ids[0]} | fields, page=f"{AT}/outcomes/new")

    shown = Page(answer)
    assert (answer.status_code, shown.title) == (422, "Outcomes")
    assert sentence in shown.text
    if fields.get("place"):
        assert f'value="{fields["place"]}" aria-invalid="true"' in answer.text
    assert [row.id for row in stored("outcomes")] == ids


def test_a_move_without_its_token_is_refused(browser):
    ids = several(browser, "outcomes")

    answer = browser.post(f"{AT}/outcomes/order", data={"part_id": ids[0], "step": "down"})

    assert answer.status_code == 422
    assert [row.id for row in stored("outcomes")] == ids


def test_what_has_no_order_cannot_be_moved(browser):
    add(browser, "expected-zones")
    (zone,) = stored("expected-zones")

    answer = browser.submit(
        f"{AT}/expected-zones/order", {"part_id": zone.id, "step": "up"}, page=f"{AT}/expected-zones/new"
    )

    assert answer.status_code == 404


def test_publications_change_places_with_those_of_the_same_date(browser):
    for title, date in (
        ("Old", {"year": "2018"}),
        ("A", {}),
        ("New", {"year": "2020", "month": "7"}),
        ("B", {}),
    ):
        add(browser, "publications", title=title, **date)
    ids = {row.title: row.id for row in stored("publications")}

    move(browser, "publications", ids["B"], "up")
    move(browser, "publications", ids["Old"], "up")

    links = list(Page(browser.get(f"{AT}/publications/")).links)
    assert [text for text in links if text in ids] == ["New", "Old", "B", "A"]
    on_page = list(Page(browser.get("/journeys/financing-and-payment-models/")).text.split("Undated"))
    assert on_page[0].index("New") < on_page[0].index("Old")
    assert [words.split()[0] for words in on_page[1:]] == ["B", "A"]


def test_headings_change_places_with_those_beside_them(browser):
    several(browser, "question-headings", 2)
    first, second = stored("question-headings")
    for title in ("x", "y"):
        add(browser, "question-headings", title=title, parent=str(first.id))
    x, y = stored("question-headings")[2:]

    move(browser, "question-headings", y.id, "up")
    move(browser, "question-headings", second.id, "up")

    links = list(Page(browser.get(f"{AT}/question-headings/")).links)
    assert [text for text in links if len(text) == 1 or text.startswith("Part ")] == [
        "Part 1",
        "Part 0",
        "y",
        "x",
    ]


class Row:
    """Something that stands in a list, among others of its group."""

    def __init__(self, parent_id):
        self.parent_id = parent_id


@given(st.lists(st.sampled_from([None, 1, 2]), min_size=1, max_size=12), st.data())
def test_moving_one_leaves_all_others_in_their_order(groups, data):
    kind = KINDS["question-headings"]
    rows = [Row(group) for group in groups]
    part = data.draw(st.sampled_from(rows))
    place = data.draw(st.integers(-3, 15))

    moved = kind.moved(rows, part, place)

    peers = [row for row in moved if row.parent_id == part.parent_id]
    assert peers.index(part) == min(max(place, 1), len(peers)) - 1
    assert [row.parent_id for row in moved] == groups
    assert [row for row in moved if row is not part and row.parent_id == part.parent_id] == [
        row for row in rows if row is not part and row.parent_id == part.parent_id
    ]
    assert [row for row in moved if row.parent_id != part.parent_id] == [
        row for row in rows if row.parent_id != part.parent_id
    ]
