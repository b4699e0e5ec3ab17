"""The tests' own ground: the network is shut, what a test writes is gone after it, both engines are real."""

import socket

import pytest
from sqlalchemy import func, select, text

from app.database import db
from app.jobs.models import Job
from app.jobs.operations import add
from tests.jobs.test_worker import NOON


def test_tests_stay_on_this_machine():
    with pytest.raises(RuntimeError, match="stay on this machine"), socket.socket() as opened:
        opened.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match="stay on this machine"):
        socket.create_connection(("meridian.example", 80))


@pytest.mark.parametrize("_time", ["first", "second"])
def test_what_a_test_commits_is_gone_after_it(database, _time):
    assert db.scalar(select(func.count(Job.id))) == 0
    add("greet", {}, NOON)
    db.commit()
    add("greet", {}, NOON)
    db.rollback()
    assert db.scalar(select(func.count(Job.id))) == 1


def test_the_engine_is_the_one_asked_for(database, engine_name):
    version = {"sqlite": "select sqlite_version()", "postgres": "select version()"}[engine_name]
    assert db.scalar(text(version))


def test_query_counter_counts_statements(database, query_counter):
    with query_counter() as counted:
        db.scalar(select(func.count(Job.id)))
        db.commit()
    assert counted.count == 1
