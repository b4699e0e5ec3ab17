"""Every language that can be chosen says every sentence, with the same values in it."""

import re
from itertools import combinations

from app.notices import language
from app.notices.language import Language, languages
from app.notices.letters import Facts, Go, Letter, Link, composed, text_of
from tests.notices.sentences import found, kept, texts

OTHERS = [code for code in languages() if code != "en"]
"""Perhaps none yet."""
VALUE = re.compile(r"\{(\w+)\}")


def test_sentences_are_found_in_the_code():
    ids = {message.id for message in found() if message.id}
    assert "Answers go to {address}." in ids


def test_a_language_says_every_sentence_and_no_other():
    wanted = {message.id for message in found() if message.id}
    for code in OTHERS:
        said = {message.id: message.string for message in kept(code) if message.id}
        assert set(said) == wanted
        assert [one for one, string in said.items() if not all(texts(string))] == []


def test_a_translation_holds_the_same_values():
    for message in (message for code in OTHERS for message in kept(code)):
        for said in texts(message.string):
            wanted = {name for text in texts(message.id) for name in VALUE.findall(text)}
            assert set(VALUE.findall(said)) <= wanted, message.id
            if not message.pluralizable:
                assert sorted(VALUE.findall(said)) == sorted(VALUE.findall(message.id)), message.id


def test_what_no_catalogue_knows_is_said_in_english():
    assert Language("xx")("Nobody says {this}.", this="that") == "Nobody says that."
    assert Language("xx").n("{number} place", "{number} places", 2) == "2 places"
    assert Language("xx").n("{number} place", "{number} places", 1) == "1 place"


def test_a_number_is_said_by_the_rule_of_the_language(tmp_path, monkeypatch):
    """In French nought is one; the catalogue says so itself."""
    head = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    words = 'msgid "{number} place"\nmsgid_plural "{number} places"\n'
    said = 'msgstr[0] "{number} siège"\nmsgstr[1] "{number} sièges"\n'
    (tmp_path / "fr.po").write_text(head + words + said, encoding="utf-8")
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    language.catalogue_of.cache_clear()
    try:
        french = Language("fr")
        told = [french.n("{number} place", "{number} places", number) for number in (0, 1, 2)]
    finally:
        language.catalogue_of.cache_clear()
    assert told == ["0 siège", "1 siège", "2 sièges"]


def test_a_colon_in_french_stands_behind_a_blank_that_does_not_break():
    for code, colon in (("en", ":"), ("es", ":"), ("fr", "\u00a0:")):
        facts, go = Facts((("Journey", "Costing"),)), Go("Open", "https://example.org")
        letter = Letter(subject="", greeting="", title="", parts=[facts, go], why="", answers="")
        text = text_of(letter, Language(code))
        assert f"Journey{colon} Costing\n\nOpen{colon}\nhttps://example.org" in text


def test_a_link_ends_before_the_colon_of_its_sentence(app):
    for text in ("Pour en savoir plus\u00a0:", "To know more:"):
        link = Link(text, "https://example.org")
        letter = Letter(subject="", greeting="", title="", parts=[link], why="")
        with app.app_context():
            page = composed(letter, Language("fr")).words("").html or ""
        assert f">{text.rstrip(':').strip()}</a>" in page


def test_no_sentence_is_said_in_the_words_of_another_language():
    """But names, and what is made of values alone."""
    said = {code: {one.id: one.string for one in kept(code) if one.id and one.string} for code in OTHERS}
    for one, other in combinations(said.values(), 2):
        assert [key for key, words in one.items() if words == other.get(key) != key] == []
