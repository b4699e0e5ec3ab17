"""What was queued for an address goes with its owner's account, however the address was spelt then."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from app.database import db
from app.messages import operations, queries
from app.messages.models import OutboxMessage

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SPELLINGS = ("pat_1@example.org", "Pat_1@Example.org", "PAT_1@EXAMPLE.ORG")
OTHERS = ("patX1@example.org", "pat_1@example.org.uk", "at_1@example.org")


@pytest.fixture
def outbox(database):
    for number, address in enumerate((*SPELLINGS, *OTHERS)):
        operations.queue("plain", address, "Pat", {"participant_id": number % 3}, NOON)


def left() -> list[str]:
    return list(db.scalars(select(OutboxMessage.to_address).order_by(OutboxMessage.id)))


@pytest.mark.usefixtures("outbox")
@pytest.mark.parametrize("spelt", SPELLINGS)
def test_every_spelling_of_an_address_is_forgotten_and_no_other_address(spelt):
    operations.forget(spelt)
    assert left() == list(OTHERS)


@pytest.mark.usefixtures("outbox")
def test_what_is_about_somebody_is_forgotten_in_every_spelling():
    operations.forget("pat_1@example.org", about=[("participant_id", 1), ("participant_id", 2)])
    assert left() == [SPELLINGS[0], *OTHERS]


def test_letters_beyond_ascii_are_found_as_the_account_spells_them(database):
    for address in ("JOSÉ@example.org", "josé@example.org", "jose@example.org"):
        operations.queue("plain", address, "José", {}, NOON)
    operations.forget("JOSÉ@Example.org")
    assert left() == ["jose@example.org"]


@pytest.mark.engine("sqlite")
def test_the_messages_to_others_are_not_read(database):
    """Of a million rows only the addresses are looked at, in their index."""
    found = queries.spelt_as("pat@example.org").compile(compile_kwargs={"literal_binds": True})
    plan = db.execute(text(f"EXPLAIN QUERY PLAN {found}")).all()
    assert [row[3] for row in plan] == [
        "SCAN outbox_messages USING COVERING INDEX ix_outbox_messages_to_address"
    ]
