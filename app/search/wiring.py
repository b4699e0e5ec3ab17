from flask import Flask

from app.search import follow_page as follow_page  # its view is registered by importing it
from app.search import keeping
from app.search.cli import commands
from app.search.views import bp


def init_app(app: Flask) -> None:
    """Register the slice."""
    keeping.listen()
    app.register_blueprint(bp)
    app.cli.add_command(commands)
