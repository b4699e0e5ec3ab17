from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.invitations import (
    LETTERS,
    check_code,
    check_domain,
    domain_of,
    end_of,
    fold_code,
    fold_domain,
    new_code,
    read_addresses,
)

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def test_made_up_codes_are_long_and_never_alike():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert len(fold_code(code)) == 12
        assert set(code) <= {*LETTERS, "-"}
    assert not set("01IO") & set(LETTERS)


@pytest.mark.parametrize(
    "typed", ["7kqm2hxa94tb", " 7KQM 2HXA 94TB ", "7KQM–2HXA—94TB", "７ＫＱＭ-2hxa-94tb"]
)
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert fold_code(typed) == fold_code("7KQM-2HXA-94TB")


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold_code(fold_code(text)) == fold_code(text)


@given(
    st.text(alphabet=st.characters(categories=["L", "Nd"]), min_size=1),
    st.sampled_from([" ", "-", " - ", "‑"]),
)
def test_blanks_hyphens_and_capitals_make_no_difference(text, between):
    assert fold_code(between.join(text)) == fold_code(text)


@pytest.mark.parametrize("text", ["", "abcde", "- - - -", "a" * 61, "!!!???"])
def test_codes_of_ones_own_have_enough_in_them(text):
    with pytest.raises(DomainError) as refusal:
        check_code(text)
    assert refusal.value.field == "code"


def test_a_code_of_ones_own_stays_as_written():
    assert check_code("  Santé   publique ") == "Santé publique"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Health.Example.ORG", "health.example.org"),
        ("@example.org", "example.org"),
        (" example.org. ", "example.org"),
        ("münchen.example", "xn--mnchen-3ya.example"),
    ],
)
def test_domains_are_kept_as_they_are_compared(typed, kept):
    assert check_domain(typed) == kept
    assert fold_domain(kept) == kept
    assert domain_of(f"efua@{kept.upper()}") == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "org", "a..org", "-a.org", "efua@example.org", "exa mple.org", "1.2.3.4", "a" * 300 + ".org",
        "é" * 80 + ".org",
    ],
)  # fmt: skip
def test_what_is_no_domain_is_refused(typed):
    with pytest.raises(DomainError) as refusal:
        check_domain(typed)
    assert refusal.value.field == "domain"


def test_pasted_lines_are_read_one_by_one():
    lines = read_addresses(
        'efua@example.org\r\n\n  “Kofi”, no address\n"Ama Owusu" <ama@example.org>,\n<kofi@example.org>;\na@b'
    )
    assert [(one.number, one.address, one.name) for one in lines] == [
        (1, "efua@example.org", ""),
        (3, "", ""),
        (4, "ama@example.org", "Ama Owusu"),
        (5, "kofi@example.org", ""),
        (6, "", ""),
    ]


@pytest.mark.parametrize(
    ("timezone", "ends"),
    [
        ("Africa/Accra", datetime(2027, 3, 28, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2027, 3, 27, 18, 15, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2027, 3, 27, 10, tzinfo=UTC)),
        ("Asia/Beirut", datetime(2027, 3, 27, 22, tzinfo=UTC)),  # the clocks skip its last hour's end
    ],
)
def test_a_last_day_ends_where_the_journey_is(timezone, ends):
    assert end_of(date(2027, 3, 27), timezone, NOW) == ends


def test_a_day_that_is_over_is_refused():
    assert end_of(date(2027, 3, 1), "Africa/Accra", NOW) > NOW
    with pytest.raises(DomainError, match="28 February 2027 is over in Accra"):
        end_of(date(2027, 2, 28), "Africa/Accra", NOW)
