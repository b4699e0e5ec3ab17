"""From the moment to the mail: quiet hours, choices made meanwhile, and workers side by side."""

import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select

from app.database import db
from app.jobs import worker
from app.messages import delivery, recipients
from app.messages.kinds import Choice
from app.messages.models import MessageState, OutboxMessage
from app.notices.reminders import queue_reminders
from tests.factories import make_learning_session, make_offering
from tests.notices.reminders.crowds import crowd
from tests.people import pat, seat

SENDER = "Meridian <meridian@example.org>"
START = datetime(2027, 4, 22, 17, 30, tzinfo=UTC)
"""23:30 in Dhaka."""


@pytest.fixture
def sending(app, database, tmp_path, monkeypatch, time_machine):
    """Everything that is due at a moment is sent; answers with the subjects of all that was sent so far."""
    monkeypatch.setattr(worker, "periodic", {"notices.remind": timedelta(minutes=1)})
    monkeypatch.setattr(delivery, "_way", delivery.Way())
    delivery.configure(f"folder:{tmp_path}", SENDER, "http://127.0.0.1:8000", "x" * 40)

    def send(now):
        db.commit()
        time_machine.move_to(now)
        with app.app_context():
            worker.run_until_idle(lambda: now)
        mails = [
            message_from_bytes(one.read_bytes(), policy=policy.default) for one in tmp_path.glob("*.eml")
        ]
        subjects = [str(mail["Subject"]) for mail in mails]
        return sorted(one for one in subjects if "tells" in one and "You have a place" not in one)

    return send


@pytest.fixture
def late_evening(database):
    one = make_learning_session(title="What it tells")
    return seat(pat("Asia/Dhaka"), make_offering(one, wall=datetime(2027, 4, 22, 18, 30)))


def test_a_day_before_waits_for_the_end_of_quiet_hours_an_hour_before_does_not(sending, late_evening):
    """Each tells how far away it is when it is sent: in the morning it is today."""
    assert sending(START - timedelta(days=1)) == []
    assert sending(datetime(2027, 4, 22, 0, 59, tzinfo=UTC)) == []
    today = "Today: What it tells, Thu 22 April 23:30–01:00 Dhaka, UTC+6"
    assert sending(datetime(2027, 4, 22, 1, 0, tzinfo=UTC)) == [today]
    near = "In 60 minutes: What it tells, Thu 22 April 23:30–01:00 Dhaka, UTC+6"
    assert sending(START - timedelta(hours=1)) == [near, today]
    assert sending(START) == [near, today]


def test_who_switches_them_off_while_one_waits_gets_none(sending, late_evening):
    sending(START - timedelta(days=1))
    recipients.switch("pat@example.org", Choice.REMINDERS, False, START)
    assert sending(datetime(2027, 4, 22, 1, 0, tzinfo=UTC)) == []
    state = select(OutboxMessage.state).where(OutboxMessage.kind == "reminder")
    assert db.scalars(state).all() == [MessageState.EXPIRED]


def test_one_that_waited_too_long_is_not_sent_beside_the_nearer(sending, late_evening):
    """Quiet from 23:00 to 22:45: the day before comes when the hour before has come."""
    wishes = recipients.of_address("pat@example.org", START)
    wishes.quiet_from, wishes.quiet_until = 23 * 60, 22 * 60 + 45
    sending(START - timedelta(days=1))
    near = sending(START - timedelta(minutes=44))
    assert near == ["In 44 minutes: What it tells, Thu 22 April 23:30–01:00 Dhaka, UTC+6"]


def test_workers_side_by_side_write_each_once(app, real_database):
    """They find the same people at the same moment; no two of them wait for one another."""
    crowd(700)
    moment = datetime(2027, 4, 21, 12, 0, tzinfo=UTC)
    found, gate = [], threading.Barrier(4)

    def work():
        gate.wait()
        found.append(queue_reminders(moment - timedelta(minutes=3), moment))
        db.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(found) == 4
    assert sum(found) == 700
    assert db.scalar(select(func.count()).select_from(OutboxMessage)) == 700
