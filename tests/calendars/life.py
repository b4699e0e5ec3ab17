"""A sitting's life, and what somebody who follows the calendars sees of it after each step.

The site is a real server with two workers; the steps are committed beside it, so that no worker is told of
them. The follower is vdirsyncer with khal, who know only the addresses.
"""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from app.calendars import queries
from app.calendars.models import Feed
from app.calendars.operations import make_feed, renew
from app.config import Settings
from app.database import db, writing
from app.domain.attendance import Way
from app.domain.timezones import Promise
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import revise_learning_session
from app.participants.models import Participant
from app.scheduling import operations as scheduling
from bench.servers import SECRET_KEY, Server
from tests.calendars.readers import by_icalendar
from tests.calendars.readers.subscribing import Subscriber
from tests.factories import make_journey, make_learning_session, make_offering, make_participant
from tests.people import make_account
from tests.scheduling.telling import as_it_is

NEXT_YEAR = datetime.now(UTC).year + 1
OTHER = "Reading group"
"""Another sitting, so that pat's calendar is not empty: vdirsyncer takes what lost everything for broken."""
LISTED = ("title", "start-long-full", "end-long-full", "status", "location")


def on(month: int, day: int) -> date:
    return date(NEXT_YEAR, month, day)


def wall(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour)


@dataclass(frozen=True)
class Shown:
    """An event as khal lists it to somebody in UTC."""

    title: str
    starts: str
    """Day and time, in UTC."""
    ends: str
    status: str
    location: str = "Online"


Seen = tuple[list[Shown], list[Shown]]
"""In the feed of pat, and in the journey's calendar."""


class Life:
    """A journey with two sittings, two participants, and one of them following two calendars."""

    def __init__(self, server: Server, settings: Settings, folder: Path) -> None:
        url = f"http://127.0.0.1:{server.port}"
        self.settings = replace(settings, secret_key=SECRET_KEY, site_url=url)
        with writing():
            journey = make_journey(now=now())
            self.journey_id = journey.id
            self.pat, self.will = (_participant(name).id for name in ("Pat Asante", "Will Rahman"))
            other = _dated(make_learning_session(journey, OTHER, now=now()), wall(on(4, 20), 10))
            _enrol_and_take(other, self.person(self.pat))
            feed = make_feed(self._account(), self.settings, now())
            mine = queries.feed_address(feed, self.settings)
        assert mine is not None
        self.addresses = {"mine": mine, "journey": f"{url}/journeys/{journey.slug}/calendar.ics"}
        self.follower = Subscriber(folder, self.addresses)

    def do(self, step: Callable[..., object], *facts: object, **more: object) -> None:
        """Commit a step of `acts`, as the site's own request would."""
        with writing():
            step(self, *facts, **more)
        db.remove()

    def seen(self) -> Seen:
        """What the follower has of it after another look at both calendars."""
        assert self.follower.synchronise() == ""
        return self.kept()

    def kept(self) -> Seen:
        """What the follower has of it, whatever the site says by now."""
        mine, public = self.everything()
        return [one for one in mine if one.title != OTHER], [one for one in public if one.title != OTHER]

    def everything(self) -> Seen:
        """What the follower has of both sittings."""
        asked = (f"--json={name}" for name in ("calendar", *LISTED))
        printed = self.follower.khal("list", "--once", *asked, f"{NEXT_YEAR}-04-15", "20d")
        rows = [row for line in printed.splitlines() for row in json.loads(line)]
        told: dict[str, list[Shown]] = {name: [] for name in self.addresses}
        for row in rows:
            told[row["calendar"]].append(Shown(*(row[name] for name in LISTED)))
        return told["mine"], told["journey"]

    def identities(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """Its UID and SEQUENCE in pat's calendar and in the journey's."""
        return self.identity("mine"), self.identity("journey")

    def identity(self, calendar: str) -> tuple[str, int]:
        """Its UID and SEQUENCE in one calendar."""
        with urllib.request.urlopen(self.addresses[calendar], timeout=30) as answer:  # noqa: S310
            (events,) = by_icalendar.READER.read([answer.read()])
        (event,) = (one for one in events if one.title != OTHER)
        assert event.sequence is not None
        return event.uid, event.sequence

    def person(self, number: int) -> Participant:
        return db.get_one(Participant, number)

    def sitting(self) -> Offering:
        return db.query(Offering).order_by(Offering.id.desc()).limit(1).one()

    def feed(self) -> Feed:
        found = queries.feed_of(self._account())
        assert found is not None
        return found

    def _account(self) -> int:
        number = self.person(self.pat).user_id
        assert number is not None
        return number


def plan(life: Life) -> None:
    one = make_learning_session(db.get_one(Journey, life.journey_id), "What capitation pays for", now=now())
    _dated(one, wall(on(4, 22), 13), capacity_online=1)


def join(life: Life, person_id: int) -> None:
    _enrol_and_take(life.sitting(), life.person(person_id))


def leave(life: Life, person_id: int) -> None:
    place = db.query(Place).filter_by(participant_id=person_id, offering_id=life.sitting().id).one()
    enrolments.release_place(place, now())


def leave_everything(life: Life) -> None:
    enrolments.release_everything(life.person(life.pat), now())


def move(life: Life, **promise: object) -> None:
    """`wall`, `timezone` and `length` say where to."""
    scheduling.revise(life.sitting(), as_it_is(life.sitting(), **promise), now())


def rename(life: Life, title: str) -> None:
    one = life.sitting().learning_session
    db.refresh(one)
    revise_learning_session(one, title, now())


def cancel(life: Life) -> None:
    scheduling.cancel(life.sitting(), "The facilitator is ill.", now())


def restore(life: Life) -> None:
    scheduling.restore(life.sitting(), now())


def revoke(life: Life) -> None:
    renew(life.feed(), life.settings, now())


def now() -> datetime:
    return datetime.now(UTC)


def _participant(name: str) -> Participant:
    return make_participant(name, user=make_account(name), timezone="Africa/Accra", now=now())


def _dated(one: LearningSession, at: datetime, **facts: object) -> Offering:
    return make_offering(one, when=Promise(at, "Europe/London", 0, 90), now=now(), **facts)


def _enrol_and_take(offering: Offering, person: Participant) -> None:
    enrolments.enrol(offering.learning_session.journey, person, now())
    enrolments.take_place(offering, person, Way.ONLINE, now())
