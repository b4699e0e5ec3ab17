from flask import Flask

from app.toolkits.views import bp


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(bp)
