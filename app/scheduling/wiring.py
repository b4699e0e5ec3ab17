from flask import Flask

from app.scheduling import keeping as keeping  # its periodic work is registered by importing it
from app.scheduling import telling as telling  # likewise
from app.scheduling.blueprint import bp
from app.scheduling.cli import commands as zones
from app.scheduling.views import agenda as agenda  # the views are registered by importing them
from app.scheduling.views import changing as changing
from app.scheduling.views import interest as interest
from app.scheduling.views import learning_sessions as learning_sessions
from app.scheduling.views import panel as panel
from app.scheduling.views import series as series
from app.scheduling.views import sittings as sittings
from app.scheduling.views import tell_now as tell_now
from app.scheduling.views import venues as venues
from app.scheduling.views import zones_of_journeys as zones_of_journeys


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
    app.cli.add_command(zones)
