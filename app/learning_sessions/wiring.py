from flask import Flask

from app.learning_sessions import keeping as keeping  # its periodic work is registered by importing it
from app.learning_sessions import queries
from app.learning_sessions.views import bp
from app.web.access import know


def init_app(app: Flask) -> None:
    """Register the slice."""
    know(queries.facilitates_facts)
    app.register_blueprint(bp)
