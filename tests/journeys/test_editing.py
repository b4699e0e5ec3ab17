"""What a journey says of itself: every field, bad input at each, previews, and two who edit at once."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.permissions import OrganiserRole
from app.journeys.audiences import set_audiences
from app.journeys.composing import set_topics
from app.journeys.forms import JourneyForm
from app.journeys.models import Journey, JourneyKind, JourneySlug, JourneyStatus
from app.journeys.operations import assign_organiser, place_under
from tests.factories import NOW, make_journey
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account, nora, root

DESK = "/organise/journeys/financing-and-payment-models/"
EDIT = f"{DESK}edit"
EVERYTHING = {
    "kind": "workshop",
    "title": "Paying for primary care",
    "short_title": "Paying",
    "slug": "paying",
    "summary": "About money.",
    "audiences": "Nurses\n\n  Health   advisers ",
    "topics": "Financing\nPrimary care",
    "throughout": "Equity",
    "starts_on": "2027-03-01",
    "ends_on": "2027-06-30",
    "period": "Spring",
    "place": "Accra, Ghana",
    "purpose": "To *pay* well.",
    "audience": "For **all**.",
    "outcomes_lead": "You will be able to:",
    "approach": "We meet.",
    "sessions_note": "In English.",
    "language": "fr",
    "text_direction": "rtl",
    "demonstration_note": "All invented.",
    "reminders": ["1-week", "1-hour"],
}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def journey(database):
    return make_journey(status=JourneyStatus.DRAFT, summary="Old.", purpose="Old purpose.")


@pytest.fixture
def browser(app, journey):
    return browser_of(app, ada(journey))


def filled(browser, path=EDIT):
    """What the form holds when it is opened, the way a browser would send it back."""
    text = browser.get(path).text
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', text))
    fields |= {
        name: value for value, name in re.findall(r'<input[^>]*value="([^"]*)"[^>]* name="(\w+)"', text)
    }
    fields |= {
        name: inner.removeprefix("\r\n")
        for name, inner in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    }
    for name, inner in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        fields[name] = re.search(r'<option selected value="([^"]*)"', inner).group(1)
    checked = re.search(r'<input checked[^>]*name="text_direction"[^>]*value="(\w+)"', text)
    ticked = re.findall(r'<input checked[^>]*name="reminders"[^>]*value="([\w-]+)"', text)
    return fields | {"text_direction": checked.group(1), "reminders": ticked}


def sent(browser, **changes):
    return browser.post(EDIT, data=filled(browser) | changes)


def stored() -> Journey:
    return db.scalars(select(Journey).execution_options(populate_existing=True)).one()


def test_every_field_is_kept(browser):
    answer = sent(browser, **EVERYTHING)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/organise/journeys/paying/")
    assert Page(browser.get("/organise/journeys/paying/")).notices == ["“Paying for primary care” is saved."]
    found = stored()
    plain = {name: value for name, value in EVERYTHING.items() if hasattr(found, name)} | {
        "starts_on": date(2027, 3, 1), "ends_on": date(2027, 6, 30)
    }  # fmt: skip
    lists = ("audiences", "topics", "reminders")
    assert found.reminders == "1-week 1-hour"
    assert {name: getattr(found, name) for name in plain if name not in lists} == {
        name: value for name, value in plain.items() if name not in lists
    }
    assert [row.audience for row in found.audiences] == ["Health advisers", "Nurses"]
    assert [(row.topic.name, row.is_cross_cutting) for row in found.topics] == [
        ("Financing", False), ("Primary care", False), ("Equity", True)
    ]  # fmt: skip


def test_everything_is_every_field_of_the_form(app, database):
    with app.test_request_context():
        fields = {field.name for field in JourneyForm()}

    assert fields - set(EVERYTHING) == {"csrf_token", "seen", "parent", "closed_on", "closing_note"}
    assert {field for field, *_ in BAD} == {*EVERYTHING, "parent"}


def test_saving_without_a_change_changes_nothing_that_is_said(browser, journey):
    sent(browser, **EVERYTHING)
    before = {column.name: getattr(stored(), column.name) for column in Journey.__table__.columns}

    answer = browser.post(
        "/organise/journeys/paying/edit", data=filled(browser, "/organise/journeys/paying/edit")
    )

    assert answer.status_code == 303
    after = {column.name: getattr(stored(), column.name) for column in Journey.__table__.columns}
    assert {name for name in after if after[name] != before[name]} <= {"version", "updated_at"}
    assert [row.topic.name for row in stored().topics] == ["Financing", "Primary care", "Equity"]


def test_a_new_address_leaves_a_redirect_on_the_page_and_on_the_desk(app, database):
    journey = make_journey()
    browser = browser_of(app, ada(journey))

    sent(browser, slug="paying")

    assert database.get_one(JourneySlug, "financing-and-payment-models").journey_id == journey.id
    moved = browser.get("/journeys/financing-and-payment-models/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/journeys/paying/")
    assert browser.get(EDIT).headers["Location"] == "/organise/journeys/paying/edit"
    assert browser.get("/journeys/paying/").status_code == 200


def test_whoever_saves_second_at_a_draft_s_old_address_loses_nothing(app, journey):
    first, second = browser_of(app, ada(journey)), browser_of(app, root())
    opened = filled(second)
    sent(first, slug="paying")

    moved = second.post(EDIT, data=opened | {"purpose": "His purpose."})
    answer = second.post(moved.headers["Location"], data=opened | {"purpose": "His purpose."})

    assert (moved.status_code, moved.headers["Location"]) == (308, "/organise/journeys/paying/edit")
    assert answer.status_code == 409
    assert "His purpose.</textarea>" in answer.text
    assert browser_of(app, nora()).get(EDIT).status_code == 404
    assert browser_of(app).get("/journeys/financing-and-payment-models/").status_code == 404


def test_an_empty_address_is_made_from_the_title(browser):
    sent(browser, title="Paying for care", slug="")

    assert stored().slug == "paying-for-care"


BAD = [
    ("title", "", "Give the journey a title."),
    ("title", "x" * 10_000, "Use at most 200 characters."),
    ("title", "nul\x00here", "cannot be kept (NUL)"),
    ("title", "two\nlines", "Use one line of ordinary characters."),
    ("short_title", "x" * 81, "Use at most 80 characters."),
    ("slug", "No Slug", "An address has at most 80 small letters"),
    ("slug", "taken", "The address “taken” is in use."),
    ("kind", "circus", "Not a valid choice"),
    ("parent", "999999", "Not a valid choice"),
    ("summary", "x" * 1_001, "Use at most 1,000 characters."),
    ("audiences", "x" * 81, "Each is named in at most 80 characters"),
    ("audiences", "\n".join(f"A{number}" for number in range(41)), "Name at most 40"),
    ("topics", "x" * 81, "Each is named in at most 80 characters"),
    ("topics", "Financing\nfinancing", "Name each topic once."),
    ("throughout", "a\x00b", "cannot be kept (NUL)"),
    ("starts_on", "2027-02-31", "Give a day of the calendar"),
    ("starts_on", "yesterday", "Give a day of the calendar"),
    ("starts_on", "0001-01-01", "Give a day in a year between"),
    ("ends_on", "2026-12-31", "A journey cannot end before it starts."),
    ("ends_on", "99999-01-01", "Give a day of the calendar"),
    ("period", "x" * 201, "Use at most 200 characters."),
    ("place", "a\x00b", "cannot be kept (NUL)"),
    ("purpose", "x" * 20_001, "Use at most 20,000 characters."),
    ("audience", "x" * 20_001, "Use at most 20,000 characters."),
    ("approach", "a\x00b", "cannot be kept (NUL)"),
    ("outcomes_lead", "x" * 1_001, "Use at most 1,000 characters."),
    ("sessions_note", "x" * 1_001, "Use at most 1,000 characters."),
    ("language", "elvish", "Not a valid choice"),
    ("text_direction", "sideways", "Not a valid choice"),
    ("demonstration_note", "x" * 1_001, "Use at most 1,000 characters."),
    ("reminders", "2-weeks", "is not a valid choice"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD)
def test_bad_input_comes_back_beside_its_field_with_nothing_lost(browser, field, value, said):
    make_journey("Taken", slug="taken")
    given = {"starts_on": "2027-01-01", "approach": "We meet on Thursdays."} | {field: value}

    answer = sent(browser, **given)

    assert answer.status_code == 422
    page = Page(answer)
    errors = [facts["id"] for tag, facts in page.tags if tag == "p" and facts.get("class") == "error"]
    assert errors == [f"{field}-error"]
    assert said in page.text
    if field != "approach":
        assert "We meet on Thursdays.</textarea>" in answer.text
    if (
        value.isprintable()
        and 0 < len(value) < 100
        and field not in {"kind", "parent", "language", "text_direction"}
    ):
        assert value in answer.text
    kept = db.scalars(select(Journey).where(Journey.slug == "financing-and-payment-models")).one()
    assert (kept.title, kept.approach, kept.purpose) == ("Financing and Payment Models", "", "Old purpose.")


@pytest.mark.parametrize(
    "text", ["تمويل الرعاية الصحية", "❤️‍🔥 👩🏾‍⚕️", "<b>bold?</b> & co", "Zeile\r\n\r\nZeile", "x" * 20_000]
)
def test_long_texts_are_kept_as_they_are(browser, text):
    assert sent(browser, purpose=text).status_code == 303

    assert stored().purpose.split() == text.split()


def test_a_preview_shows_the_texts_as_readers_see_them_and_saves_nothing(browser):
    answer = sent(
        browser, preview="1", purpose="To *pay* <script>x</script>\n\n- well", language="fr", title="Other"
    )

    page = Page(answer)
    assert page.status == 200
    assert page.notices == ["Preview; nothing is saved yet Purpose"]
    assert "Purpose, as readers see it To pay <script>x</script> well" in page.text
    assert "<em>pay</em>" in answer.text
    assert '<div class="prose" lang="fr" dir="ltr">' in answer.text
    assert 'value="Other"' in answer.text
    assert (stored().purpose, stored().title) == ("Old purpose.", "Financing and Payment Models")


def test_what_was_previewed_can_be_saved_from_there(browser):
    token = filled(browser)
    page = browser.post(EDIT, data=token | {"preview": "1", "purpose": "New."}).text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page).group(1)

    answer = browser.post(EDIT, data=token | {"purpose": "New.", "seen": seen})

    assert (answer.status_code, stored().purpose) == (303, "New.")


def test_the_second_of_two_sees_both_versions_and_loses_nothing(app, journey):
    first, second = browser_of(app, ada(journey)), browser_of(app, root())
    opened = filled(second)
    sent(first, title="Her title", purpose="Her purpose.")

    late = opened | {"title": "His title", "approach": "His approach."}
    answer = second.post(EDIT, data=late)

    page = Page(answer)
    assert page.status == 409
    assert "Two versions" in page.text
    assert "Her purpose." in page.text
    assert 'value="His title"' in answer.text
    assert "His approach.</textarea>" in answer.text
    assert stored().title == "Her title"
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', answer.text).group(1)
    again = second.post(EDIT, data=late | {"seen": seen})
    assert again.status_code == 303
    assert (stored().title, stored().approach, stored().purpose) == (
        "His title",
        "His approach.",
        "Old purpose.",
    )


def test_a_journey_is_placed_under_another_but_never_in_a_circle(app, database):
    network, part = make_journey("A network", kind=JourneyKind.NETWORK), make_journey("A part")
    organiser = ada(network)
    assign_organiser(part, organiser, OrganiserRole.EDITOR, NOW)
    browser = browser_of(app, organiser)
    above, below = "/organise/journeys/a-network/edit", "/organise/journeys/a-part/edit"

    placed = browser.post(below, data=filled(browser, below) | {"parent": str(network.id)})
    circle = browser.post(above, data=filled(browser, above) | {"parent": str(part.id)})
    itself = browser.post(above, data=filled(browser, above) | {"parent": str(network.id)})

    assert (placed.status_code, circle.status_code, itself.status_code) == (303, 422, 422)
    assert db.scalar(select(Journey.parent_id).where(Journey.slug == "a-part")) == network.id
    assert db.scalar(select(Journey.parent_id).where(Journey.slug == "a-network")) is None


def test_a_network_one_may_not_edit_stays_where_it_is(app, database):
    network, part = make_journey("A network"), make_journey("A part")
    place_under(part, network, NOW)
    browser = browser_of(app, ada(part))

    answer = browser.post(
        "/organise/journeys/a-part/edit", data=filled(browser, "/organise/journeys/a-part/edit")
    )

    assert answer.status_code == 303
    assert db.scalar(select(Journey.parent_id).where(Journey.slug == "a-part")) == network.id


def test_the_closing_of_a_closed_journey_can_be_worded_anew(app, database):
    browser = browser_of(app, ada(make_journey(status=JourneyStatus.CLOSED)))

    answer = sent(browser, closing_note="It was *good*.", closed_on="2027-02-20")
    late = sent(browser, closed_on="2027-03-02")

    assert (answer.status_code, late.status_code) == (303, 422)
    assert (stored().closing_note, stored().closed_on) == ("It was *good*.", date(2027, 2, 20))
    assert "It is closed already; give the day it closed." in Page(late).text


def test_an_open_journey_has_no_closing_to_word(app, database):
    browser = browser_of(app, ada(make_journey()))

    assert "Closing note" not in Page(browser.get(EDIT)).text
    assert sent(browser, closing_note="Sneaked in.", closed_on="2027-02-20").status_code == 303
    assert (stored().closing_note, stored().closed_on) == ("", None)


def test_lists_show_what_is_stored_one_on_each_line(browser, journey):
    set_audiences(db.merge(journey), ["Nurses", "Advisers"])
    set_topics(db.merge(journey), ["Financing", "Care"], NOW, ["Equity"])

    fields = filled(browser)

    assert (fields["audiences"], fields["topics"], fields["throughout"]) == (
        "Advisers\nNurses", "Financing\nCare", "Equity"
    )  # fmt: skip


def test_who_may_edit(app, database):
    journey = make_journey()
    people = {"ada": ada(journey), "cora": cora(journey), "root": root(), "nora": nora(), "stan": None}
    for name, role in (("Eddy Editor", OrganiserRole.EDITOR), ("Petra People", OrganiserRole.PEOPLE)):
        people[name] = make_account(name)
        assign_organiser(journey, people[name], role, NOW)

    seen = {name: browser_of(app, who).get(EDIT).status_code for name, who in people.items()}
    sent_by = {
        name: browser_of(app, who)
        .submit(EDIT, {"title": ""}, page="/sign-out" if who else "/sign-in")
        .status_code
        for name, who in people.items()
    }

    may = {"ada", "root", "Eddy Editor"}
    assert seen == {name: 200 if name in may else 303 if name == "stan" else 403 for name in people}
    assert sent_by == {name: 422 if name in may else 303 if name == "stan" else 403 for name in people}
