"""Random lives of a place and its sitting, looked at from outside: each reminder that is due is sent, once.

A model of a few lines says at each minute that matters what should have been queued; the real scan is asked
about the same life. Seeded, so that what fails can be had again.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db, writing
from app.domain.attendance import Way
from app.domain.reminders import Reminder
from app.enrolments import operations as enrolments
from app.jobs import operations as jobs
from app.jobs import worker
from app.messages import recipients
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed, compose
from app.messages.models import OutboxMessage
from app.notices.reminders import REMIND
from app.scheduling.operations import cancel, restore
from app.scheduling.revising import revise
from tests.factories import NOW, make_offering
from tests.people import pat
from tests.scheduling.telling import as_it_is

STEPS = 60
ACTS = [
    "take",
    "take",
    "take",
    "leave",
    "move",
    "move",
    "cancel",
    "restore",
    "restore",
    "prefer",
    *[None] * 8,
]
MINUTE = timedelta(minutes=1)


@dataclass
class Life:
    """What happened so far, as the model knows it."""

    start: datetime
    holds_since: datetime | None = None
    settled_at: datetime = NOW
    """When the sitting was last moved or restored."""
    is_cancelled: bool = False
    reminders: frozenset[Reminder] = frozenset({Reminder.DAY, Reminder.HOUR})
    sent: set[tuple[Reminder, datetime]] = field(default_factory=set)

    def due(self, since: datetime, now: datetime) -> set[tuple[Reminder, datetime]]:
        """What a round at `now` has to send, the last one having been at `since`."""
        if self.holds_since is None or self.is_cancelled:
            return set()
        return {
            (one, self.start)
            for one in self.reminders
            if since < one.moment(self.start) <= now < one.useless_from(self.start)
            and max(self.holds_since, self.settled_at) < one.moment(self.start)
        }


class World:
    """The same life in the database."""

    def __init__(self, chance):
        self.chance = chance
        self.offering = make_offering()
        self.person = pat()
        self.place = None
        self.journey = self.offering.learning_session.journey
        enrolments.enrol(self.journey, self.person, NOW)
        self.life = Life(self.offering.starts_at)

    def happen(self, now):
        """Something, by chance; most of the time nothing."""
        act = self.chance.choice(ACTS)
        if act is not None:
            getattr(self, act)(now)
            db.commit()

    def take(self, now):
        if self.life.holds_since is None and not self.life.is_cancelled and now < self.life.start:
            self.place = enrolments.take_place(self.offering, self.person, Way.ONLINE, now)
            self.life.holds_since = now

    def leave(self, now):
        if self.life.holds_since is not None and now < self.life.start - timedelta(days=3):
            enrolments.release_place(self.place, now)
            self.life.holds_since = None

    def move(self, now):
        if self.life.is_cancelled or self.life.start <= now:
            return
        start = now + timedelta(minutes=self.chance.choice([30, 90, 600, 1500, 2000, 9000, 12_000, 20_000]))
        wall = start.replace(tzinfo=None, second=0)
        change = revise(self.offering, as_it_is(self.offering, wall=wall, timezone="UTC"), now)
        if change is not None:
            self.life.start, self.life.settled_at = self.offering.starts_at, now

    def cancel(self, now):
        if not self.life.is_cancelled and now < self.life.start:
            cancel(self.offering, "", now)
            self.life.is_cancelled = True

    def restore(self, now):
        if self.life.is_cancelled and now < self.life.start:
            restore(self.offering, now)
            self.life.is_cancelled, self.life.settled_at = False, now

    def prefer(self, now):
        own = self.chance.choice([None, "", "1-week 1-day 1-hour", "1-week 1-day", "1-hour", "1-week"])
        recipients.of_address("pat@example.org", now).reminders = own
        usual = "1-day 1-hour" if own is None else own
        self.life.reminders = frozenset(Reminder(word) for word in usual.split())

    def round(self, since, now):
        """The worker looks; the model says what it must find and what it may: it looks back a little."""
        must, may = (self.life.due(from_, now) - self.life.sent for from_ in (since, since - 5 * MINUTE))
        with writing():
            jobs.add_for_slot(REMIND, MINUTE, now)
        while worker.run_one(lambda: now):
            pass
        found = self.queued()
        new = set(found) - self.life.sent
        assert must <= new <= may, (since, now, self.life)
        self.life.sent = set(found)
        for what, message in found.items():
            self.look(what, message, now, is_new=what in new)

    def look(self, what, message, now, *, is_new):
        """What was just queued can be sent, unless a change waits to be told; what is not true cannot."""
        reminder, start = what
        life = self.life
        is_true = (
            start == life.start and life.holds_since is not None and not life.is_cancelled and now < start
        )
        is_wanted = is_true and reminder in life.reminders
        try:
            compose(message, "Meridian <meridian@example.org>")
        except Postponed as until:
            became = now < until.until <= now + timedelta(minutes=32)
        except NoLongerNeeded:
            became = not is_new and not is_wanted
        else:
            became = is_wanted
        assert became, (what, now, life)
        db.rollback()

    def queued(self):
        """Everything that was ever queued; nothing twice."""
        kinds = OutboxMessage.kind.in_(("reminder", "reminder-soon"))
        found = {}
        for one in db.scalars(select(OutboxMessage).where(kinds)):
            what = Reminder(one.payload["what"]), datetime.fromisoformat(one.payload["begins_at"])
            assert what not in found
            found[what] = one
        return found


def later(chance, now, life):
    """The next moment at which the worker looks: soon, or when something is due, or after it was down."""
    moments = [one.moment(life.start) + by * MINUTE for one in Reminder for by in (-1, 0, 1, 90)]
    near = [one for one in moments if one > now]
    choices = [now + MINUTE, now + 20 * MINUTE, now + timedelta(hours=chance.randint(1, 30))]
    return chance.choice([*choices, *near[:2] * 4])


@pytest.mark.parametrize("seed", [112, 113, 126, 171, 181, 182, 202, 209])
def test_each_reminder_that_is_due_is_sent_once_and_no_other(app, database, time_machine, seed):
    run(app, time_machine, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(500, 600))
def test_the_same_of_many_lives(app, database, time_machine, seed):
    run(app, time_machine, seed)


def run(app, time_machine, seed):
    chance = random.Random(seed)  # noqa: S311  # chance, not secrets
    with app.app_context():
        world, now = World(chance), NOW
        world.take(now)
        db.commit()
        for _ in range(STEPS):
            since, now = now, later(chance, now, world.life)
            between = since + (now - since) * chance.random()
            between = between.replace(second=0, microsecond=0)
            time_machine.move_to(max(between, since))
            world.happen(max(between, since))
            time_machine.move_to(now)
            world.round(since, now)
            if now > world.life.start:
                break
    return len(world.life.sent)
