"""Listing, adding, changing, ordering and deleting what a journey holds, kind by kind."""

import pytest

from app.domain.permissions import OrganiserRole
from app.journeys import queries
from app.journeys.composing import add_theme, link_theme
from app.journeys.models import JourneyStatus
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import LearningSession
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session
from tests.journeys.partwork import AT, SOUND, add, change, journey_and_browser, stored, the_journey
from tests.page import Page
from tests.people import browser_of, cora, make_account, nora, root


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def browser(app, database):
    return journey_and_browser(app)[1]


CHANGED = {
    "outcomes": ({"text": "arguing for money"}, "arguing for money"),
    "themes": ({"title": "Paying providers", "kind": "round"}, "Paying providers Round"),
    "activities": (
        {"kind": "report", "title": "Paper", "year": "2012", "month": "4", "language": "fr"},
        "Paper Report April 2012 French",
    ),
    "partners": ({"organisation": "UKaid", "role": "funder"}, "UKaid Funds it"),
    "contacts": ({"name": "Louise Oakley", "post": "Manager"}, "Louise Oakley Manager"),
    "publications": (
        {"title": "Appendices", "kind": "report", "part": "Appendix C", "language": "en"},
        "Appendices Undated Report Appendix C",
    ),
    "country-groups": ({"country": "KE", "name": "Core Group of Kenya"}, "Core Group of Kenya Kenya"),
    "question-headings": ({"title": "Resistance"}, "Resistance"),
    "expected-zones": ({"zone": "Nairobi", "people": "1"}, "Nairobi, Kenya (Africa/Nairobi) 1 person"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_part_is_added_changed_and_deleted(browser, name):
    empty = Page(browser.get(f"{AT}/{name}/"))
    assert f"No {name.replace('-', ' ')} yet" in empty.text

    added = add(browser, name)
    (part,) = stored(name)
    assert (added.status_code, added.headers["Location"]) == (303, f"{AT}/{name}/#part-{part.id}")
    assert the_journey().updated_at > NOW

    fields, words = CHANGED[name]
    changed = change(browser, name, part.id, fields)
    assert changed.status_code == 303
    shown = Page(browser.get(f"{AT}/{name}/"))
    assert words in shown.text
    (notice,) = shown.notices
    assert words.startswith(notice.removeprefix("Saved: “").removesuffix("”."))

    asked = Page(browser.get(f"{AT}/{name}/{part.id}/delete"))
    assert asked.title.startswith("Delete the ")
    assert browser.submit(f"{AT}/{name}/{part.id}/delete").status_code == 303
    assert stored(name) == []
    assert browser.get(f"{AT}/{name}/{part.id}").status_code == 404
    assert browser.submit(f"{AT}/{name}/{part.id}/delete", page=f"{AT}/{name}/new").status_code == 404


def test_everything_of_a_publication_is_kept(browser):
    page = make_facilitator("Wanjiru Kamau")
    add(
        browser,
        "publications",
        kind="report",
        publisher="IDS",
        part="Appendix C",
        doi="https://doi.org/10.19088/K4D.2020.001",
        url="https://example.org/report",
        suggested_citation="Witter, S. (2020)",
        summary="Line one\r\nLine two",
        language="ar",
        text_direction="rtl",
        year="2020",
        month="2",
        day="29",
        **{
            "credits-0-name": "Sophie Witter",
            "credits-0-affiliation": "QMU",
            "credits-0-role": "lead author",
            "credits-4-name": "Wanjiru Kamau",
            "credits-4-page": f"Wanjiru Kamau ({page.slug})",
        },
    )

    (one,) = queries.publications(the_journey().id)
    assert (one.kind, one.publisher, one.part, one.doi) == (
        "report",
        "IDS",
        "Appendix C",
        "10.19088/K4D.2020.001",
    )
    assert (one.url, one.suggested_citation) == ("https://example.org/report", "Witter, S. (2020)")
    assert (one.summary, one.language, one.text_direction) == ("Line one\nLine two", "ar", "rtl")
    assert (one.year, one.month, one.day) == (2020, 2, 29)
    assert [(row.position, row.name, row.affiliation, row.role) for row in one.credits] == [
        (1, "Sophie Witter", "QMU", "lead author"),
        (2, "Wanjiru Kamau", "", ""),
    ]
    assert [row.facilitator.slug if row.facilitator else None for row in one.credits] == [
        None,
        "wanjiru-kamau",
    ]


def test_a_new_text_begins_in_the_language_of_the_journey(app, database):
    _, browser = journey_and_browser(app, language="ar", text_direction="rtl")

    page = browser.get(f"{AT}/publications/new").text

    assert '<option selected value="ar">Arabic</option>' in page
    assert 'checked id="text_direction-1" name="text_direction" type="radio" value="rtl"' in page


def test_who_is_still_named_keeps_the_row_and_its_links(browser, database):
    make_facilitator("Wanjiru Kamau")
    add(
        browser,
        "activities",
        **{"credits-0-name": "Ada", "credits-1-name": "Wanjiru Kamau", "credits-1-page": "Wanjiru Kamau"},
    )
    (part,) = stored("activities")
    before = {row.name: row.id for row in part.credits}

    change(
        browser,
        "activities",
        part.id,
        SOUND["activities"]
        | {
            "credits-0-name": "Wanjiru Kamau",
            "credits-0-page": "Wanjiru Kamau (wanjiru-kamau)",
            "credits-1-name": "Kofi",
            "credits-1-page": "",
        },
    )

    (part,) = stored("activities")
    assert [(row.name, row.position, row.facilitator_id is not None) for row in part.credits] == [
        ("Wanjiru Kamau", 1, True),
        ("Kofi", 2, False),
    ]
    assert part.credits[0].id == before["Wanjiru Kamau"]


def test_an_organisation_is_found_whatever_its_case_and_made_otherwise(browser):
    add(browser, "partners")
    add(browser, "partners", organisation="  fcdo ", role="funder")
    add(browser, "partners", organisation="UKaid", role="funder")

    ids = [row.organisation_id for row in stored("partners")]
    assert ids[0] == ids[1] != ids[2]
    assert '<datalist id="organisations"><option value="FCDO">' in browser.get(f"{AT}/partners/new").text


def test_headings_are_shown_under_each_other_and_go_together(browser):
    titles = ["The change process", "Resistance", "Second"]
    add(browser, "question-headings")
    above = stored("question-headings")[0]
    add(browser, "question-headings", title="Second")
    add(browser, "question-headings", title="Resistance", parent=str(above.id))

    listed = [text for text in Page(browser.get(f"{AT}/question-headings/")).links if text in titles]
    assert listed == titles
    asked = Page(browser.get(f"{AT}/question-headings/{above.id}/delete"))
    assert "The 1 heading under it: Resistance." in asked.text
    browser.submit(f"{AT}/question-headings/{above.id}/delete")
    assert [row.title for row in stored("question-headings")] == ["Second"]


def test_a_heading_with_others_under_it_stays_on_the_first_level(browser):
    add(browser, "question-headings")
    above = stored("question-headings")[0]
    add(browser, "question-headings", title="Below", parent=str(above.id))
    add(browser, "question-headings", title="Second")
    second = stored("question-headings")[-1]

    refused = change(
        browser, "question-headings", above.id, {"title": "The change process", "parent": str(second.id)}
    )

    assert refused.status_code == 422
    assert stored("question-headings")[0].parent_id is None


def test_a_theme_says_which_journeys_work_on_it_and_keeps_those_one_does_not_see(app, database):
    browser = journey_and_browser(app)[1]
    network = the_journey()
    theme = add_theme(network, "Quality", NOW)
    seen, hidden = make_journey("Seen", parent=network), make_journey("Hidden", parent=network)
    hidden.status = JourneyStatus.DRAFT
    link_theme(theme, hidden, NOW)
    theme_id, seen_id, hidden_id = theme.id, seen.id, hidden.id
    form = {"title": "Quality", "kind": "theme"}

    assert "Hidden" not in Page(browser.get(f"{AT}/themes/{theme_id}")).text
    change(browser, "themes", theme_id, form | {"journeys": [str(seen_id)]})
    assert queries.journeys_on_theme(theme_id) == {seen_id, hidden_id}
    change(browser, "themes", theme_id, form)
    assert queries.journeys_on_theme(theme_id) == {hidden_id}
    assert change(browser, "themes", theme_id, form | {"journeys": [str(hidden_id)]}).status_code == 422


def test_deleting_a_theme_tells_of_its_sessions_and_journeys_and_leaves_them(app, database):
    browser = journey_and_browser(app)[1]
    journey = the_journey()
    theme = add_theme(journey, "Quality", NOW)
    make_learning_session(journey, "One", themes=(theme,))
    make_learning_session(journey, "Two", themes=(theme,))
    link_theme(theme, make_journey("Child", parent=journey), NOW)
    path = f"{AT}/themes/{theme.id}/delete"

    asked = Page(browser.get(path)).text
    assert "2 sessions belong to it; deleting it leaves them without this theme." in asked
    assert "Journeys that work on it stay, without this theme: Child." in asked
    assert browser.submit(path).status_code == 303
    assert [one.title for one in database.query(LearningSession).order_by(LearningSession.position)] == [
        "One",
        "Two",
    ]


def test_deleting_a_group_names_its_members(browser):
    add(browser, "country-groups", **{"members-0-name": "Ama", "members-0-institution": "Ministry"})
    (group,) = stored("country-groups")

    assert "Its 1 member: Ama." in Page(browser.get(f"{AT}/country-groups/{group.id}/delete")).text
    assert "1 member" in Page(browser.get(f"{AT}/country-groups/")).text


@pytest.mark.parametrize("name", ["outcomes", "publications"])
@pytest.mark.parametrize("page", ["", "new"])
def test_a_stranger_signs_in_first_and_who_may_not_is_told(app, database, name, page):
    journey, _ = journey_and_browser(app)
    people = {"cora": cora(journey), "nora": nora(), "root": root(), "editor": make_account("Eddy Editor")}
    assign_organiser(journey, people["editor"], OrganiserRole.EDITOR, NOW)
    path = f"{AT}/{name}/{page}"

    answers = {who: browser_of(app, one).get(path).status_code for who, one in people.items()}

    assert answers == {"cora": 403 if page else 200, "nora": 403, "root": 200, "editor": 200}
    assert browser_of(app).get(path).headers["Location"].startswith("/sign-in?next=/organise/")


def test_who_may_only_read_changes_nothing(app, database):
    journey, browser = journey_and_browser(app)
    add(browser, "outcomes")
    (part,) = stored("outcomes")
    reading = browser_of(app, cora(the_journey()))

    listed = Page(reading.get(f"{AT}/outcomes/"))
    assert "planning measures" in listed.text
    assert listed.buttons == []
    for path, fields in (
        ("outcomes/new", {"text": "more"}),
        (f"outcomes/{part.id}", {"text": "other"}),
        (f"outcomes/{part.id}/delete", {}),
        ("outcomes/order", {"part_id": part.id, "step": "up"}),
    ):
        assert reading.submit(f"{AT}/{path}", fields, page="/sign-out").status_code == 403
    assert [row.text for row in stored("outcomes")] == ["planning measures"]


def test_the_parts_of_another_journey_are_not_found(app, database):
    journey_and_browser(app)
    other = make_journey("Other", status=JourneyStatus.DRAFT)
    browser = browser_of(app, make_owner(other))
    browser.submit("/organise/journeys/other/parts/outcomes/new", {"text": "theirs"})
    (part,) = queries.parts(queries.PARTS["outcomes"], queries.journey("other").id)
    ours = browser_of(app, make_owner(the_journey(), "Olu Owner"))

    assert ours.get(f"{AT}/outcomes/{part.id}").status_code == 404
    assert ours.get(f"/organise/journeys/other/parts/outcomes/{part.id}").status_code == 404
    moved = ours.submit(f"{AT}/outcomes/order", {"part_id": part.id, "step": "up"}, page=f"{AT}/outcomes/new")
    assert moved.status_code == 303
    assert "no longer there" in Page(ours.get(f"{AT}/outcomes/")).text


def make_owner(journey, name="Oda Owner"):
    account = make_account(name)
    assign_organiser(journey, account, OrganiserRole.OWNER, NOW)
    return account


@pytest.mark.parametrize("name", ["sessions", "topics", "Outcomes", "outcome", "健康", "order"])
def test_an_unknown_kind_of_part_is_not_found(browser, name):
    for path in (f"{AT}/{name}/", f"{AT}/{name}/new", f"{AT}/{name}/1", f"{AT}/{name}/1/delete"):
        assert browser.get(path).status_code == 404
    assert browser.submit(f"{AT}/{name}/order", {}, page=f"{AT}/outcomes/new").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "-1", "one"])
def test_a_part_that_is_none_is_not_found(browser, number):
    assert browser.get(f"{AT}/outcomes/{number}").status_code == 404
    assert browser.get(f"{AT}/outcomes/{number}/delete").status_code == 404


def test_the_counts_of_all_kinds_take_one_query(app, database, query_counter):
    journey, browser = journey_and_browser(app)
    add(browser, "outcomes")
    add(browser, "outcomes", text="arguing")
    add(browser, "contacts")
    journey_id = the_journey().id

    with query_counter() as counted:
        counts = queries.part_counts(journey_id)

    assert counted.count == 1
    assert counts == dict.fromkeys(SOUND, 0) | {"outcomes": 2, "contacts": 1}
