"""The bare application as gunicorn serves it during the benchmarks, on the same database and counted alike.

It imports nothing of Meridian: neither its engine's habits nor its memory.
"""

import os

from sqlalchemy import create_engine

from bench.bare.application import create_bare
from bench.counting import counting

engine = create_engine(os.environ["DATABASE_URL"])
application = counting(create_bare(engine), engine)
