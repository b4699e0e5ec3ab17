from flask import Flask

from app.journeys import queries
from app.journeys.blueprint import bp
from app.journeys.views import deleting as deleting  # the views are registered by importing them
from app.journeys.views import desk as desk
from app.journeys.views import editing as editing
from app.journeys.views import managing as managing
from app.journeys.views import organisers as organisers
from app.journeys.views import pages as pages
from app.journeys.views import parts as parts
from app.journeys.views import previewing as previewing
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register the slice."""
    know(queries.organises_facts)
    app.register_blueprint(bp)
