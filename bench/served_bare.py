"""The bare application as gunicorn serves it during the benchmarks, on the same database and counted alike.

It imports nothing of Meridian: neither its engine's habits nor its memory.
"""

import os

from sqlalchemy import create_engine

from bench.bare.application import create_bare
from bench.bare.calendars import add_calendars
from bench.bare.taking import add_taking
from bench.counting import counting

engine = create_engine(os.environ["DATABASE_URL"])
bare = create_bare(engine)
if os.environ.get("BENCH_TAKING"):
    add_taking(bare, engine)
if os.environ.get("BENCH_CALENDARS"):
    add_calendars(bare, engine)
application = counting(bare, engine)
