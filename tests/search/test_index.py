"""What journeys are found by, and that the index follows whatever changes."""

import re

import pytest
from sqlalchemy import select, text

from app.database import db
from app.journeys.audiences import set_audiences
from app.journeys.matter import Contact, Partner, PartnerRole
from app.journeys.models import Journey, JourneyTopic, Outcome, Theme, Topic
from app.learning_sessions.models import Offering
from app.search.models import SearchTerm
from app.search.operations import reindex
from app.search.queries import matching
from app.toolkits import operations as toolkits
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
    make_toolkit,
)

pytestmark = pytest.mark.usefixtures("database")


def found(asked):
    db.commit()
    return list(db.scalars(select(Journey.title).where(Journey.id.in_(matching(asked))).order_by(Journey.id)))


@pytest.mark.parametrize(
    "asked",
    [
        "quality", "QUAL", "nurses", "poorest", "advise", "capitation", "fees", "wanjiru", "nairobi hospital",
        "millington", "tropical", "joint learning", "jln", "financing", "equity", "health advisers", "ozano",
        "quality wanjiru millington",
    ],
)  # fmt: skip
def test_every_kind_of_text_finds_the_journey(asked):
    other = make_journey("Something else")
    journey = make_journey(
        "Quality", summary="For nurses", purpose="The *poorest* people", audience="Doctors"
    )
    journey.outcomes.append(Outcome(position=1, text="Advise governments"))
    journey.themes.append(Theme(position=1, title="Equity"))
    journey.contacts.append(
        Contact(position=1, name="Kerry Millington", institution="School of Tropical Medicine")
    )
    topic = Topic(slug="financing", name="Financing", name_folded="financing")
    journey.topics.append(JourneyTopic(topic=topic, position=1))
    jln = make_organisation("Joint Learning Network", short_name="JLN")
    journey.partners.append(Partner(organisation=jln, position=1, role=PartnerRole.HOST))
    set_audiences(journey, ["Health advisers"])
    learning_session = make_learning_session(journey, "What capitation pays for", summary="And not fees")
    make_offering(
        learning_session,
        facilitators=[(make_facilitator("Wanjiru Kamau", affiliation="Nairobi Hospital"), "")],
    )
    kit = make_toolkit("What works", credits=[])
    toolkits.link_journey(kit, journey, NOW)
    kit.credits.append(toolkits.ToolkitCredit(position=1, name="Kim Ozano"))
    assert found(asked) == ["Quality"]
    assert other.title not in found(asked)


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Đại học Y Hà Nội", "dai hoc y ha noi"),
        ("Øresund", "oresund"),
        ("Oresund", "Øresund"),
        ("Łódź and Århus", "lodz arhus"),
        ("ÇALIŞMA", "calisma"),
        ("医療システムの質", "システム"),
        ("医療システムの質", "質"),
        ("ระบบสุขภาพ", "สุขภาพ"),
        ("한국 보건", "보건"),
        ("Ｆｕｌｌ width", "full"),
        ("COVID-19", "covid 19"),
        ("100% of everybody_else", "100 everybody else"),
    ],
)
def test_accents_scripts_and_widths_do_not_matter(title, asked):
    make_journey(title)
    make_journey("Another")
    assert found(asked) == [title]


def test_every_word_must_occur():
    make_journey("Paying for care")
    assert found("paying care") == ["Paying for care"]
    assert found("paying nothing") == []
    assert found("aying") == []


@pytest.mark.parametrize("asked", ["!!!", "   ", "", "\U0010ffff", "%", "_", "'; --"])
def test_a_search_without_words_finds_nothing(asked):
    make_journey("Paying for care")
    assert found(asked) == []


def test_the_index_follows_every_change():
    journey = make_journey("First")
    learning_session = make_learning_session(journey, "Budgets")
    facilitator = make_facilitator("Ana Prada")
    offering = make_offering(learning_session, facilitators=[(facilitator, "")])
    assert found("first budgets ana") == ["First"]
    journey.title, learning_session.title, facilitator.name = "Second", "Audits", "Anna Prada"
    assert found("first") == found("budgets") == []
    assert found("second audits anna") == ["Second"]
    offering.facilitators.clear()
    assert found("anna") == []
    learning_session.offerings.remove(offering)
    db.delete(learning_session)
    assert found("audits") == []


def test_a_shared_thing_renamed_changes_all_its_journeys():
    organisation = make_organisation("GIZ")
    toolkit = make_toolkit("Handbook")
    for title in ("One", "Two"):
        journey = make_journey(title)
        journey.partners.append(Partner(organisation=organisation, position=1, role=PartnerRole.FUNDER))
        toolkits.link_journey(toolkit, journey, NOW)
    assert found("giz handbook") == ["One", "Two"]
    organisation.name, toolkit.title = "Gesellschaft", "Manual"
    assert found("gesellschaft manual") == ["One", "Two"]
    toolkit.journeys.pop()
    assert found("manual") == ["One"]


def test_what_is_rolled_back_leaves_no_trace():
    make_journey("Kept")
    db.commit()
    make_journey("Given up")
    db.rollback()
    assert found("given") == []
    assert found("kept") == ["Kept"]


def test_a_change_that_is_no_text_leaves_the_index_alone(query_counter):
    offering = make_offering(make_learning_session(make_journey("Quiet")))
    db.commit()
    with query_counter() as counted:
        offering.confirmed_online = 3
        db.commit()
    assert not [one for one in counted.statements if "search_terms" in one]
    assert db.scalar(select(Offering.confirmed_online)) == 3


def test_a_journey_that_goes_takes_its_words_along():
    journey = make_journey("Passing")
    db.commit()
    db.delete(journey)
    db.commit()
    assert db.scalars(select(SearchTerm.term)).all() == []


def test_reindexing_changes_nothing_when_all_is_in_step(query_counter):
    journey = make_journey("Steady")
    db.commit()
    with query_counter() as counted:
        assert reindex([journey.id, 999_999]) == 1
    assert [one.split()[0] for one in counted.statements if "search_terms" in one] == ["SELECT"]


def test_the_command_repairs_what_was_written_by_hand(app, database):
    make_journey("Before")
    db.commit()
    db.execute(text("update journeys set title = 'After'"))
    db.commit()
    result = app.test_cli_runner().invoke(args=["search", "reindex"])
    assert result.exit_code == 0, result.output
    assert "in step" in result.output
    assert found("after") == ["After"]


def test_a_range_of_the_primary_key_is_walked(database, engine_name):
    """The plan names the index; reading the table through would cost as much as there are words."""
    db.execute(
        SearchTerm.__table__.insert(),
        [{"term": f"w{number:05}", "journey_id": make_journey("Many").id} for number in range(1)]
        + [{"term": f"x{number:05}", "journey_id": 1} for number in range(0)],
    )
    statement = matching("w0000").compile(db.get_bind(), compile_kwargs={"literal_binds": True})
    if engine_name == "sqlite":
        plan = " ".join(str(row) for row in db.execute(text(f"explain query plan {statement}")))
        assert "term>? AND term<?" in plan
    else:
        db.execute(text("set local enable_seqscan = off"))
        plan = " ".join(str(row) for row in db.execute(text(f"explain {statement}")))
        assert "pk_search_terms" in plan
        assert re.search(r"Index Cond: \(+term\)?(::text)? >= ", plan)
