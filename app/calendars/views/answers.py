"""How a calendar, or a page that shows a secret address, is answered."""

import hashlib
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from app.calendars import ical
from app.config import Settings


class CalendarFile(Response):
    """A calendar. Nothing can set a cookie on it: caches keep it, and calendar programs return none."""

    def set_cookie(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing, so that a signed-in reader's cookie is not renewed here."""


def calendar_file(body: bytes, disposition: str, name: str, cache_control: str) -> Response:
    """The file, or 304 for a client that has these bytes; compressed bytes have a tag of their own."""
    response = CalendarFile(body, content_type="text/calendar; charset=utf-8")
    response.headers.set("Content-Disposition", disposition, filename=f"{name}.ics")
    response.headers["Cache-Control"] = cache_control
    coding = "-gzip" if request.accept_encodings["gzip"] else ""
    response.set_etag(hashlib.sha256(body).hexdigest() + coding)
    response.make_conditional(request)
    return response


def unkept(answer: ResponseReturnValue, status: int | None = None) -> Response:
    """An answer that no cache keeps: it shows, or leads to, a secret address."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.status_code = status or response.status_code
    return response


def site() -> ical.Site:
    return ical.Site(settings().site_url, settings().mail_from)


def settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
