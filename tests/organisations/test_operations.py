"""Organisations are found by name, or made."""

import pytest

from app.domain.errors import DomainError
from app.organisations.operations import find_or_create


def test_an_organisation_is_made_once(database):
    made = find_or_create("Institute of Development Studies", short_name="IDS", country="GB")

    again = find_or_create("  institute of  DEVELOPMENT studies ")

    assert again is made
    assert (made.slug, made.short_name, made.country) == ("institute-of-development-studies", "IDS", "GB")


def test_accents_do_not_make_another_organisation(database):
    assert find_or_create("Université de Thiès") is find_or_create("Universite de Thies")


def test_a_name_without_latin_letters_has_a_slug(database):
    first, second = find_or_create("وزارة الصحة"), find_or_create("保健省")

    assert (first.slug, second.slug) == ("organisation", "organisation-2")
    assert (first.name, second.name) == ("وزارة الصحة", "保健省")


def test_an_organisation_has_a_name(database):
    with pytest.raises(DomainError) as refused:
        find_or_create("  ")

    assert refused.value.field == "organisation"
