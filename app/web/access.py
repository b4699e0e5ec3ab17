"""Permissions at the door: `@requires` loads the thing, asks the rule, and hands the thing to the view."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from flask import Flask, abort, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Executable, Integer, bindparam, union_all

from app.database import Facts, begin_writing, db
from app.domain.errors import NotConfirmed
from app.domain.permissions import (
    SEEN_FIRST,
    SIGHT,
    STRANGER,
    Actor,
    OrganiserRole,
    Permission,
    awaits_confirmation,
    may,
)
from app.web.methods import SAFE_METHODS
from app.web.transactions import end_transaction

Loader = Callable[..., Any]
FactsQuery = Callable[[int], Facts]

actor_facts: list[FactsQuery] = []
"""What slices know about a signed-in user: queries giving rows of (kind, id, text)."""


def know(*facts: FactsQuery) -> None:
    """Let a slice add what it knows; adding the same again (a second application) changes nothing."""
    actor_facts.extend(one for one in facts if one not in actor_facts)


class LATER:
    """Said of a view that does slow work first and calls `begin_writing` itself."""


def requires(
    permission: Permission, of: Loader | None = None, writes: type[LATER] | None = None
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Declare the permission of a view.

    `of` is called with the values of the URL and gives the target, or None (404), or raises Moved for an
    old address. The view is called with the target instead of those values. Anonymous and not allowed: 303
    to sign-in. Target not visible: 404. Visible and not allowed: 403, and as
    NotConfirmed when nothing else is missing.
    """

    def declare(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            if request.method not in SAFE_METHODS and writes is None:
                begin_writing()
            if permission is Permission.ACCOUNT and not current_actor().is_signed_in:
                return sign_in_first()  # whose thing it is shows only then
            if of is None:
                target, arguments = None, values
            else:
                target, arguments = of(**values), {}
                if target is None:
                    abort(404)
            refusal = _refusal(permission, target)
            if refusal is not None:
                return refusal
            answer = make_response(view(target, **arguments) if of is not None else view(**arguments))
            end_transaction(answer)
            return answer

        guarded.__permission__ = permission  # type: ignore[attr-defined]
        return guarded

    return declare


def current_actor() -> Actor:
    """The facts about who asks; loaded at the first question, with one query for people signed in."""
    if "actor" not in g:
        g.actor = _load_actor()
    return g.actor  # type: ignore[no-any-return]


def can(permission: str, target: Any = None) -> bool:
    """The same rule, for templates: `can("journey:run", journey)`."""
    return may(current_actor(), Permission(permission), target)


def check_views(app: Flask) -> None:
    """Stop the start-up when a view declares no permission."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "__permission__"):
            raise RuntimeError(f"The view {endpoint} declares no permission; add @requires(…).")


def sign_in_first() -> ResponseReturnValue:
    """Send a stranger to sign in, and back here afterwards."""
    here = request.full_path.rstrip("?") if request.method in SAFE_METHODS else page_before("/me/")
    return redirect(url_for("accounts.sign_in", next=here), 303)


def page_before(otherwise: str) -> str:
    """The path of the page that somebody came from, when it is one of this site and is told."""
    return _local_referrer() or otherwise


def _local_referrer() -> str | None:
    referrer = request.referrer or ""
    if not referrer.startswith(request.host_url):
        return None
    return referrer.removeprefix(request.host_url.rstrip("/"))


def _refusal(permission: Permission, target: Any) -> ResponseReturnValue | None:
    if permission is Permission.PUBLIC:
        return None  # nobody need be asked who they are: a static file costs no query
    actor = current_actor()
    if may(actor, permission, target):
        return None
    seen = SEEN_FIRST.get(permission)
    if permission in SIGHT or (seen is not None and not may(actor, seen, target)):
        abort(404)
    if awaits_confirmation(actor, permission, target):
        raise NotConfirmed()
    if actor.is_signed_in:
        abort(403)
    return sign_in_first()


def actor_of(
    user_id: int, is_administrator: bool, is_organiser: bool = False, has_confirmed_address: bool = False
) -> Actor:
    """The facts about one account, with one query; for what its holder is shown elsewhere (feed, mail)."""
    rows = db.execute(_facts(tuple(actor_facts)), {"user": user_id}).all()
    by_kind: dict[str, dict[int, str]] = {}
    for kind, number, text in rows:
        by_kind.setdefault(kind, {})[number] = text
    return Actor(
        user_id=user_id,
        participant_id=next(iter(by_kind.get("participant", {})), None),
        has_confirmed_address=has_confirmed_address,
        mail_comes_back="mail-comes-back" in by_kind,
        is_administrator=is_administrator,
        is_organiser=is_organiser,
        organises={number: OrganiserRole(role) for number, role in by_kind.get("organises", {}).items()},
        enrolled_in=frozenset(by_kind.get("enrolled", {})),
        confirmed_in=frozenset(by_kind.get("confirmed", {})),
        facilitates=frozenset(by_kind.get("facilitates", {})),
        focal_for=frozenset(by_kind.get("focal", {})),
    )


@cache
def _facts(sources: tuple[Callable[..., Facts], ...]) -> Executable:
    """The union of all sources, composed once."""
    return union_all(*(facts(bindparam("user", type_=Integer)) for facts in sources))


def _load_actor() -> Actor:
    if not current_user.is_authenticated:
        return STRANGER
    return actor_of(
        current_user.id,
        current_user.is_administrator,
        current_user.is_organiser,
        current_user.email_confirmed_at is not None,
    )
