"""The ordeal with its figures: `python -m tests.messages.fire [messages] [seed]`, on both engines."""

import secrets
import sys
import tempfile
from pathlib import Path

from app import schema
from app.database import connect
from tests.messages.fire.ordeal import Ordeal
from tests.postgres.server import TemporaryPostgres


def main(messages: int = 5000, seed: int = 0) -> int:
    """Both engines; 1 when anything was wrong."""
    seed, kills = seed or secrets.randbits(32), max(2, messages // 200)
    print(f"Seed {seed}.")
    with tempfile.TemporaryDirectory(prefix="fire-") as folder:
        wrong = _run("SQLite", f"sqlite:///{Path(folder) / 'fire.db'}", messages, 1, kills, seed)
    with TemporaryPostgres() as server:
        return max(wrong, _run("PostgreSQL", server.create("fire"), messages, 3, kills, seed))


def _run(name: str, url: str, messages: int, workers: int, kills: int, seed: int) -> int:
    schema.upgrade(url)
    engine = connect(url)
    found = Ordeal(url, messages, workers, kills, seed).run()
    engine.dispose()
    print(f"{name}: {found}", flush=True)
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
