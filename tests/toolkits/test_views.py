"""The page of a toolkit, and what other pages list of it."""

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.permissions import STRANGER, Actor, OrganiserRole
from app.enrolments import operations as enrolments
from app.journeys.crediting import Named
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession
from app.participants.models import Participant
from app.toolkits import operations, queries
from app.toolkits.models import Resource, ResourceKind, Toolkit, ToolkitSlug, Visibility
from tests.calendars.people import make_person, sign_in
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_organisation,
    make_resource,
    make_toolkit,
)


def whole_toolkit():
    """A toolkit with one public and one kept resource, used by one open journey."""
    journey = make_journey("Paying for care")
    toolkit = make_toolkit(summary="What **works**.", suggested_citation="Ozano K (2021) What works.")
    operations.link_journey(toolkit, journey, NOW)
    section = operations.add_section(toolkit, "First reading", NOW, summary="Begin here.")
    operations.add_entry(
        section, make_resource("For all", url="https://www.who.int/all"), NOW, why="It is short."
    )
    kept = make_resource("For us", url="https://example.org/us")
    operations.add_entry(section, kept, NOW, visibility=Visibility.ENROLLED)
    return toolkit, section, journey


def test_a_resource_says_what_to_know_before_opening_it(client):
    toolkit, section, journey = whole_toolkit()
    learning_session = make_learning_session(journey, "Rates")
    resource = operations.create_resource(
        operations.NewResource(
            title="Guide de la capitation", kind=ResourceKind.REPORT, url="https://www.example.org/guide.pdf",
            file_format="PDF", size_bytes=4_600_000, doi="https://doi.org/10.17226/24786", language="fr",
            suggested_citation="Bloom G (2023) Guide.", licence="CC BY 4.0", summary="Un guide.",
        ),
        NOW,
        when=operations.When(year=2023, month=6, day=1),
        credits=[Named(name="Gerald Bloom")],
        organisation=make_organisation("Institute of Development Studies"),
    )  # fmt: skip
    operations.add_entry(section, resource, NOW, why="The best there is.", learning_session=learning_session)
    page = client.get(f"/toolkits/{toolkit.slug}/").text
    for said in (
        "<b>Report</b><br>PDF, 4.6 MB", "Outside link to www.example.org", "Gerald Bloom",
        "Institute of Development Studies", "1 June 2023", "French", "CC BY 4.0", "The best there is.",
        '<h3 lang="fr" dir="ltr">', 'href="https://www.example.org/guide.pdf" rel="noopener"',
        "Bloom G (2023) Guide.", 'href="https://doi.org/10.17226/24786"',
        f'href="/journeys/{journey.slug}/sessions/rates/"', "<strong>works</strong>",
        "Ozano K (2021) What works.", "First reading", "Begin here.", "Paying for care",
    ):  # fmt: skip
        assert said in page


def test_right_to_left_and_handouts(client):
    toolkit, section, _ = whole_toolkit()
    handout = make_resource(
        "دليل",
        kind=ResourceKind.HANDOUT,
        language="ar",
        text_direction="rtl",
        demonstration_note="Our own words.",
    )
    operations.add_entry(section, handout, NOW)
    for heading, text in (("People", "They listen."), ("People", "They share."), ("Abundance", "It grows.")):
        operations.add_statement(handout, heading, text, NOW)
    page = client.get(f"/toolkits/{toolkit.slug}/").text
    assert '<h3 lang="ar" dir="rtl">دليل</h3>' in page
    assert "No link known" in page
    assert "3 statements. Demonstration: Our own words." in page
    assert page.count("<h4>People</h4>") == page.count("<h4>Abundance</h4>") == 1


def test_what_is_kept_for_the_enrolled_is_counted_for_others(client):
    toolkit, _, journey = whole_toolkit()
    address = f"/toolkits/{toolkit.slug}/"
    page = client.get(address).text
    assert "For all" in page
    assert "For us" not in page
    assert "example.org/us" not in page
    assert "1 more resource for people who take part" in page
    assert f'<a href="/journeys/{journey.slug}/">Paying for care</a>' in page
    assert f"/sign-in?next={address}" in page
    assert "And 1 more for people who are enrolled." in page


def test_the_enrolled_see_all_and_those_who_left_do_not(client):
    toolkit, _, journey = whole_toolkit()
    person = make_person()
    sign_in(client, person)
    address = f"/toolkits/{toolkit.slug}/"
    assert "For us" not in client.get(address).text
    enrolments.enrol(db.get_one(Journey, journey.id), db.get_one(Participant, person.id), NOW)
    page = client.get(address).text
    assert "For us" in page
    assert "more resource for people" not in page
    enrolments.leave(db.get_one(Journey, journey.id), db.get_one(Participant, person.id), NOW)
    assert "For us" not in client.get(address).text


