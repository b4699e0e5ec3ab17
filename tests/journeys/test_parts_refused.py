"""Bad input at every field: the form comes back with a message there, and nothing typed is lost."""

import pytest
from markupsafe import escape

from tests.factories import NOW
from tests.journeys.partwork import AT, SOUND, add, change, journey_and_browser, stored
from tests.page import Page
from tests.reader import CSRF

LONG = "x" * 10_000
TWO_LINES = "one\x0btwo"
NUL = "a\x00b"
RTL = "مسار التعلّم ‏👩🏾‍⚕️ 健康"

TEXTS = {
    "outcomes": {"text": True},
    "themes": {"title": True, "kind": True, "summary": False},
    "activities": {"title": True, "summary": False, "link_text": False, "credits-0-name": False},
    "partners": {"organisation": True, "note": False},
    "contacts": {"name": True, "post": False, "institution": False},
    "publications": {
        "title": True,
        "kind": False,
        "publisher": False,
        "part": False,
        "suggested_citation": False,
        "summary": False,
        "credits-0-name": False,
    },
    "country-groups": {"name": True, "summary": False, "members-0-name": False},
    "question-headings": {"title": True},
    "expected-zones": {},
}
"""The texts of each kind, and whether they are needed."""

IN_ROWS = {
    "activities": ("credits-0-affiliation", "credits-0-role"),
    "publications": ("credits-0-affiliation", "credits-0-role"),
    "country-groups": ("members-0-post", "members-0-institution", "members-0-note"),
}
SEVERAL_LINES = {"text", "summary", "suggested_citation"}

DATES = [
    ({"day": "31", "month": "2", "year": "2020"}, "day", "There is no such day in this month."),
    ({"day": "29", "month": "2", "year": "2021"}, "day", "There is no such day in this month."),
    ({"day": "31", "month": "4", "year": "2021"}, "day", "There is no such day in this month."),
    ({"day": "1", "year": "2021"}, "month", "A day needs its month"),
    ({"month": "4"}, "year", "A month needs its year"),
    ({"day": "1", "month": "4"}, "year", "A month needs its year"),
    ({"day": "0", "month": "4", "year": "2021"}, "day", "A day is a number from 1 to 31."),
    ({"day": "32", "month": "4", "year": "2021"}, "day", "A day is a number from 1 to 31."),
    ({"day": "-1", "month": "4", "year": "2021"}, "day", "A day is a number from 1 to 31."),
    ({"day": "first", "month": "4", "year": "2021"}, "day", "Give a whole number"),
    ({"month": "13", "year": "2021"}, "month", "Not a valid choice."),
    ({"month": "April", "year": "2021"}, "month", "Not a valid choice."),
    ({"year": "0"}, "year", "Give the year in four figures."),
    ({"year": "20"}, "year", "Give the year in four figures."),
    ({"year": "99999"}, "year", "Give the year in four figures."),
    ({"year": "9" * 30}, "year", "Give the year in four figures."),
    ({"year": "2020.5"}, "year", "Give a whole number"),
    ({"year": "MMXX"}, "year", "Give a whole number"),
]
LINKS = [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,hello",
    "ftp://example.org/",
    "www.example.org",
    "//example.org/",
    "https://",
    "https://a b/",
    "https://bank.example@example.org/",
    "https://example.org/" + LONG,
]
DOIS = ["10", "10.1234/", "11.1234/abc", "https://example.org/10.1234/abc", "10.1234/a b", "10.1234/" + LONG]

GROUPS = {"text_direction-0"}
CHOSEN = {"kind", "role", "language", "text_direction", "month", "parent", "country"}


