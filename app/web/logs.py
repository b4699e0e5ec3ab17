"""Logging to standard error; secret addresses never reach a log line."""

import logging
import re
import sys

from flask import Flask

SECRET = re.compile(r"(/calendar/)[A-Za-z0-9_-]{8,}")


class Redacted(logging.Filter):
    """Blots out calendar tokens in whatever is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        return True


def redact(text: str) -> str:
    """`text` without calendar tokens."""
    return SECRET.sub(r"\1…", text)


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
