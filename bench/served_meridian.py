"""Meridian as gunicorn serves it during the benchmarks: the same object that `wsgi:app` names, counted."""

from bench.counting import counting
from wsgi import app

app.wsgi_app = counting(app.wsgi_app, app.extensions["engine"])  # type: ignore[method-assign, assignment]
application = app
