"""Who reads: the zone and the hours in which times are shown to this request.

The zone comes from the profile, else from a cookie set by the chooser, else it is unknown and each offering
is shown in its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request
from flask_login import current_user

from app.domain.errors import DomainError
from app.domain.zone_names import canonical

ZONE_COOKIE = "zone"


@dataclass(frozen=True)
class Reader:
    """`timezone` None: nothing is known about where the reader is."""

    timezone: str | None = None
    works_from: int = 540
    works_until: int = 1020
    days_off: frozenset[str] = frozenset({"sat", "sun"})
    source: str = ""
    """'profile', 'cookie' or ''."""


ProfileSource = Callable[[int], Reader | None]

profile_sources: list[ProfileSource] = []
"""Registered by the slice that keeps profiles: user id → Reader."""


def reader() -> Reader:
    """The reader of this request."""
    if "reader" not in g:
        g.reader = _from_profile() or _from_cookie() or Reader()
    return g.reader  # type: ignore[no-any-return]


def _from_profile() -> Reader | None:
    if not current_user.is_authenticated:
        return None
    return next((found for source in profile_sources if (found := source(current_user.id))), None)


def _from_cookie() -> Reader | None:
    name = request.cookies.get(ZONE_COOKIE, "")
    if not name:
        return None
    try:
        return Reader(timezone=canonical(name), source="cookie")
    except DomainError:
        return None
