"""A list of options is written as the library writes it, letter for letter."""

import pytest
from markupsafe import Markup
from wtforms.fields.choices import Choice
from wtforms.widgets import Select

from app.web.option_list import OptionList

CHOICES = {
    "plain": Choice("GH", "Ghana", False, {}),
    "selected": Choice("GH", "Ghana", True, {}),
    "to be escaped": Choice('a"b<c>&d', '<b>"R&D"</b> it\'s', False, {}),
    "markup": Choice(Markup('a"b&amp;'), Markup("<i>so</i>"), False, {}),
    "number": Choice(7, "Seven", True, {}),
    "without a label": Choice("en", None, False, {}),
    "empty": Choice("", "", False, {}),
    "truth": Choice(True, "Yes", False, {}),
    "with attributes": Choice("x", "X", False, {"disabled": True, "data_of": 'a"b'}),
}


@pytest.mark.parametrize("name", CHOICES)
def test_as_the_library_does(name):
    choice = CHOICES[name]
    assert OptionList.render_option(choice) == Select.render_option(choice)
    assert OptionList.render_option(choice, lang="fr") == Select.render_option(choice, lang="fr")
