"""What every template may use."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.domain.dates import month_name, number_word, ordinal, plain_day
from app.domain.timezones import local
from app.domain.zone_directory import country_name
from app.web import clock, csrf
from app.web.access import can, current_actor
from app.web.markdown import markdown
from app.web.once import once_token
from app.web.reader import reader


def init_app(app: Flask) -> None:
    """Offer globals and filters to the templates."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        can=can,
        actor=current_actor,
        reader=reader,
        csrf_token=csrf.token,
        now=_now,
        kept=kept,
        site_url=site_url,
        address_of=address_of,
        once_token=once_token,
    )
    app.jinja_env.filters.update(
        markdown=markdown,
        plural=plural,
        counted=counted,
        ordinal=ordinal,
        day=plain_day,
        reader_day=reader_day,
        month_name=month_name,
        country=country_name,
        groupby_in_order=groupby_in_order,
    )


@lru_cache(maxsize=1024)
def kept(macro: Callable[..., Markup], *values: Hashable) -> Markup:
    """The markup of a macro, made once for the same values. For macros that depend on nothing else: not on
    the reader, not on the moment, unless these are among the values.
    """
    return macro(*values)


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 place", "3 places"; thousands set apart."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def counted(number: int, one: str, many: str) -> str:
    """ "Seven sessions": as a heading says it."""
    return f"{number_word(number)} {one if number == 1 else many}".capitalize()


def reader_day(instant: datetime) -> str:
    """The day of an instant where the reader is; in UTC, and saying so, when that is not known."""
    zone = reader().timezone
    return plain_day(local(instant, zone).date()) if zone else f"{plain_day(instant.date())} (UTC)"


def groupby_in_order(items: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    """Groups of equal attribute, in the order in which each first occurs."""
    groups: dict[Any, list[Any]] = {}
    for item in items:
        groups.setdefault(getattr(item, attribute), []).append(item)
    return list(groups.items())


def site_url(path: str = "") -> str:
    """An absolute address, made from SITE_URL, never from the Host header."""
    return f"{current_app.config['SITE_URL']}{path}"


def address_of(endpoint: str, **values: Any) -> str:
    """The absolute address of a view, for mail and calendars; needs no request."""
    return site_url(current_app.url_map.bind("").build(endpoint, values))


def _now() -> datetime:
    return clock.now()
