"""Meridian: learning journeys across time zones. The whole assembly is on this screen."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import database_cli
from app.accounts import wiring as accounts
from app.calendars import wiring as calendars
from app.config import Settings, from_environment
from app.copies import wiring as copies
from app.database import connect
from app.domain.timezones import use_packaged_zone_data
from app.enrolments import wiring as enrolments
from app.facilitators import wiring as facilitators
from app.home import wiring as home
from app.jobs import wiring as jobs
from app.journeys import wiring as journeys
from app.learning_sessions import wiring as learning_sessions
from app.messages import wiring as messages
from app.notices import wiring as notices
from app.participants import wiring as participants
from app.scheduling import wiring as scheduling
from app.search import wiring as search
from app.toolkits import wiring as toolkits
from app.web import access, compression, errors, logs, security, static, templating, transactions

SLICES = (
    database_cli,
    jobs,
    accounts,
    participants,
    facilitators,
    messages,
    journeys,
    learning_sessions,
    enrolments,
    scheduling,
    toolkits,
    copies,
    calendars,
    notices,
    search,
    home,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application: configuration, database, web, slices.

    Raises ConfigError for a wrong setting and RuntimeError for a view without a permission.
    """
    settings = settings or from_environment()
    use_packaged_zone_data()
    app = Flask(__name__, static_folder=None, template_folder=Path(__file__).parent.parent / "templates")
    app.config.from_mapping(flask_settings(settings))
    app.extensions["engine"] = connect(settings.database_url)
    logs.init_app(app)
    errors.init_app(app)
    compression.init_app(app)
    security.init_app(app)
    transactions.init_app(app)
    templating.init_app(app)
    static.init_app(app)
    for one in SLICES:
        one.init_app(app)
    access.check_views(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def flask_settings(settings: Settings) -> dict[str, object]:
    """What Flask and its extensions read, made from our settings."""
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SITE_URL": settings.site_url,
        "SESSION_COOKIE_NAME": "meridian",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "WTF_CSRF_ENABLED": True,
        "PROPAGATE_EXCEPTIONS": False,
    }
