"""What holds whatever organisers, participants, workers and mail servers do, in whatever order."""

import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.difference import Stand, what_changed
from app.domain.timezones import Promise
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.enrolments.seating import LIVE
from app.learning_sessions.sittings import Days
from app.messages import operations as outbox
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed
from app.messages.models import MessageState, OutboxMessage
from app.notices.changes_known import changed
from app.notices.pending import wait_for_changes
from app.scheduling import operations
from app.scheduling.course import course_of
from app.scheduling.recording import stand_of
from tests.factories import NOW, make_offering, make_participant, make_venue
from tests.notices.changes.telling import end, messages_to, told
from tests.scheduling.telling import as_it_is

STEPS = 60
ACTS = [
    "move", "move", "days", "elsewhere", "cancel", "restore", "restore", "join", "leave", "tell", "tell",
    "tell", "mail", "mail", "mail", "begin", "begin", "arrive", "lose", "letter", "letter",
]  # fmt: skip
HOURS, DAYS = (9, 13, 17), (22, 23)
WAITING = (MessageState.QUEUED,)


class World:
    """One sitting, its people, and what each of them really knows of it.

    `knows`: from when they asked for their place, or a message about a change; `read`: from any letter.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311  # a seed, so that it can be repeated
        self.now = NOW
        self.venues = [make_venue("Training centre"), make_venue("Library")]
        self.offering = make_offering(
            attendance=Attendance.BOTH, venue=self.venues[0], capacity_online=2, timezone="Europe/London"
        )
        self.knows: dict[int, Stand] = {}
        self.read: dict[int, Stand] = {}
        self.people = [self._somebody(f"Person {seed} {number}") for number in range(3)]
        self.sent = set()
        self.travelling = {}

    def _somebody(self, name):
        person = make_participant(name, timezone=self.random.choice(["Asia/Dhaka", "America/Bogota"]))
        person.email = f"{name.replace(' ', '.')}@example.org"
        enrolments.enrol(self.offering.learning_session.journey, person, NOW)
        enrolments.take_place(self.offering, person, self.random.choice(list(Way)), NOW)
        self.knows[person.id] = self.read[person.id] = self.stand()
        return person

    def stand(self):
        """How the sitting stands."""
        one = self.offering
        stored = stand_of(one)
        names = ("timezone", "starts_wall", "starts_at", "ends_at", "first_on", "last_on", "place")
        return Stand(**{name: stored[name] for name in names}, is_cancelled=one.is_cancelled)

    def act(self):
        self.now += timedelta(minutes=self.random.randint(1, 12))
        getattr(self, self.random.choice(ACTS))()
        db.commit()

    def move(self):
        if not self.offering.is_cancelled:
            wall = datetime(2027, 4, self.random.choice(DAYS), self.random.choice(HOURS))
            self.revise(when=Promise(wall, "Europe/London", 0, 90))

    def days(self):
        if not self.offering.is_cancelled:
            day = date(2027, 4, self.random.choice(DAYS))
            self.revise(when=Days(day, day, "Europe/London"))

    def elsewhere(self):
        if not self.offering.is_cancelled:
            self.revise(venue=self.random.choice(self.venues))

    def revise(self, **changes):
        operations.revise(self.offering, as_it_is(self.offering, **changes), self.now)

    def cancel(self):
        operations.cancel(self.offering, "It is called off.", self.now)

    def restore(self):
        operations.restore(self.offering, self.now)

    def join(self):
        person = self.random.choice(self.people)
        if self.place_of(person) is None and not self.offering.is_cancelled:
            way = self.random.choice([Way.ONLINE, Way.IN_PERSON])
            enrolments.take_place(self.offering, person, way, self.now)
            self.knows[person.id] = self.read[person.id] = self.stand()

    def leave(self):
        place = self.place_of(self.random.choice(self.people))
        if place is not None and place.participant_id not in self.travelling:
            enrolments.release_place(place, self.now)
            del self.knows[place.participant_id]

    def place_of(self, person):
        its = select(Place).where(Place.participant_id == person.id, Place.status.in_(LIVE))
        return db.scalar(its.where(Place.offering_id == self.offering.id))

    def tell(self):
        told(self.now)

    def waiting(self):
        """A message that could leave: one person gets one at a time."""
        free = [one for one in self.people if one.id not in self.travelling]
        return [message for one in free for message in messages_to(one.name, *WAITING)]

    def mail(self):
        """Messages leave, not always in the order in which they were written."""
        if waiting := self.waiting():
            self.send(self.random.choice(waiting))

    def lose(self):
        """A server refuses one."""
        if waiting := self.waiting():
            end(self.random.choice(waiting), MessageState.DEAD)

    def begin(self):
        """A server takes its time."""
        if waiting := self.waiting():
            message = self.random.choice(waiting)
            if found := self.send(message):
                end(message, MessageState.SENDING)
                self.travelling[found.to.person.id] = message

    def arrive(self):
        """It has taken what it was handed; what came meanwhile, the message cannot know."""
        for reader in list(self.travelling):
            end(self.travelling.pop(reader), MessageState.SENT, self.now)

    def send(self, message):
        try:
            found = changed(message.payload, self.now)
        except NoLongerNeeded:
            end(message, MessageState.EXPIRED)
            return None
        end(message, MessageState.SENT, self.now)
        reader = found.to.person.id
        minds = found.to.minds_venue
        known = (self.knows[reader], self.read[reader])
        assert None in [what_changed(found.before, one, minds_venue=minds) for one in known]
        assert what_changed(found.before, found.after, minds_venue=minds) is found.what
        assert what_changed(found.after, self.stand(), minds_venue=minds) is None
        assert message.unique_key not in self.sent
        self.sent.add(message.unique_key)
        self.knows[reader] = self.read[reader] = found.after
        return found

    def letter(self):
        """Another letter leaves that tells the hour, at any time of day."""
        person = self.random.choice(self.people)
        place = self.place_of(person)
        if place is None or person.id in self.travelling:
            return
        try:
            wait_for_changes(self.offering.id, self.now)
        except Postponed:
            return
        key = f"participant:{person.id}:offering:{self.offering.id}"
        facts = {"place_id": place.id}
        number = outbox.queue("waiting", person.email, person.name, facts, self.now, order_key=key)
        end(db.get_one(OutboxMessage, number), MessageState.SENT, self.now)
        self.read[person.id] = self.stand()

    def come_to_rest(self):
        """Nothing changes any more; every message arrives, those that were refused too."""
        self.arrive()
        told(self.now)
        for person in self.people:
            for message in messages_to(person.name, *WAITING):
                self.now += timedelta(minutes=1)
                self.send(message)


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 150)]


@pytest.mark.parametrize("seed", [*range(4), *LONG])
def test_everybody_knows_in_the_end_and_nobody_is_told_what_they_know(app, database, seed):
    with app.app_context():
        world = World(seed)
        for _ in range(STEPS):
            world.act()
        world.come_to_rest()

        assert course_of(world.offering.id)
        for person in world.people:
            place = world.place_of(person)
            last = messages_to(person.name)[-1:]
            if place is not None and not (last and last[0].state is MessageState.DEAD):
                stands, minds = world.stand(), place.way is not Way.ONLINE
                assert what_changed(world.knows[person.id], stands, minds_venue=minds) is None
                assert what_changed(world.read[person.id], stands, minds_venue=minds) is None
