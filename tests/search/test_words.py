import pytest

from app.search.words import LONGEST, MOST_ASKED, index_terms, query_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Quality of Care", {"quality", "of", "care"}),
        ("Đại học Øresund", {"dai", "hoc", "oresund"}),
        ("Côte d’Ivoire, COVID-19", {"cote", "d", "ivoire", "covid", "19"}),
        ("東京", {"東", "京", "東京"}),
        ("AIと医療2020", {"ai", "と", "医", "療", "と医", "医療", "2020"}),
        ("한국어 보건", {"한국어", "보건"}),
        ("हिन्दी", {"हिनदी"}),
        ("…!? –", set()),
        ("", set()),
    ],
)
def test_a_text_is_found_by_its_folded_words(text, terms):
    assert index_terms(text) == terms


def test_thai_is_found_by_twos():
    assert {"ระ", "ะบ", "บบ"} <= index_terms("ระบบสุขภาพ")
    assert set(query_terms("สุขภาพ")) <= index_terms("ระบบสุขภาพ")


def test_long_words_are_cut_alike_on_both_sides():
    assert index_terms("a" * 500) == {"a" * LONGEST}
    assert query_terms("a" * 500) == ["a" * LONGEST]


def test_a_beginning_of_another_word_is_not_asked_for_twice():
    assert query_terms("heal Health health") == ["health"]


def test_only_so_much_is_asked():
    assert len(query_terms(" ".join(f"{number}word" for number in range(100, 200)))) == MOST_ASKED


def test_one_character_of_an_unspaced_script_may_be_asked_for():
    assert query_terms("医") == ["医"]
    assert query_terms("医療") == ["医療"]
    assert query_terms("医療AI") == ["ai", "医療"] or query_terms("医療AI") == ["医療", "ai"]
