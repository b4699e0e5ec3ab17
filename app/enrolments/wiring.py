from flask import Flask

from app.enrolments import queries
from app.enrolments.views import bp
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register the slice."""
    know(queries.enrolled_facts, queries.confirmed_facts)
    app.register_blueprint(bp)
