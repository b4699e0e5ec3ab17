"""Calendar files and feeds: what calendar programs outside this site are given."""

from flask import Flask

from app.calendars.blueprint import bp
from app.calendars.cli import mail
from app.calendars.views import add_links as add_links  # the views are registered by importing them
from app.calendars.views import agenda as agenda
from app.calendars.views import desk as desk
from app.calendars.views import files as files
from app.calendars.views import following as following
from app.calendars.views import mine as mine
from app.calendars.views import replying as replying


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
    app.cli.add_command(mail)
