"""How a calendar, or a page that shows a secret address, is answered."""

import hashlib
from collections.abc import Callable, Hashable
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from app.calendars.ical import Site
from app.calendars.texts import Kept
from app.config import Settings

TAGS: Kept[str] = Kept(16384)
"""The tag of the bytes that were made for a state of a calendar."""


class CalendarFile(Response):
    """A calendar. Nothing can set a cookie on it: caches keep it, and calendar programs return none."""

    def set_cookie(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing, so that a signed-in reader's cookie is not renewed here."""


def answer(
    build: Callable[[], bytes], state: Hashable, disposition: str, name: str, cache_control: str
) -> Response:
    """The calendar, or 304 for a client that has its bytes; what was built for this `state` is not built
    again to know that.

    The tag is the digest of the bytes; compressed ones have a tag of their own.
    """
    coding = "-gzip" if request.accept_encodings["gzip"] else ""
    digest = hashlib.blake2b(repr(state).encode(), digest_size=16).digest()
    tag = TAGS.get(digest)
    if tag is not None and request.if_none_match.contains(tag + coding):
        response = CalendarFile(status=304)
    else:
        body = build()
        tag = hashlib.sha256(body).hexdigest()
        TAGS.put(digest, tag)
        response = CalendarFile(body, content_type="text/calendar; charset=utf-8")
        response.headers.set("Content-Disposition", disposition, filename=f"{name}.ics")
    response.headers["Cache-Control"] = cache_control
    response.set_etag(tag + coding)
    response.make_conditional(request)
    return response


def unkept(answer: ResponseReturnValue, status: int | None = None) -> Response:
    """An answer that no cache keeps: it shows, or leads to, a secret address."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.status_code = status or response.status_code
    return response


def site() -> Site:
    return Site(settings().site_url, settings().mail_from)


def settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
