"""Beginning and ending a signed-in visit, and telling callers apart without keeping who they are."""

import hashlib
import hmac
import ipaddress
import secrets
from typing import Any

from flask import current_app, g, request
from flask import session as cookie
from flask_login import login_user, logout_user

BROWSER = "browser"


def begin(user: Any) -> None:
    """Sign `user` in on this browser. Nothing of the cookie before survives, its CSRF secret included."""
    cookie.clear()
    login_user(user)
    cookie.permanent = True
    _forget_reader()


def end() -> None:
    """Sign out on this browser; nothing of the cookie survives."""
    logout_user()
    cookie.clear()
    _forget_reader()


def client() -> str:
    """The network address of the caller; of IPv6 the network, since one household has very many."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def keyed(text: str) -> str:
    """A hash of `text` that only this site can make: enough to count, useless to whoever reads it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"attempts:" + text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def browser_mark() -> str:
    """What stands for this browser until somebody signs in or out on it.

    A keyed hash of a random number in its cookie, put there at the first question; whoever reads the mark
    cannot make the cookie of it.
    """
    return keyed(f"browser {cookie.setdefault(BROWSER, secrets.token_urlsafe(16))}")


def is_marked() -> bool:
    """Whether this browser has been given a mark; asking gives none."""
    return BROWSER in cookie


def _forget_reader() -> None:
    g.pop("actor", None)
    g.pop("reader", None)