def cases():
    """Kind, fields, the element that is blamed, and words of the message."""
    for name, texts in TEXTS.items():
        for field, is_needed in texts.items():
            limit = "Use at most"
            yield name, {field: LONG}, field, limit
            yield name, {field: NUL}, field, "cannot be kept (NUL)"
            if is_needed:
                yield name, {field: ""}, field, ""
                yield name, {field: " \t "}, field, ""
            if field not in SEVERAL_LINES:
                yield name, {field: TWO_LINES}, field, "Use one line of ordinary characters."
        for field in IN_ROWS.get(name, ()):
            row = field.rpartition("-")[0]
            yield name, {f"{row}-name": "Ama", field: LONG}, field, "Use at most"
            yield name, {f"{row}-name": "Ama", field: NUL}, field, "cannot be kept (NUL)"
            yield (
                name,
                {f"{row}-name": "", field: "Ministry"},
                f"{row}-name",
                "Give the name, or remove the row.",
            )
    for name in ("activities", "publications"):
        for fields, field, sentence in DATES:
            yield name, fields, field, sentence
        for link in LINKS:
            yield name, {"url": link}, "url", ""
        yield name, {"language": "xx-Klingon"}, "language", "Not a valid choice."
        yield name, {"text_direction": "up"}, "text_direction-0", "Not a valid choice."
        yield name, {"credits-0-name": "Ama", "credits-0-page": "Nobody"}, "credits-0-page", "no such page"
        yield name, {"credits-0-name": "Ama", "credits-0-page": LONG}, "credits-0-page", "Use at most"
    for doi in DOIS:
        yield "publications", {"doi": doi}, "doi", ""
    yield "activities", {"kind": "song"}, "kind", "Not a valid choice."
    yield "partners", {"role": "friend"}, "role", "Not a valid choice."
    for email in ("ada", "ada@", "ada@example", "ada@example.org,eve@example.org", LONG + "@example.org"):
        yield "contacts", {"email": email}, "email", ""
    for country in ("", "XX", "Ghana"):
        yield "country-groups", {"country": country}, "country", ""
    for parent in ("0", "999999", "x", "9" * 30):
        yield "question-headings", {"parent": parent}, "parent", "Not a valid choice."
    for zone in ("", "Atlantis", "25:00", "Springfield, Nowhere", "x" * 300, "Africa/Atlantis"):
        yield "expected-zones", {"zone": zone}, "zone", ""
    for people in ("0", "-5", "many", "2.5", "1" * 30, "1000001"):
        yield "expected-zones", {"people": people}, "people", ""


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.mark.engine("sqlite")  # nothing reaches the database
@pytest.mark.parametrize("name", SOUND)
def test_bad_input_is_answered_at_its_field(app, database, name):
    browser = journey_and_browser(app)[1]
    path = f"{AT}/{name}/new"
    token = CSRF.search(browser.get(path).text).group(1)
    wrong = []

    for fields, blamed, sentence in (case[1:] for case in cases() if case[0] == name):
        typed = SOUND[name] | fields
        answer = browser.post(path, data=typed | {"csrf_token": token})
        lost = [field for field, value in typed.items() if not is_kept(field, value, answer.text)]
        message = f'id="{blamed.removesuffix("-0") if blamed in GROUPS else blamed}-error"'
        if (
            answer.status_code != 422
            or f'<a href="#{blamed}">' not in answer.text
            or message not in answer.text
            or sentence not in Page(answer).text
            or lost
        ):
            wrong.append((str(fields)[:80], answer.status_code, lost, Page(answer).notices))

    assert wrong == []
    assert stored(name) == []


def is_kept(field: str, value: str, page: str) -> bool:
    """Whether what was typed stands on the page again; what was no choice of a list cannot."""
    typed = value.strip().replace("\x00", "")
    return field in CHOSEN or str(escape(typed)) in page.replace("\x00", "")


@pytest.mark.parametrize("name", [name for name in SOUND if name != "expected-zones"])
def test_right_to_left_and_emoji_are_kept_and_shown(app, database, name):
    browser = journey_and_browser(app)[1]
    key = next(key for key in ("text", "title", "organisation", "name") if key in SOUND[name])

    assert add(browser, name, **{key: RTL}).status_code == 303

    (part,) = stored(name)
    assert f"<bdi>{RTL}</bdi>" in browser.get(f"{AT}/{name}/").text
    assert RTL in browser.get(f"{AT}/{name}/{part.id}").text
    assert RTL in browser.get("/journeys/financing-and-payment-models/").text


@pytest.mark.parametrize(
    ("name", "first", "blamed"),
    [
        ("partners", {}, "organisation"),
        ("country-groups", {}, "country"),
        ("expected-zones", {}, "zone"),
    ],
)
def test_what_there_can_be_once_is_refused_the_second_time(app, database, name, first, blamed):
    browser = journey_and_browser(app)[1]
    add(browser, name)
    other = {
        "partners": {"role": "host"},
        "country-groups": {"country": "KE"},
        "expected-zones": {"zone": "Nairobi"},
    }
    add(browser, name, **other[name])
    second = stored(name)[1]

    again = add(browser, name)
    changed = change(browser, name, second.id, SOUND[name])

    assert (again.status_code, changed.status_code) == (422, 422)
    assert f'id="{blamed}-error"' in again.text
    assert f'id="{blamed}-error"' in changed.text
    assert len(stored(name)) == 2


def test_saving_a_part_as_it_is_takes_nothing_from_another(app, database):
    browser = journey_and_browser(app)[1]
    for name in ("partners", "country-groups", "expected-zones"):
        add(browser, name)
        (part,) = stored(name)
        assert change(browser, name, part.id, SOUND[name]).status_code == 303


def test_several_wrong_fields_are_all_named_in_the_order_of_the_page(app, database):
    browser = journey_and_browser(app)[1]

    answer = browser.submit(
        f"{AT}/publications/new",
        {"title": "", "doi": "x", "url": "javascript:1", "year": "1", "credits-0-role": "author"},
    )

    links = [attrs["href"] for tag, attrs in Page(answer).tags if tag == "a"]
    first = links.index("#title")
    assert links[first : first + 5] == ["#title", "#doi", "#url", "#year", "#credits-0-name"]


def test_a_form_without_its_token_comes_back_with_what_was_typed(app, database):
    browser = journey_and_browser(app)[1]

    answer = browser.post(f"{AT}/outcomes/new", data={"text": "Thank <you>"})

    assert answer.status_code == 422
    assert "Thank &lt;you&gt;</textarea>" in answer.text
    assert stored("outcomes") == []
