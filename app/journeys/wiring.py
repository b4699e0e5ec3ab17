from flask import Flask

from app.journeys import queries
from app.journeys.views import bp
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register the slice."""
    know(queries.organises_facts)
    app.register_blueprint(bp)
