"""Logging to standard error; secret addresses never reach a log line."""

import logging
import re
import sys

from flask import Flask

SECRETS = (
    re.compile(r"((?:/|%2F)calendar(?:/|%2F))[\w%-]{8,}", re.ASCII | re.IGNORECASE),
    re.compile(r"((?:/|%2F)(?:confirm-address|join-group)(?:/|%2F))[\w.%-]{8,}", re.ASCII | re.IGNORECASE),
    re.compile(r"((?:/|%2F)replies(?:/|%2F))[\w.%-]{8,}", re.ASCII | re.IGNORECASE),
    re.compile(r"((?:[?&]|%3F|%26)code(?:=|%3D))[^&\s\"']+", re.IGNORECASE),
)
"""What only the holder of an address may know of it, also where it stands inside another address."""


class Redacted(logging.Filter):
    """Blots out the tokens of addresses in whatever is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        return True


def redact(text: str) -> str:
    """`text` without the tokens of calendars, confirmations, groups and answers, and invitation codes."""
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