def test_organisers_and_administrators_see_all(database):
    toolkit, _, journey = whole_toolkit()
    assert queries.sees_everything(
        [journey.id], Actor(user_id=1, organises={journey.id: OrganiserRole.READER})
    )
    assert queries.sees_everything([], Actor(user_id=1, is_administrator=True))
    assert not queries.sees_everything([journey.id], STRANGER)


def test_an_old_address_redirects(client):
    toolkit, _, _ = whole_toolkit()
    db.add(ToolkitSlug(slug="old-name", toolkit_id=toolkit.id))
    response = client.get("/toolkits/old-name/")
    assert (response.status_code, response.location) == (301, f"/toolkits/{toolkit.slug}/")
    assert client.get("/toolkits/nowhere/").status_code == 404


def test_drafts_that_use_it_are_not_named(client):
    toolkit, _, _ = whole_toolkit()
    draft = make_journey("Secret draft", status=JourneyStatus.DRAFT)
    operations.link_journey(toolkit, draft, NOW)
    assert "Secret draft" not in client.get(f"/toolkits/{toolkit.slug}/").text


def test_an_empty_toolkit_says_so(client):
    toolkit = make_toolkit()
    operations.link_journey(toolkit, make_journey(), NOW)
    assert "Nothing in this toolkit yet" in client.get(f"/toolkits/{toolkit.slug}/").text
    operations.add_section(db.get_one(Toolkit, toolkit.id), "Empty", NOW)
    assert "Nothing in this section yet" in client.get(f"/toolkits/{toolkit.slug}/").text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[", "ftp://x/y"])
def test_only_addresses_of_the_web_become_links(client, url):
    toolkit, section, _ = whole_toolkit()
    operations.add_entry(section, make_resource("Odd", url=url), NOW)
    page = client.get(f"/toolkits/{toolkit.slug}/").text
    assert url not in page
    assert "Odd</h3>" in page


def test_as_many_queries_for_thirty_as_for_one(client, query_counter):
    toolkit, section, journey = whole_toolkit()
    kit_id, session_id = toolkit.id, make_learning_session(journey).id

    def fill(number):
        toolkit, learning_session = db.get_one(Toolkit, kit_id), db.get_one(LearningSession, session_id)
        for place in range(number):
            resource = operations.create_resource(
                operations.NewResource(title=f"Resource {place}", kind=ResourceKind.REPORT),
                NOW,
                credits=[Named(name=f"Author {place}", facilitator=make_facilitator(f"Author {place}"))],
                organisation=make_organisation(f"Organisation {number} {place}"),
            )
            operations.add_statement(resource, "Heading", "Text", NOW)
            into = operations.add_section(toolkit, f"Section {place}", NOW)
            operations.add_entry(into, resource, NOW, learning_session=learning_session)
            operations.link_journey(toolkit, make_journey(f"Journey {place}"), NOW)
            db.commit()

    fill(1)
    address = f"/toolkits/{toolkit.slug}/"
    with query_counter() as one:
        assert client.get(address).status_code == 200
    fill(29)
    with query_counter() as thirty:
        assert client.get(address).status_code == 200
    assert thirty.count == one.count <= 8


def test_a_sessions_page_lists_its_materials(database):
    toolkit, section, journey = whole_toolkit()
    learning_session = make_learning_session(journey)
    shown = make_resource("Shown", file_format="PDF", size_bytes=180_000)
    kept = make_resource("Kept", url="https://example.org/kept")
    operations.add_entry(section, shown, NOW, why="Read it", learning_session=learning_session)
    operations.add_entry(
        section, kept, NOW, learning_session=learning_session, visibility=Visibility.ENROLLED
    )
    assert [
        (one.title, one.facts, one.why) for one in queries.entries_for_session(learning_session.id, STRANGER)
    ] == [("Shown", "Briefing, PDF, 180 KB", "Read it")]
    enrolled = Actor(user_id=1, enrolled_in=frozenset({journey.id}))
    titles = [one.title for one in queries.entries_for_session(learning_session.id, enrolled)]
    assert titles == ["Shown", "Kept"]
    assert db.scalar(select(Resource.url).where(Resource.title == "Kept")) == "https://example.org/kept"


def test_journeys_list_their_toolkits_once_each(database, query_counter):
    toolkit, _, journey = whole_toolkit()
    other = make_journey("Other")
    operations.link_journey(toolkit, other, NOW)
    second = make_toolkit("Another", credits=[Named(name="Kim Ozano"), Named(name="Sophie Witter")])
    operations.link_journey(second, journey, NOW)
    with query_counter() as counted:
        found = queries.of_journeys([journey.id, other.id])
    assert counted.count == 1
    assert [(one.title, one.authors) for one in found[journey.id]] == [
        ("Another", "Kim Ozano, Sophie Witter"),
        (toolkit.title, ""),
    ]
    assert [one.slug for one in queries.of_journey(other.id)] == [toolkit.slug]
    assert queries.of_journey(0) == []
