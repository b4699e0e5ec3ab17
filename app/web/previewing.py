"""Showing a page as somebody else would see it: for one answer, which writes nothing and on which nothing
acts.
"""

import re
from collections.abc import Callable

from flask import g

from app.domain.permissions import Actor
from app.web.reader import Reader

_LINK = re.compile(r'(<a\b[^>]*?) href="([^"]*)"')
_FORM = re.compile(r"<form\b[^>]*>")
_CONTROL = re.compile(r"<(button|input|select|textarea)\b")


def show_as(actor: Actor, reader: Reader) -> None:
    """Let templates and rules take the one who asks for this actor and this reader.

    Call it after the permission was checked, in a view that answers GET only.
    """
    g.actor, g.reader = actor, reader


def inert(html: str, leads_to: Callable[[str], str | None]) -> str:
    """A page whose main part looks as it did and does nothing: what is pressed is off, links lead nowhere.

    Links within the page stay. `leads_to` says where another link leads in a preview; None: nowhere.
    """
    begins, ends = html.index("<main"), html.rindex("</main>")
    main = _LINK.sub(lambda found: _link(found, leads_to), html[begins:ends])
    main = _CONTROL.sub(r"<\1 disabled", _FORM.sub("<form>", main))
    return html[:begins] + main + html[ends:]


def _link(found: re.Match[str], leads_to: Callable[[str], str | None]) -> str:
    start, href = found.groups()
    to = href if href.startswith("#") else leads_to(href)
    return f'{start} href="{to}"' if to else start
