from flask import Flask

from app.enrolments import queries
from app.enrolments.blueprint import bp
from app.enrolments.views import entering as entering  # the views are registered by importing them
from app.enrolments.views import interest as interest
from app.enrolments.views import my_learning as my_learning
from app.enrolments.views import places as places
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register the slice."""
    know(queries.enrolled_facts, queries.confirmed_facts, queries.focal_facts)
    app.register_blueprint(bp)
