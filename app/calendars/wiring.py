"""Calendar files and feeds: what calendar programs outside this site are given."""

from flask import Flask

from app.calendars.views import bp


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
