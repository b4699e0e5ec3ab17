"""What lies in the outbox, as its readers open it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.database import db
from app.messages.kinds import kinds
from app.messages.models import OutboxMessage
from tests.reader import Client


def letters(kind: str, to: str = "") -> list[OutboxMessage]:
    """The messages of a kind, the oldest first; to one address, if that is said."""
    found = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
    return list(db.scalars(found.where(OutboxMessage.to_address == to) if to else found))


def text_of(app: Flask, message: OutboxMessage) -> str:
    """What its reader reads."""
    with app.app_context():
        return kinds[message.kind].composer(message.payload).words("").text


def path_in(app: Flask, kind: str, page: str, to: str = "") -> str:
    """The path (with its query) of the link to a page in the newest letter of a kind."""
    text = text_of(app, letters(kind, to)[-1])
    found = re.search(rf"^(http\S+/{page}/\S+)$", text, re.MULTILINE)
    assert found is not None, text
    parts = urlsplit(found.group(1))
    assert f"{parts.scheme}://{parts.netloc}" == app.config["SITE_URL"]
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def sign_up(app: Flask, browser: Client, fields: Mapping[str, Any], page: str = "/sign-up") -> TestResponse:
    """Sign up, open the link of the letter in the same browser and press its button; where that leads."""
    sent = browser.submit(page, fields)
    assert (sent.status_code, sent.location) == (303, "/sign-up/sent"), sent.text
    link = path_in(app, "confirm-address", "confirm-address", str(fields["email"]).strip())
    return browser.submit(link)
