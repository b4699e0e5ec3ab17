"""What every template may use."""

from datetime import datetime

from flask import Flask, current_app

from app.web import clock, csrf
from app.web.access import can, current_actor
from app.web.markdown import markdown
from app.web.reader import reader


def init_app(app: Flask) -> None:
    """Offer globals and filters to the templates."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        can=can, actor=current_actor, reader=reader, csrf_token=csrf.token, now=_now, site_url=site_url
    )
    app.jinja_env.filters.update(markdown=markdown, plural=plural)


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 place", "3 places"; thousands set apart."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def site_url(path: str = "") -> str:
    """An absolute address, made from SITE_URL, never from the Host header."""
    return f"{current_app.config['SITE_URL']}{path}"


def _now() -> datetime:
    return clock.now()
