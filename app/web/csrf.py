"""Cross-site request forgery: a secret in the signed cookie, a masked copy of it in every form.

The copy is masked anew for each response, so that compressing a page tells nothing about the secret. It
has no time limit. A form whose token fails comes back like any other refused form, with what was typed.
"""

import secrets
from typing import Any

from flask import g
from flask import session as cookie
from wtforms import ValidationError
from wtforms.csrf.core import CSRF

BYTES = 20


def token() -> str:
    """A masked token for one form of one response."""
    secret = bytes.fromhex(cookie.setdefault("csrf", secrets.token_hex(BYTES)))
    pad = secrets.token_bytes(BYTES)
    return (pad + bytes(a ^ b for a, b in zip(pad, secret, strict=True))).hex()


def matches(text: str) -> bool:
    """Whether a token that came with a request belongs to the cookie that came with it."""
    secret = cookie.get("csrf")
    try:
        masked = bytes.fromhex(text or "")
    except ValueError:
        return False
    if not secret or len(masked) != 2 * BYTES:
        return False
    plain = bytes(a ^ b for a, b in zip(masked[:BYTES], masked[BYTES:], strict=True))
    return secrets.compare_digest(plain, bytes.fromhex(secret))


def insist() -> None:
    """Stop a commit for which no form checked its token: a view that forgot must not work."""
    if not g.get("csrf_checked"):
        raise RuntimeError("An unsafe request was answered without checking its CSRF token.")


def is_not_of_a_visit() -> None:
    """Say that the request is allowed by a signed secret of its own, and by no cookie: other sites, which do
    not know the secret, cannot send it.
    """
    g.csrf_checked = True


class MaskedToken(CSRF):  # type: ignore[misc]  # WTForms has no types
    """What WTForms asks for a form's token field."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return token()

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        if not matches(field.data):
            raise ValidationError(
                "This form had lost its link to your visit, perhaps because you signed in or out in another "
                "window or cookies are off. Nothing was changed; please send it once more."
            )
        g.csrf_checked = True
