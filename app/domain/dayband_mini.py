"""Strips for lists: the day of one sitting in small, cheap enough for two hundred on a page.

Days of one shape share their background: the macro `mini_defs` draws each once, and each strip refers to it
and adds four lines. The markup is made here rather than in a template because it depends on nothing but
numbers and is kept between requests.
"""

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from markupsafe import Markup

from app.domain.day_hours import USUAL, Axis, Hours, axes, picture
from app.domain.dayband_strip import percent, runs
from app.domain.timezones import Span, readable_zone

__all__ = ["Mini", "mini"]


@dataclass(frozen=True, slots=True)
class Mini:
    """`svg` refers to the background called `key`, which the macro `mini_defs` draws once on that page."""

    key: str
    background: Markup
    svg: Markup


@lru_cache(maxsize=1024)
def mini(span: Span, zone: str, hours: Hours = USUAL) -> Mini:
    """The strip of a span in the hours of one zone; of a span longer than its axis, the first day."""
    axis = axes(span.starts_at, span.ends_at, readable_zone(zone))[0]
    key, background = _background(axis, hours)
    minutes = (axis.minute_of(span.starts_at), axis.minute_of(span.ends_at))
    edges = [percent(minute, axis.minutes) for minute in minutes if minute <= axis.minutes]
    lines = "".join(
        f'<line class="{css}" x1="{x}" x2="{x}" y2="100%"/>' for css in ("lines", "line") for x in edges
    )
    svg = f'<svg class="strip mini" aria-hidden="true" focusable="false"><use href="#{key}"/>{lines}</svg>'
    return Mini(key, background, Markup(svg))  # noqa: S704 - made of numbers only


@lru_cache(maxsize=1024)
def _background(axis: Axis, hours: Hours) -> tuple[str, Markup]:
    shown, drawn = picture(axis.zone, hours, axis.starts_at, axis.minutes), []
    for run in runs(shown, axis.minutes):
        place = f'x="{run.x}" y="12%" width="{run.width}" height="76%"/>'
        drawn.append(f'<rect class="{run.css}" {place}')
        if run.texture == "cross":
            drawn.append(f'<rect fill="url(#cross)" {place}')
    drawn.append('<rect class="frame" x="0" y="12%" width="100%" height="76%"/>')
    for minute, dash in (
        *((one.minute, "") for one in shown.midnights),
        *((one.minute, ' stroke-dasharray="2 3"') for one in shown.changes),
    ):
        x = percent(minute, axis.minutes)
        drawn.append(f'<line class="cut"{dash} x1="{x}" x2="{x}" y1="12%" y2="88%"/>')
    markup = "".join(drawn)
    return f"day-{crc32(markup.encode()):08x}", Markup(markup)  # noqa: S704 - made of numbers only
