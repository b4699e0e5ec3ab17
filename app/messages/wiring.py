"""Outbox and delivery of messages. Knows no noun: who has something to say registers a kind."""

from flask import Flask

from app.messages import delivery
from app.messages.cli import outbox


def init_app(app: Flask) -> None:
    """Register the slice."""
    settings = app.config["SETTINGS"]
    delivery.configure(settings.mail_url, settings.mail_from, settings.site_url, settings.secret_key)
    app.cli.add_command(outbox)
