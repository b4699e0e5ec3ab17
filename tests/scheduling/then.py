"""Meridian at another moment: `python -m tests.scheduling.then MOMENT COMMAND…`, in a process of its own.

PYTHONTZPATH is read when a process starts, as at a restart of the site. Each COMMAND is one argument. Besides
the application's own there are `plan` (make the sitting of the story and two that no rule touches) and
`get PATH`. What they print is told apart by lines with a BETWEEN.
"""

import sys
from collections.abc import Sequence
from datetime import datetime

import time_machine
from flask import Flask

from app import create_app
from app.database import writing
from app.web.clock import now
from tests.factories import make_journey, make_learning_session, make_offering

BETWEEN = "=" * 40

PLANNED = datetime(2023, 4, 12, 10, 0)


def plan() -> None:
    """Three sittings of one journey: in Mexico, in London, and one in Mexico that is over."""
    with writing():
        journey = make_journey("Sesiones de otoño", timezone="America/Mexico_City", now=now())
        for title, timezone, wall in (
            ("Pagar por resultados", "America/Mexico_City", PLANNED),
            ("Paying for results", "Europe/London", PLANNED),
            ("Lo que fue", "America/Mexico_City", datetime(2022, 7, 1, 10, 0)),
        ):
            learning_session = make_learning_session(journey, title, now=now())
            make_offering(learning_session, wall=wall, timezone=timezone, now=now())


def run(app: Flask, words: Sequence[str]) -> int:
    """Do one thing; its exit status."""
    if words[0] == "plan":
        with app.app_context():
            plan()
        return 0
    if words[0] == "get":
        answer = app.test_client().get(words[1])
        print(answer.get_data(as_text=True))
        return 0 if answer.status_code == 200 else answer.status_code
    told = app.test_cli_runner().invoke(args=list(words))
    print(told.output, end="")
    return told.exit_code


def main(moment: str, *commands: str) -> int:
    """Do one thing after another, as long as they succeed; the exit status."""
    with time_machine.travel(datetime.fromisoformat(moment)):
        app = create_app()
        for command in commands:
            status = run(app, command.split())
            if status != 0:
                return status
            print(BETWEEN)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
