"""Adding what a journey holds."""

from datetime import timedelta

import pytest

from app.domain.errors import AlreadyTaken, DomainError
from app.journeys import composing
from app.journeys.composing import Member, NewPublication, When
from app.journeys.crediting import Named
from app.journeys.matter import ActivityKind, PartnerRole
from tests.factories import NOW, make_facilitator, make_journey, make_organisation

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def journey(database):
    return make_journey()


def test_outcomes_stand_in_order(journey):
    composing.add_outcome(journey, "plan", LATER)
    composing.add_outcome(journey, " argue ", LATER)

    assert [(outcome.position, outcome.text) for outcome in journey.outcomes] == [(1, "plan"), (2, "argue")]
    assert journey.updated_at == LATER


def test_topics_are_shared_and_replaced(journey):
    other = make_journey("Other")
    composing.set_topics(journey, ("Health financing", "Quality of care"), LATER, throughout=("Equity",))

    composing.set_topics(other, ("health FINANCING",), LATER)
    composing.set_topics(journey, ("Quality of care", "Equity"), LATER)

    assert [(row.topic.name, row.position, row.is_cross_cutting) for row in journey.topics] == [
        ("Quality of care", 1, False),
        ("Equity", 2, False),
    ]
    assert [row.topic.name for row in other.topics] == ["Health financing"]


def test_a_topic_is_named_once(journey):
    with pytest.raises(DomainError) as refused:
        composing.set_topics(journey, ("Equity",), LATER, throughout=("equity",))

    assert refused.value.field == "topics"


def test_a_child_works_on_a_theme_of_its_network(journey):
    theme = composing.add_theme(journey, "Information technology", LATER, kind="technical initiative")
    child = make_journey("Child", parent=journey)

    composing.link_theme(theme, child, LATER)
    composing.link_theme(theme, child, LATER)

    assert (theme.position, theme.kind) == (1, "technical initiative")
    with pytest.raises(DomainError):
        composing.link_theme(theme, make_journey("Stranger"), LATER)


def test_an_activity_names_its_people_in_order(journey):
    facilitator = make_facilitator("Wanjiru Kamau")

    activity = composing.add_activity(
        journey,
        ActivityKind.PRESENTATION,
        "What is it?",
        LATER,
        credits=(
            Named("Ada", "Here", "presenter"),
            Named("Wanjiru Kamau", facilitator=facilitator),
        ),
        when=When(2012, 4),
        summary="A talk.",
    )

    assert [
        (credit.position, credit.name, credit.affiliation, credit.role) for credit in activity.credits
    ] == [
        (1, "Ada", "Here", "presenter"),
        (2, "Wanjiru Kamau", "", ""),
    ]
    assert activity.credits[1].facilitator_id == facilitator.id
    assert (activity.year, activity.month, activity.day) == (2012, 4, None)


def test_an_organisation_may_have_several_parts_each_once(journey):
    ids = make_organisation()
    composing.add_partner(journey, ids, PartnerRole.FUNDER, LATER, note="pays")
    composing.add_partner(journey, ids, PartnerRole.HOST, LATER)

    with pytest.raises(AlreadyTaken):
        composing.add_partner(journey, ids, PartnerRole.HOST, LATER)

    assert [(row.position, row.role.value, row.note) for row in journey.partners] == [
        (1, "funder", "pays"),
        (2, "host", ""),
    ]


def test_contacts_and_publications_are_kept_as_known(journey):
    contact = composing.add_contact(journey, "Kerry", LATER, institution="LSTM")
    publication = composing.add_publication(
        journey, NewPublication(title="Proceedings", part="Appendix C"), LATER, when=When(2018)
    )

    assert (contact.position, contact.post, contact.institution, contact.email) == (1, "", "LSTM", "")
    assert (publication.part, publication.year, publication.month) == ("Appendix C", 2018, None)


def test_a_country_has_one_group_with_members_of_several_institutions(journey):
    members = (Member("Ama", "Director", "Ministry"), Member("Kofi", institution="Donor"))
    group = composing.add_country_group(journey, "GH", "Country group, Ghana", LATER, members=members)

    assert [(member.position, member.name, member.institution) for member in group.members] == [
        (1, "Ama", "Ministry"),
        (2, "Kofi", "Donor"),
    ]
    with pytest.raises(AlreadyTaken):
        composing.add_country_group(journey, "GH", "Another", LATER)


def test_headings_nest_once(journey):
    top = composing.add_question_heading(journey, "The change process", LATER)
    below = composing.add_question_heading(journey, "Resistance", LATER, parent=top)

    assert below.parent_id == top.id
    with pytest.raises(DomainError):
        composing.add_question_heading(journey, "Deeper", LATER, parent=below)
    with pytest.raises(DomainError):
        composing.add_question_heading(make_journey("Other"), "Elsewhere", LATER, parent=top)


@pytest.mark.parametrize("parts", [(None, 4), (2020, None, 3), (2021, 2, 29), (2020, 13)])
def test_a_date_that_cannot_be_is_refused(parts):
    with pytest.raises(DomainError):
        When(*parts)


def test_nothing_is_added_without_its_words(journey):
    for add in (
        lambda: composing.add_outcome(journey, " ", LATER),
        lambda: composing.add_theme(journey, " ", LATER),
        lambda: composing.add_activity(journey, ActivityKind.VIDEO, " ", LATER),
        lambda: composing.add_activity(journey, ActivityKind.VIDEO, "Film", LATER, credits=(Named(" "),)),
        lambda: composing.add_contact(journey, " ", LATER),
        lambda: composing.add_publication(journey, NewPublication(title=" "), LATER),
        lambda: composing.add_country_group(journey, "GH", " ", LATER),
        lambda: composing.add_question_heading(journey, " ", LATER),
        lambda: composing.set_topics(journey, (" ",), LATER),
    ):
        with pytest.raises(DomainError):
            add()
