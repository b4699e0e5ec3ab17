"""Slugs: what titles become in addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import AlreadyTaken, DomainError
from app.domain.slugs import LONGEST, check_slug, slug_for


def free(_slug: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Health financing in the time of COVID-19?", "health-financing-in-the-time-of-covid-19"),
        ("Leaving No-One Behind", "leaving-no-one-behind"),
        ("Côte d’Ivoire: l'essentiel", "cote-divoire-lessentiel"),
        ("Đặng Øystein", "dang-oystein"),
        ("健康システムの強化", "journey"),
        ("Здоровье 2020", "journey-2020"),
        ("  –  ", "journey"),
        ("🩺", "journey"),
        ("2030", "journey-2030"),
    ],
)
def test_a_title_becomes_a_slug(title, slug):
    assert slug_for(title, free, "journey") == slug


def test_a_taken_slug_is_numbered():
    taken = {"capitation", "capitation-2"}

    assert slug_for("Capitation", taken.__contains__, "session") == "capitation-3"


def test_a_long_title_is_cut_between_words():
    slug = slug_for("strengthening " * 20, free, "journey")

    assert slug == "-".join(["strengthening"] * 5)
    assert len(slug_for("a" * 300, free, "journey")) == LONGEST


def test_a_long_slug_that_is_taken_stays_within_the_length():
    first = slug_for("a" * 300, free, "journey")

    assert slug_for("a" * 300, {first}.__contains__, "journey") == "a" * 78 + "-2"


@given(st.text())
def test_every_title_gets_a_slug_of_the_right_shape(title):
    slug = slug_for(title, free, "journey")

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST


@pytest.mark.parametrize("slug", ["", "A", "a b", "-a", "a-", "a--b", "é", "a/b", "a" * 81, "a\n"])
def test_a_slug_of_another_shape_is_refused(slug):
    with pytest.raises(DomainError) as refused:
        check_slug(slug, free)

    assert refused.value.field == "slug"


def test_a_slug_in_use_is_refused():
    with pytest.raises(AlreadyTaken):
        check_slug("capitation", {"capitation"}.__contains__)
