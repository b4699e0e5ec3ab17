"""Whatever changes what calendars tell: steps of organisers, of participants, and of the clock."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from sqlalchemy.exc import NoResultFound

from app.accounts.models import User
from app.calendars import operations as calendars
from app.calendars import queries
from app.calendars.models import Feed, FeedKind
from app.config import Settings
from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.errors import DomainError
from app.domain.permissions import OrganiserRole
from app.domain.timezones import Promise
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.facilitators.models import Facilitator
from app.journeys import operations as journeys
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import LearningSession, Offering, Venue
from app.learning_sessions.operations import revise_learning_session, revise_venue
from app.learning_sessions.sittings import Days, NewOffering
from app.participants import operations as participants
from app.participants.models import Participant
from app.scheduling import operations as scheduling
from tests.calendars.people import make_person
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_venue,
)
from tests.scheduling.telling import as_it_is

LINK = "https://meet.example.org/j/1"
WORDS = ("Capitation", "Qualité, é; \\", "健康 😀", "A longer title about who pays for what, and why")


class World:
    """A journey of two sessions with three sittings, two of them twins, and everybody who follows them."""

    def __init__(self, settings: Settings) -> None:
        self.now = NOW
        journey = make_journey(f"Paying for care {uuid4()}")
        first, second = make_learning_session(journey, "First"), make_learning_session(journey, "Second")
        hall, leader, owner = (
            make_venue("Hall", city="Accra"),
            make_person("Fran Moyo"),
            make_person("Ada Owusu"),
        )
        twins = (
            make_offering(first, join_url=LINK, capacity_online=1),
            make_offering(
                first,
                wall=datetime(2027, 4, 29, 9),
                attendance=Attendance.BOTH,
                venue=hall,
                capacity_in_person=1,
            ),
        )
        when = Days(date(2027, 5, 11), date(2027, 5, 12), "Asia/Dhaka")
        days = make_offering(second, when=when, join_url=LINK)
        people = [make_person(name) for name in ("Pat Asante", "Will Rahman")]
        for one in people:
            enrolments.enrol(journey, one, NOW)
        assign_organiser(journey, _user(owner), OrganiserRole.OWNER, NOW)
        self._journey, self._sessions, self._venue = journey.id, (first.id, second.id), hall.id
        self._sittings = [one.id for one in (*twins, days)]
        self._people = [one.id for one in people]
        self._leader = make_facilitator("Fran Moyo", user=_user(leader)).id
        feeds = [
            calendars.make_feed(_user(people[0]).id, settings, NOW),
            calendars.make_feed(_user(people[1]).id, settings, NOW),
            calendars.make_feed(_user(leader).id, settings, NOW, FeedKind.LEADING),
            calendars.make_feed(_user(owner).id, settings, NOW, FeedKind.JOURNEY, journey.id),
        ]
        self._feeds = [one.id for one in feeds]
        secret = [queries.feed_address(one, settings) for one in feeds]
        self.paths = [
            "/journeys/calendar.ics",
            f"/journeys/{journey.slug}/calendar.ics",
            f"/journeys/{journey.slug}/sessions/{first.slug}/calendar.ics",
            *(one.removeprefix(settings.site_url) for one in secret if one),
        ]

    def do(self, step: tuple[Any, ...]) -> None:
        """Take the step, or leave all as it is where a rule is against it or the sitting is gone."""
        name, *facts = step
        self.now += timedelta(minutes=1)
        act: Callable[..., None] = getattr(self, f"_{name}")
        with suppress(DomainError, NoResultFound), db.begin_nested():
            act(*facts)

    def hide(self) -> None:
        """Take the journey out of the catalogue, whose calendar would grow from one world to the next."""
        db.get_one(Journey, self._journey).status = JourneyStatus.DRAFT
        db.commit()

    def _wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def _wait_until(self, at: datetime) -> None:
        self.now = at

    def _revise(self, number: int, changes: dict[str, Any]) -> None:
        one, changes = self._sitting(number), dict(changes)  # the walk is taken again on the other engine
        if changes.pop("is_led", False):
            changes["facilitators"] = ((db.get_one(Facilitator, self._leader), "Chair"),)
        scheduling.revise(one, as_it_is(one, **changes), self.now, may_unseat=True)

    def _cancel(self, number: int, note: str) -> None:
        scheduling.cancel(self._sitting(number), note, self.now)

    def _restore(self, number: int) -> None:
        scheduling.restore(self._sitting(number), self.now)

    def _twin(self, hour: int) -> None:
        when = Promise(datetime(2027, 6, 1, hour), "Europe/London", 0, 60)
        one = db.get_one(LearningSession, self._sessions[0])
        scheduling.add_sitting(one, NewOffering(when=when, attendance=Attendance.ONLINE), self.now)

    def _delete_twin(self) -> None:
        one = db.get_one(LearningSession, self._sessions[0])
        if one.offerings:
            scheduling.delete_sitting(one.offerings[-1], self.now)

    def _retell(self, number: int, title: str, summary: str) -> None:
        one = db.get_one(LearningSession, self._sessions[number])
        revise_learning_session(one, title, self.now, summary=summary, slug=one.slug)

    def _rename(self, title: str) -> None:
        one = db.get_one(Journey, self._journey)
        journeys.rename(one, title, self.now, one.slug)

    def _rebuild(self, name: str, city: str) -> None:
        revise_venue(db.get_one(Venue, self._venue), name, "Africa/Accra", city=city)

    def _ask(self, person: int, number: int, way: Way) -> None:
        enrolments.take_place(self._sitting(number), self._person(person), way, self.now)

    def _give_up(self, person: int, number: int) -> None:
        whose = {"participant_id": self._people[person], "offering_id": self._sittings[number]}
        found = db.query(Place).filter_by(**whose)
        if (place := found.one_or_none()) is not None:
            enrolments.release_place(place, self.now)

    def _live_in(self, person: int, timezone: str, works_until: int) -> None:
        one = self._person(person)
        participants.update(one, participants.Profile(one.name, timezone, works_until=works_until))

    def _let_organise(self, person: int) -> None:
        assign_organiser(
            db.get_one(Journey, self._journey), _user(self._person(person)), OrganiserRole.READER, self.now
        )

    def _prefer(self, number: int, shows_waiting: bool, shows_cancelled: bool, alarm: int | None) -> None:
        feed = db.get_one(Feed, self._feeds[number])
        calendars.prefer(
            feed, shows_waiting=shows_waiting, shows_cancelled=shows_cancelled, alarm_minutes=alarm
        )

    def _sitting(self, number: int) -> Offering:
        return db.get_one(Offering, self._sittings[number])

    def _person(self, number: int) -> Participant:
        return db.get_one(Participant, self._people[number])


def _user(one: Participant) -> User:
    return db.get_one(User, one.user_id)


sittings, twos, words = st.integers(0, 2), st.integers(0, 1), st.sampled_from(WORDS)
evenings, alarms = st.sampled_from((600, 1020)), st.sampled_from((None, 0, 30))
revisions = st.fixed_dictionaries(
    {},
    optional={
        "wall": st.integers(0, 24 * 120).map(lambda hours: datetime(2027, 3, 2) + timedelta(hours=hours)),
        "timezone": st.sampled_from(("Europe/London", "Africa/Nairobi", "Australia/Lord_Howe")),
        "length": st.sampled_from((5, 60, 90)),
        "join_url": st.sampled_from((LINK, "https://meet.example.org/j/2", "")),
        "join_from_minutes": st.sampled_from((0, 15, 600)),
        "capacity_online": st.sampled_from((None, 0, 1)),
        "is_led": st.booleans(),
    },
)
steps = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from((20, 600, 24 * 60, 20 * 24 * 60, 40 * 24 * 60))),
    st.tuples(st.just("revise"), sittings, revisions),
    st.tuples(st.just("cancel"), sittings, words),
    st.tuples(st.just("restore"), sittings),
    st.tuples(st.just("twin"), st.integers(8, 12)),
    st.tuples(st.just("delete_twin")),
    st.tuples(st.just("retell"), twos, words, words),
    st.tuples(st.just("rename"), words),
    st.tuples(st.just("rebuild"), words, words),
    st.tuples(st.just("ask"), twos, sittings, st.sampled_from(Way)),
    st.tuples(st.just("give_up"), twos, sittings),
    st.tuples(
        st.just("live_in"),
        twos,
        st.sampled_from(("Asia/Dhaka", "America/Bogota")),
        st.sampled_from((600, 1020)),
    ),
    st.tuples(st.just("let_organise"), twos),
    st.tuples(
        st.just("prefer"), st.integers(0, 3), st.booleans(), st.booleans(), st.sampled_from((None, 0, 30))
    ),
)

WALK = (
    ("ask", 0, 0, Way.ONLINE),
    ("ask", 1, 0, Way.ONLINE),
    ("ask", 1, 1, Way.IN_PERSON),
    ("ask", 0, 2, Way.ONLINE),
    ("give_up", 1, 1),
    ("give_up", 0, 0),
    ("ask", 0, 0, Way.ONLINE),
    ("give_up", 1, 0),
    ("ask", 1, 0, Way.ONLINE),
    ("ask", 1, 1, Way.IN_PERSON),
    ("retell", 0, "Renamed", "And described."),
    ("rename", "Paying for health care"),
    ("rebuild", "Great hall", "Kumasi"),
    ("live_in", 0, "Asia/Dhaka", 1020),
    ("live_in", 0, "Asia/Dhaka", 600),
    ("prefer", 0, True, True, 30),
    ("prefer", 1, False, True, None),
    ("revise", 0, {"length": 60}),
    ("revise", 0, {"join_url": "https://meet.example.org/j/2"}),
    ("revise", 0, {"is_led": True}),
    ("revise", 2, {"join_from_minutes": 600}),
    ("twin", 9),
    ("delete_twin",),
    ("cancel", 1, "Ill"),
    ("restore", 1),
    ("revise", 0, {"capacity_online": None}),
    ("wait_until", datetime(2027, 4, 1, 12, tzinfo=UTC)),
    ("cancel", 1, "Ill again"),
    ("cancel", 2, "Not enough people"),
    ("wait_until", datetime(2027, 4, 22, 11, 44, 59, tzinfo=UTC)),
    ("wait_until", datetime(2027, 4, 22, 11, 45, tzinfo=UTC)),
    ("wait_until", datetime(2027, 4, 22, 12, 0, tzinfo=UTC)),
    ("wait_until", datetime(2027, 4, 22, 13, 0, tzinfo=UTC)),
    ("wait_until", datetime(2027, 5, 1, 12, 0, tzinfo=UTC)),
    ("wait_until", datetime(2027, 5, 1, 12, 2, tzinfo=UTC)),
    ("wait_until", datetime(2027, 5, 12, 23, 59, tzinfo=UTC)),
    ("wait_until", datetime(2027, 5, 13, 0, 0, tzinfo=UTC)),
    ("let_organise", 0),
    ("give_up", 0, 2),
    ("wait_until", datetime(2027, 7, 1, tzinfo=UTC)),
)
"""Each kind of step, and both sides of each moment at which time alone changes something."""
