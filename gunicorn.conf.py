"""How gunicorn runs Meridian: it reads this file in the folder it is started in, and its options win over it.

The application is loaded, its templates are compiled and a few pages are read before the workers are forked,
so that they share the memory of all that and nobody waits for it. docs/performance.md has the figures.
"""

import gc
import os
import re
from typing import Any

from flask import Flask

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or 8000}"
preload_app = True
worker_class = "gthread"
threads = 4
control_socket_disable = True
"""Else gunicorn 27 opens a socket below the user's home folder, which a service user may not have."""

PAGES = ("/", "/sign-in", "/sign-up", "/time-zone")
LINKS = (
    r'"(/journeys/[\w-]+/)"',
    r'"(/journeys/[\w-]+/sessions/[\w-]+/)"',
    r'"(/toolkits/[\w-]+/)"',
    r'"(/facilitators/[\w-]+/)"',
)


def when_ready(server: Any) -> None:
    """Warm up; then close the connections to the database, which processes cannot share, and let the garbage
    collector leave alone what they do share.
    """
    application = server.app.wsgi()
    _warm_up(application)
    application.extensions["engine"].dispose()
    gc.collect()
    gc.freeze()


def _warm_up(application: Flask) -> None:
    """Compile the templates; read the pages everybody reads, and one of each kind that they lead to."""
    for name in application.jinja_env.list_templates():
        application.jinja_env.get_template(name)
    visitor = application.test_client()
    text = "".join(visitor.get(page).text for page in PAGES)
    for link in LINKS:
        if found := re.search(link, text):
            text += visitor.get(found.group(1)).text
