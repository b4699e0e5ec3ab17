"""Making facilitators."""

import pytest

from app.accounts.operations import create_account
from app.domain.errors import AlreadyTaken, DomainError
from app.facilitators.operations import Profile, create
from tests.factories import NOW, make_facilitator, make_organisation


def test_a_facilitator_needs_a_name_only(database):
    facilitator = create(Profile(name="Ana Lucía  Prada"))

    assert (facilitator.name, facilitator.slug, facilitator.name_folded) == (
        "Ana Lucía Prada",
        "ana-lucia-prada",
        "ana lucia prada",
    )
    assert (facilitator.biography, facilitator.user_id, facilitator.is_demonstration) == ("", None, False)


def test_two_of_one_name_have_two_addresses(database):
    assert make_facilitator("Kofi Asante").slug == "kofi-asante"
    assert make_facilitator("Kofi Asante").slug == "kofi-asante-2"


def test_a_facilitator_keeps_what_is_said(database):
    ids = make_organisation()
    profile = Profile(
        name="陳美玲", biography="*Hello*", country="SG", timezone="Asia/Singapore", language="zh"
    )

    facilitator = create(profile, organisation=ids)

    assert facilitator.slug == "facilitator"
    assert (facilitator.biography, facilitator.timezone, facilitator.organisation) == (
        "*Hello*",
        "Asia/Singapore",
        ids,
    )


def test_an_account_has_one_page_at_most(database):
    user = create_account("Fran", "fran@example.org", "hash", NOW)
    make_facilitator("Fran", user=user)

    with pytest.raises(AlreadyTaken):
        make_facilitator("Fran", user=user)


@pytest.mark.parametrize(
    ("profile", "field"), [(Profile(name=" "), "name"), (Profile(name="A", timezone="Mars/Base"), "timezone")]
)
def test_what_cannot_be_is_refused_at_its_field(database, profile, field):
    with pytest.raises(DomainError) as refused:
        create(profile)

    assert refused.value.field == field
