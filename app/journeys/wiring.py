from flask import Flask

from app.journeys import queries
from app.journeys.blueprint import bp
from app.journeys.views import desk as desk  # the views are registered by importing them
from app.journeys.views import pages as pages
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register the slice."""
    know(queries.organises_facts)
    app.register_blueprint(bp)
