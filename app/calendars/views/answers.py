"""How a calendar, or a page that shows a secret address, is answered."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from app.calendars.assembling import Assembled
from app.calendars.ical import Site
from app.calendars.texts import Kept
from app.config import Settings
from app.database import db
from app.web.clock import now


@dataclass(frozen=True, slots=True)
class Known:
    """The tag of the bytes that were made for a state of a calendar, and for how long they are right."""

    tag: str
    since: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        return self.since <= now and (self.until is None or now < self.until)


TAGS: Kept[Known] = Kept(16384)


class CalendarFile(Response):
    """A calendar. Nothing can set a cookie on it: caches keep it, and calendar programs return none."""

    def set_cookie(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing, so that a signed-in reader's cookie is not renewed here."""


def answer(
    build: Callable[[datetime], Assembled], state: Hashable, disposition: str, name: str, cache_control: str
) -> Response:
    """The calendar, or 304 for a client that has its bytes; what was built for this `state`, and is right
    still, is not built again to know that.

    The tag is the digest of the bytes; compressed ones have a tag of their own.
    """
    at, coding = now(), "-gzip" if request.accept_encodings["gzip"] else ""
    digest = hashlib.blake2b(repr(state).encode(), digest_size=16).digest()
    known = TAGS.get(digest)
    if known is not None and known.holds(at) and request.if_none_match.contains_weak(known.tag + coding):
        response = CalendarFile(status=304)
        response.set_etag(known.tag + coding)
    else:
        made = build(at)
        known = Known(hashlib.sha256(made.body).hexdigest(), at, made.until)
        TAGS.put(digest, known)
        response = CalendarFile(made.body, content_type="text/calendar; charset=utf-8")
        response.headers.set("Content-Disposition", disposition, filename=f"{name}.ics")
        response.set_etag(known.tag + coding)
        response.make_conditional(request)
    response.headers["Cache-Control"] = cache_control
    db.commit()  # nothing was written; after a rollback PostgreSQL’s driver would have all planned anew
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
