"""The letters about an account itself: whom its address belongs to, and its password.

What opens something is made when the letter is sent, so that nothing that is stored opens it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from app.accounts import addresses, letters, resetting
from app.accounts.models import User
from app.accounts.queries import by_id
from app.messages import operations as messages
from app.messages.composed import Composed, NoLongerNeeded
from app.notices.language import Language, language_of
from app.notices.letters import Go, Letter, Line, Link, Part, composed
from app.notices.times import point
from app.participants.queries import hours_of
from app.web.redirects import local_path
from app.web.templating import address_of, site_url

GOOD_FOR = {letters.CONFIRM_ADDRESS: addresses.VALID, letters.PASSWORD_RESET: resetting.VALID}
"""How long a letter that asks for something is worth sending."""


def put(kind: str, user: User, facts: Mapping[str, str], now: datetime) -> None:
    """Put a letter into the outbox.

    To an address that nobody has confirmed no name is told: whoever typed the one may have typed the other,
    as an advertisement for somebody else to read.
    """
    payload = {"user_id": user.id} | {name: value for name, value in facts.items() if value}
    name = user.name if user.email_confirmed_at is not None else ""
    expires_at = now + GOOD_FOR[kind] if kind in GOOD_FOR else None
    messages.queue(kind, user.email, name, payload, now, expires_at=expires_at)


def about_address(payload: Mapping[str, Any]) -> Composed:
    """The letter with the link; silent when the address is confirmed or the account gone."""
    user = _whose(payload)
    if user.email_confirmed_at is not None:
        raise NoLongerNeeded("the address is confirmed")
    _ = language_of(user.email)
    token = addresses.token_for(user, _key(), payload.get("browser", ""))
    parts: list[Part] = [
        _who_asks(_, "is_again" in payload),
        Go(
            _("Confirm this address"),
            address_of("accounts.confirm_address", token=token, **_next(payload)),
        ),
        Line(_("The link works for three days.")),
        Link(_("If you do not know the password, set a new one:"), _forgotten()),
        Line(_("If it was not you, do nothing: the address stays unconfirmed."), is_quiet=True),
    ]
    return _written(_, _("Confirm your address for Meridian"), _("Confirm your address"), parts)


def about_sign_up(payload: Mapping[str, Any]) -> Composed:
    """To the owner of an address with which somebody has signed up again."""
    user = _whose(payload)
    _ = language_of(user.email)
    parts: list[Part] = [
        Line(
            _(
                "Somebody, most likely you, has just tried to sign up at Meridian with this address. It has "
                "an account already, and nothing in it was changed."
            )
        ),
        Go(_("Sign in"), address_of("accounts.sign_in", **_next(payload))),
        Link(_("If you have forgotten your password, set a new one:"), _forgotten()),
        Line(
            _("If it was not you, do nothing. Whoever it was has not been told that you have an account."),
            is_quiet=True,
        ),
    ]
    title = _("You have an account already")
    return _written(_, _("You have an account at Meridian already"), title, parts, user.name)


def about_reset(payload: Mapping[str, Any]) -> Composed:
    """The letter with the link to a new password; silent when the password has changed since."""
    user = _whose(payload)
    if payload["stamp"] != resetting.mark_of(user):
        raise NoLongerNeeded("the password has changed since")
    _ = language_of(user.email)
    token = resetting.token_for(user, _key())
    parts: list[Part] = [
        Line(_("Somebody, most likely you, has asked for a new password for the account with this address.")),
        Go(_("Choose a new password"), address_of("accounts.new_password", token=token, **_next(payload))),
        Line(_("The link works once, and for an hour.")),
        Line(_("If it was not you, do nothing: your password stays as it is."), is_quiet=True),
    ]
    return _written(_, _("A new password for Meridian"), _("Choose a new password"), parts)


def about_change(payload: Mapping[str, Any]) -> Composed:
    """That the password was changed, and when."""
    user = _whose(payload)
    _, found = language_of(user.email), hours_of(user.id)
    at = datetime.fromisoformat(payload["at"])
    told = point(_, at, found.timezone if found is not None else "Etc/UTC")
    parts: list[Part] = [
        Line(
            _(
                "The password of your account was changed on {when}. Everywhere but where that was done you "
                "are signed out.",
                when=told,
            )
        ),
        Link(
            _("If it was not you, set a new one at once; that signs out whoever did it:"),
            _forgotten(),
        ),
    ]
    title = _("Your password was changed")
    return _written(_, _("Your password for Meridian was changed"), title, parts, user.name)


def _who_asks(_: Language, is_again: bool) -> Line:
    if is_again:
        return Line(
            _(
                "Somebody, most likely you, has signed up at Meridian with this address. It has an account "
                "from before, which waits to be confirmed; nothing in it was changed. Open the page below, "
                "sign in with the password of that account, and press its button."
            )
        )
    return Line(
        _(
            "Somebody, most likely you, has made an account at Meridian with this address. Confirm that mail "
            "to it reaches you: open the page below and press its button. In another browser than the one "
            "you signed up with you are asked for your password first."
        )
    )


def _written(_: Language, subject: str, title: str, parts: Sequence[Part], name: str = "") -> Composed:
    greeting = _("Dear {name},", name=name) if name else _("Good day,")
    why = _("You get this because this address was given at {site}.", site=site_url("/"))
    return composed(Letter(subject, greeting, title, parts, why), _)


def _whose(payload: Mapping[str, Any]) -> User:
    user = by_id(int(payload["user_id"]))
    if user is None:
        raise NoLongerNeeded("the account is closed")
    return user


def _next(payload: Mapping[str, Any]) -> dict[str, str]:
    following = local_path(payload.get("following"), "")
    return {"next": following} if following else {}


def _forgotten() -> str:
    return address_of("accounts.forgotten")


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
