"""Making toolkits and filling them."""

from datetime import timedelta

import pytest

from app.database import db
from app.domain.errors import AlreadyTaken, DomainError
from app.journeys.composing import When
from app.journeys.crediting import Named
from app.toolkits import operations
from app.toolkits.models import ResourceKind, Visibility
from tests.factories import NOW, make_journey, make_learning_session, make_resource, make_toolkit

LATER = NOW + timedelta(hours=1)


def test_a_toolkit_names_its_authors_and_serves_several_journeys(database):
    toolkit = make_toolkit("What works?", credits=(Named("Kim"), Named("Jo")))
    one, other = make_journey("One"), make_journey("Other")

    for journey in (one, other, one):
        operations.link_journey(toolkit, journey, LATER)

    assert (toolkit.slug, [credit.name for credit in toolkit.credits]) == ("what-works", ["Kim", "Jo"])
    assert (toolkit.journeys, toolkit.updated_at) == ([one, other], LATER)
    assert make_toolkit("What works?").slug == "what-works-2"


def test_sections_hold_entries_in_order(database):
    toolkit, learning_session = make_toolkit(), make_learning_session()
    first, second = (operations.add_section(toolkit, title, LATER) for title in ("To read", "To use"))

    operations.add_entry(first, make_resource("A"), LATER, why="Short.")
    operations.add_entry(
        first,
        make_resource("B"),
        LATER,
        visibility=Visibility.ENROLLED,
        learning_session=learning_session,
    )
    db.expire_all()

    assert [(section.position, section.title) for section in toolkit.sections] == [
        (1, "To read"),
        (2, "To use"),
    ]
    assert [(entry.position, entry.resource.title, entry.visibility) for entry in first.entries] == [
        (1, "A", Visibility.PUBLIC),
        (2, "B", Visibility.ENROLLED),
    ]
    assert first.entries[1].learning_session is learning_session
    assert (second.entries, toolkit.updated_at) == ([], LATER)


def test_one_resource_stands_in_several_sections_but_once_in_each(database):
    toolkit, resource = make_toolkit(), make_resource()
    first, second = (operations.add_section(toolkit, title, LATER) for title in ("To read", "To use"))
    operations.add_entry(first, resource, LATER)
    operations.add_entry(second, resource, LATER)

    with pytest.raises(AlreadyTaken):
        operations.add_entry(first, resource, LATER)


def test_a_resource_keeps_its_bibliographic_facts(database):
    new = operations.NewResource(
        title="Études de cas",
        kind=ResourceKind.REPORT,
        doi="10.17226/24786",
        language="fr",
        size_bytes=180_000,
    )

    resource = operations.create_resource(
        new, NOW, when=When(2018, 3), credits=(Named("Soma", "IHI", "author"),)
    )

    assert (resource.title, resource.title_folded, resource.doi) == (
        "Études de cas",
        "etudes de cas",
        "10.17226/24786",
    )
    assert (resource.year, resource.month, resource.day, resource.size_bytes) == (2018, 3, None, 180_000)
    assert [(credit.name, credit.affiliation) for credit in resource.credits] == [("Soma", "IHI")]


def test_statements_stand_under_their_headings(database):
    handout = make_resource("Handout", kind=ResourceKind.HANDOUT)

    operations.add_statement(handout, "How people relate", "We listen.", LATER)
    operations.add_statement(handout, "How people relate", "We talk.", LATER)

    assert [(one.position, one.heading, one.text) for one in handout.statements] == [
        (1, "How people relate", "We listen."),
        (2, "How people relate", "We talk."),
    ]
    assert handout.updated_at == LATER


def test_nothing_is_made_without_its_words(database):
    toolkit = make_toolkit()
    for make in (
        lambda: make_toolkit(" "),
        lambda: operations.add_section(toolkit, " ", NOW),
        lambda: make_resource(" "),
        lambda: make_resource("A", size_bytes=-1),
        lambda: operations.add_statement(make_resource(), "Heading", " ", NOW),
    ):
        with pytest.raises(DomainError):
            make()
