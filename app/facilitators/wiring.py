from flask import Flask

from app.facilitators.blueprint import bp
from app.facilitators.views import absences as absences  # the views are registered by importing them
from app.facilitators.views import editing as editing
from app.facilitators.views import pages as pages


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
