"""Many guesses at the same moment are counted one after another."""

import threading

from sqlalchemy import Engine, func, select

from app.accounts.attempts import SIGN_IN_ACCOUNT, TooMany, count
from app.accounts.models import Attempt
from app.database import db, writing
from tests.factories import NOW


def test_twenty_guesses_at_once_are_five(real_database: Engine):
    answers: list[TooMany | None] = []
    start = threading.Barrier(20)

    def guess() -> None:
        start.wait()
        try:
            with writing():
                answers.append(count(((SIGN_IN_ACCOUNT, "a" * 64),), NOW))
        finally:
            db.remove()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert answers.count(None) == 5
    assert db.scalar(select(func.count(Attempt.id))) == 5
