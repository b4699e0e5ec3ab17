"""The house itself: its standing pages, the time-zone chooser, health, closing an account."""

from flask import Flask

from app.home.views import bp, zone_clock


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
    app.jinja_env.globals["clock_in"] = zone_clock
