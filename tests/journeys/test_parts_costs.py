"""The lists and forms of parts cost as many queries with thirty as with one."""

import pytest

from app.domain.zone_directory import countries
from app.domain.zone_names import zones_with_countries
from app.journeys import changing, composing, operations
from app.journeys.composing import Member, NewPublication, When
from app.journeys.crediting import Named
from app.journeys.matter import ActivityKind, PartnerRole
from tests.factories import NOW, make_facilitator, make_journey, make_organisation
from tests.journeys.partwork import AT, SOUND, journey_and_browser, stored, the_journey


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def fill(name: str, number: int) -> None:
    """Add the part with this number, with people where the kind has any."""
    journey, title = the_journey(), f"Part {number}"
    people = [
        Named(title, facilitator=make_facilitator(f"{name} {number}")),
        Named(f"{title} too"),
    ]
    if name == "outcomes":
        composing.add_outcome(journey, title, NOW)
    elif name == "themes":
        theme = composing.add_theme(journey, title, NOW)
        composing.link_theme(theme, make_journey(f"{title} child", parent=journey), NOW)
    elif name == "activities":
        composing.add_activity(journey, ActivityKind.VIDEO, title, NOW, credits=people)
    elif name == "partners":
        composing.add_partner(journey, make_organisation(title), PartnerRole.HOST, NOW)
    elif name == "contacts":
        composing.add_contact(journey, title, NOW)
    elif name == "publications":
        new = NewPublication(title=title)
        composing.add_publication(journey, new, NOW, when=When(1990 + number), credits=people)
    elif name == "country-groups":
        members = [Member(title), Member(f"{title} too")]
        composing.add_country_group(journey, countries()[number][0], title, NOW, members=members)
    elif name == "question-headings":
        composing.add_question_heading(journey, title, NOW)
    else:
        operations.expect_zone(journey, list(zones_with_countries())[number], NOW, 3)


@pytest.mark.engine("sqlite")  # the statements are the same on both
@pytest.mark.parametrize("name", SOUND)
def test_thirty_parts_cost_no_more_than_one(app, database, query_counter, name):
    browser = journey_and_browser(app)[1]
    fill(name, 0)
    first = stored(name)[0].id
    pages = [f"{AT}/{name}/", f"{AT}/{name}/new", f"{AT}/{name}/{first}", f"{AT}/{name}/{first}/delete"]

    def costs():
        found = []
        for page in pages:
            browser.get(page)
            with query_counter() as counted:
                assert browser.get(page).status_code == 200
            found.append(counted.count)
        return found

    few = costs()
    for number in range(1, 30):
        fill(name, number)
    assert len(stored(name)) == 30

    assert costs() == few
    assert max(few) <= 10


def test_moving_one_of_thirty_writes_them_in_a_few_statements(app, database, query_counter):
    browser = journey_and_browser(app)[1]
    for number in range(30):
        fill("outcomes", number)
    ids = [row.id for row in stored("outcomes")]

    with query_counter() as counted:
        answer = browser.submit(
            f"{AT}/outcomes/order", {"part_id": ids[29], "step": "to", "place": "1"}, page=f"{AT}/outcomes/"
        )

    assert answer.status_code == 303
    assert [row.id for row in stored("outcomes")] == [ids[29], *ids[:29]]
    assert counted.count <= 25


def test_positions_that_have_gaps_are_closed_without_two_on_one(database):
    journey = make_journey()
    outcomes = [composing.add_outcome(journey, text, NOW) for text in "abcd"]
    changing.delete_part(journey, outcomes[1], NOW)

    changing.reorder_parts(journey, [outcomes[3], outcomes[0], outcomes[2]], NOW)

    assert [(row.text, row.position) for row in sorted(journey.outcomes, key=lambda row: row.position)] == [
        ("d", 1),
        ("a", 2),
        ("c", 3),
    ]
