"""Meridian as gunicorn serves it during the benchmarks: the same object that `wsgi:app` names, counted."""

from bench.counting import counting
from wsgi import app

application = counting(app, app.extensions["engine"])
