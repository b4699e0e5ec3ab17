"""Logging to standard error; secret addresses never reach a log line."""

import logging
import re
import sys

from flask import Flask

_SLASH = r"(?:/|%(?:25)*2F)"
"""As it is, and as it is written inside another address, or in one inside that."""
SECRETS = tuple(
    re.compile(rf"({kept}){secret}", re.ASCII | re.IGNORECASE)
    for kept, secret in (
        (f"{_SLASH}calendar{_SLASH}", r"[\w%-]{8,}"),
        (f"{_SLASH}(?:confirm-address|new-password|join-group|replies|stop){_SLASH}", r"[\w.%-]{8,}"),
        (r"(?:[?&]|%(?:25)*3F|%(?:25)*26)code(?:=|%(?:25)*3D)", r"[^&\s\"']+"),
    )
)
"""What only the holder of an address may know of it, also where it stands inside another address."""


class Redacted(logging.Filter):
    """Blots out the tokens of addresses in whatever is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        return True


def redact(text: str) -> str:
    """`text` without the tokens of calendars, confirmations, new passwords, groups, answers and links that
    stop mail, and without invitation codes.
    """
    for secret in SECRETS:
        text = secret.sub(r"\1…", text)
    return text


def init_app(app: Flask) -> None:
    """Send our log to standard error, redacted, and the server's access log through the same filter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Redacted())
    for name in ("meridian", "app"):
        ours = logging.getLogger(name)
        ours.handlers = [handler]
        ours.setLevel(app.config["SETTINGS"].log_level)
    for name in ("werkzeug", "waitress", "gunicorn.access", "gunicorn.error"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, Redacted) for one in logger.filters):
            logger.addFilter(Redacted())
