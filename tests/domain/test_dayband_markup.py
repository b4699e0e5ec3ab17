"""The markup that the macros make of day bands, and the small strips of lists."""

import re
from datetime import timedelta
from pathlib import Path

import jinja2
import pytest

from app.domain.dayband import Place, band
from app.domain.dayband_mini import mini
from app.domain.timezones import Span
from tests.domain.sittings import SITTING, eight_places, span_in

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(params=[True, False], ids=["trimmed", "untrimmed"])
def macros(request: pytest.FixtureRequest):
    trim = bool(request.param)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=trim,
        lstrip_blocks=trim,
    )
    return environment.get_template("_macros/dayband.html").module


def squeezed(markup: str) -> str:
    return re.sub(r">\s*\n\s*<", "><", markup)


def test_the_figure_has_a_caption_rows_and_no_style(macros) -> None:
    markup = squeezed(macros.dayband(eight_places()))
    assert markup.count('<li class="zone">') == 7
    assert '<figure class="dayband"><figcaption>Of the 38 people' in markup
    assert '<div class="zone-place"><b>Bogotá</b> <span>4 people · UTC−5</span></div>' in markup
    hours = '<time class="clock" datetime="2027-04-22T12:00Z">07:00–08:30</time>'
    assert f'<div class="zone-clock">{hours} <span>awake</span></div>' in markup
    assert '<rect fill="url(#hatch)" x="29.167%" y="8%" width="8.333%" height="84%"/>' in markup
    assert '<text class="in-n" x="20.833%" dx="7" y="50%" dy="0.35em">Thu</text>' in markup
    assert "style=" not in markup
    assert "day off" not in markup


def test_a_heading_may_stand_for_the_caption(macros) -> None:
    markup = macros.dayband(eight_places(), narrow=True, labelledby="h-chosen")
    assert '<figure class="dayband dayband-narrow" aria-labelledby="h-chosen">' in markup
    assert "figcaption" not in markup


def test_labels_are_escaped(macros) -> None:
    shown = band(SITTING, Place("Africa/Accra", label="<b>Accra</b>"))
    assert "<b><b>" not in macros.dayband(shown)
    assert "&lt;b&gt;Accra" in macros.dayband(shown)


def test_a_plain_strip_is_named_by_its_words(macros) -> None:
    markup = squeezed(macros.plain(eight_places()))
    assert markup.startswith(
        '\n<figure class="dayband dayband-plain" aria-label="Your day on'
    ) or markup.startswith('<figure class="dayband dayband-plain" aria-label="Your day on')
    assert markup.count("<svg") == 2
    assert "<ol" not in markup


def test_two_hundred_strips_share_their_backgrounds(macros) -> None:
    first = span_in("Europe/London", "2027-04-22T13:00", 90)
    week = [
        Span(first.starts_at + timedelta(days=day), first.ends_at + timedelta(days=day)) for day in range(200)
    ]
    strips = [mini(span, "Europe/London") for span in week]
    defs = squeezed(macros.mini_defs([*strips, None]))
    # working days, days off, and the Sunday on which clocks go back
    assert defs.count("<g id=") == 3 == len({strip.key for strip in strips})
    assert all(f'<g id="{strip.key}" class="strip">' in defs for strip in strips)
    assert macros.mini(strips[0]).strip() == strips[0].svg
    assert strips[0].svg.count("<line") == 4
    assert f'<use href="#{strips[0].key}"/>' in strips[0].svg


def test_a_strip_across_midnight_and_one_longer_than_its_axis() -> None:
    late = mini(span_in("Pacific/Efate", "2027-04-22T23:00", 90), "Pacific/Efate")
    assert 'class="cut" x1="50%"' in late.background
    long = mini(span_in("Europe/London", "2027-04-22T18:00", 1440), "Europe/London")
    assert (long.svg.count("<line"), 'x1="75%"' in long.svg) == (2, True)
