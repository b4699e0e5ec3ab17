from flask import Flask

from app.scheduling.blueprint import bp


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
