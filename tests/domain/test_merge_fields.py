import pytest

from app.domain.merge_fields import fields_in, merged, what_is_wrong

VALUES = {"name": "Esi {time}", "journey": "Paying & planning", "time": "18:00 in Accra"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ""),
        ("Nothing here.", "Nothing here."),
        ("{name}", "Esi {time}"),
        ("{ Name }, {JOURNEY}", "Esi {time}, Paying & planning"),
        ("{time}{time}", "18:00 in Accra18:00 in Accra"),
        ("{{name}}", "{name}"),
        ("{{{name}}}", "{Esi {time}}"),
        ("a {{ b }} c", "a { b } c"),
        ("}}{{", "}{"),
        ("{{{{", "{{"),
        ("{place}", "{place}"),
        ("{name.__class__} {0} {}", "{name.__class__} {0} {}"),
        ("a { b", "a { b"),
        ("{na\nme}", "{na\nme}"),
        ("%s {name!r} ${journey}", "%s {name!r} $Paying & planning"),
    ],
)
def test_each_field_is_replaced_once_and_nothing_else(text, read):
    assert merged(text, VALUES) == read


@pytest.mark.parametrize(
    ("text", "names"),
    [("", []), ("{time}, {name}, { TIME }", ["time", "name"]), ("{{name}} {x}", ["x"]), ("{}", [""])],
)
def test_the_fields_of_a_text_in_order(text, names):
    assert fields_in(text) == names


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ""),
        ("Dear {name}, {{literally}}", ""),
        ("{nmae}", "There is no field “{nmae}” here. There are {name}, {journey} and {time}."),
        ("{a} {b} {a}", "There is no field “{a}” or “{b}” here. There are {name}, {journey} and {time}."),
        ("{}", "There is no field “{}” here. There are {name}, {journey} and {time}."),
        ("a { b", "A “{” stands alone. For the brace itself write “{{”."),
        ("a } b {", "A “}” stands alone. For the brace itself write “}}”."),
        (
            "{x} }",
            "There is no field “{x}” here. There are {name}, {journey} and {time}. "
            "A “}” stands alone. For the brace itself write “}}”.",
        ),
    ],
)
def test_what_cannot_be_merged_is_named_with_what_there_is(text, sentence):
    assert what_is_wrong(text, ["name", "journey", "time"]) == sentence


def test_one_field_is_one():
    assert what_is_wrong("{x}", ["name"]) == "There is no field “{x}” here. There is {name}."
