"""Who leads is told three days before who comes, and again the day before where that has changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance, Way
from app.facilitators.models import Facilitator
from app.jobs import worker
from app.journeys import operations as journeys
from app.journeys.matter import Contact
from app.learning_sessions.sittings import Days, Part
from app.messages import recipients
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.kinds import Choice
from app.messages.models import OutboxMessage
from app.notices import briefing_rows, briefings
from app.notices.briefing_rows import Counts, Told
from app.notices.briefings import AGAIN, FIRST, KIND, LONG_AGO, Brief, queue_briefings, which
from app.scheduling.operations import cancel
from app.scheduling.revising import revise
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_venue,
)
from tests.notices.golden import check, check_page, four, page_in, text_in
from tests.people import fran, lead, make_account, pat, seat, will
from tests.scheduling.telling import as_it_is

START = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SENDER = "Meridian <meridian@example.org>"


def scan(now):
    db.commit()
    return queue_briefings(now)


def queued():
    """(address, which, promised instant) of every briefing, in order."""
    found = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == KIND).order_by(OutboxMessage.id))
    return [(one.to_address, one.payload["what"], one.payload["begins_at"]) for one in found]


def latest():
    return db.scalars(select(OutboxMessage).where(OutboxMessage.kind == KIND)).all()[-1]


def test_three_days_before_and_not_earlier(database):
    offering = make_offering()
    fran(offering)
    assert scan(START - FIRST - MINUTE) == 0
    assert scan(START - FIRST) == 1
    assert scan(START - FIRST + MINUTE) == 0
    assert queued() == [("fran@example.org", "3-days", START.isoformat())]


def test_what_is_written_to_the_outbox(database):
    offering = make_offering()
    user = fran(offering)
    facilitator = offering.facilitators[0].facilitator_id
    scan(START - FIRST)
    message = latest()
    about = f"facilitator:{facilitator}:user:{user.id}:offering:{offering.id}"
    assert message.unique_key == f"briefing:3-days:{about}:2027-04-22T12:00:00Z"
    assert message.order_key == f"user:{user.id}:offering:{offering.id}"
    assert message.scope == f"journey:{offering.learning_session.journey_id}"
    assert message.expires_at == START
    assert (message.payload["user_id"], message.payload["counts"]) == (user.id, [0, 0, 0])


def test_the_day_before_only_where_the_numbers_changed(database):
    offering = make_offering(capacity_online=1)
    fran(offering)
    scan(START - FIRST)
    assert scan(START - AGAIN) == 0
    seat(pat(), offering)
    assert scan(START - AGAIN - MINUTE) == 0
    assert scan(START - AGAIN) == 1
    seat(will(), offering)
    assert scan(START - AGAIN + MINUTE) == 0
    assert [what for _, what, _ in queued()] == ["3-days", "1-day"]


def test_somebody_more_who_waits_is_another_number(database):
    offering = make_offering(capacity_online=1)
    fran(offering)
    seat(pat(), offering)
    scan(START - FIRST)
    seat(will(), offering)
    assert scan(START - AGAIN) == 1


def test_who_cannot_come_after_all_changes_the_number(database):
    offering = make_offering()
    fran(offering)
    place = seat(pat(), offering)
    scan(START - FIRST)
    place.cannot_come_at = START - 2 * AGAIN
    assert scan(START - AGAIN) == 1


def test_who_leads_later_is_told_at_once_and_once(database):
    offering = make_offering()
    assert scan(START - FIRST) == 0
    fran(offering)
    assert scan(START - 2 * HOUR) == 1
    seat(pat(), offering)
    assert scan(START - HOUR) == 0
    assert [what for _, what, _ in queued()] == ["3-days"]


def test_another_account_of_who_leads_is_told_once(database):
    """The page of who leads goes with another account after the first briefing."""
    offering = make_offering()
    fran(offering)
    scan(START - FIRST)
    page = db.get_one(Facilitator, offering.facilitators[0].facilitator_id)
    page.user_id = make_account("Wanjiru Kamau").id
    assert scan(START - FIRST + HOUR) == 1
    assert scan(START - FIRST + HOUR + MINUTE) == 0
    assert [(to, what) for to, what, _ in queued()] == [
        ("fran@example.org", "3-days"),
        ("wanjiru@example.org", "3-days"),
    ]


def test_the_address_of_another_account_tells_nothing_to_its_new_owner(database):
    """What an account was told went to its address; whoever has that address now was not told."""
    offering = make_offering()
    first = fran(offering)
    scan(START - FIRST)
    page = db.get_one(Facilitator, offering.facilitators[0].facilitator_id)
    other = make_account("Wanjiru Kamau")
    first.email = first.email_folded = "old@example.org"
    db.flush()
    other.email = other.email_folded = "fran@example.org"
    page.user_id = other.id
    assert scan(START - FIRST + HOUR) == 1
    assert scan(START - FIRST + HOUR + MINUTE) == 0


def test_another_address_of_the_same_account_is_told_once(database):
    offering = make_offering()
    user = fran(offering)
    scan(START - FIRST)
    user.email = user.email_folded = "fran.moyo@example.org"
    assert scan(START - FIRST + HOUR) == 0
    seat(pat(), offering)
    assert scan(START - AGAIN) == 1
    assert queued()[-1][:2] == ("fran.moyo@example.org", "1-day")


def test_nothing_once_it_has_begun(database):
    fran(make_offering())
    assert scan(START) == 0


def test_nothing_for_what_is_cancelled(database):
    offering = make_offering()
    fran(offering)
    cancel(offering, "", NOW)
    assert scan(START - FIRST) == 0


def test_nothing_in_a_closed_journey(database):
    offering = make_offering()
    fran(offering)
    journeys.close(offering.learning_session.journey, "", None, NOW)
    assert scan(START - FIRST) == 0


def test_nothing_for_who_has_no_account_or_wants_none(database):
    offering = make_offering()
    lead(offering, make_facilitator("Wanjiru Kamau"))
    fran(offering)
    recipients.switch("fran@example.org", Choice.BRIEFINGS, False, NOW)
    assert scan(START - FIRST) == 0


def test_a_sitting_moved_within_the_three_days_is_told_the_day_before(database):
    """The move itself is told by its own letter."""
    offering = make_offering()
    fran(offering)
    scan(START - FIRST)
    revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 16, 0)), START - 2 * AGAIN)
    moved = START + 3 * HOUR
    assert scan(START - 2 * AGAIN) == 0
    assert scan(moved - AGAIN) == 1
    assert queued()[-1] == ("fran@example.org", "1-day", moved.isoformat())


def test_a_sitting_moved_far_away_is_told_three_days_before_it(database):
    offering = make_offering()
    fran(offering)
    scan(START - FIRST)
    revise(offering, as_it_is(offering, wall=datetime(2027, 4, 29, 13, 0)), START - 2 * AGAIN)
    moved = START + timedelta(days=7)
    assert scan(moved - FIRST) == 1
    assert queued()[-1] == ("fran@example.org", "3-days", moved.isoformat())


def test_a_sitting_of_days_counts_from_the_morning_of_its_first(database):
    days = Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra")
    offering = make_offering(when=days, attendance=Attendance.IN_PERSON)
    fran(offering)
    morning = datetime(2027, 5, 11, 9, 0, tzinfo=UTC)
    assert scan(morning - FIRST - MINUTE) == 0
    assert scan(morning - FIRST) == 1


def test_everybody_is_found_in_chunks(database, monkeypatch):
    monkeypatch.setattr(briefing_rows, "CHUNK", 2)
    offerings = [make_offering(make_learning_session(make_journey(f"Journey {n}"))) for n in range(3)]
    users = [make_account(f"Leader{n} Moyo") for n in range(2)]
    for user in users:
        facilitator = make_facilitator(user.name, user=user)
        for offering in offerings:
            lead(offering, facilitator)
    assert scan(START - FIRST) == 6
    assert len(set(queued())) == 2
    assert scan(START - FIRST + MINUTE) == 0


SAME = Counts(3, 0, 1)


@pytest.mark.parametrize(
    ("told", "now", "due"),
    [
        ([], START - FIRST, Brief.FIRST),
        ([], START - HOUR, Brief.FIRST),
        ([Told(START, SAME, START - FIRST)], START - AGAIN, None),
        ([Told(START, Counts(2, 0, 1), START - FIRST)], START - AGAIN, Brief.AGAIN),
        ([Told(START, Counts(2, 0, 1), START - FIRST)], START - AGAIN + briefings.OPEN, None),
        ([Told(START - HOUR, SAME, START - FIRST)], START - AGAIN, Brief.AGAIN),
        ([Told(START, Counts(2, 0, 1), START - AGAIN)], START - AGAIN + MINUTE, None),
        ([Told(START - HOUR, SAME, START - LONG_AGO)], START - FIRST, None),
        ([Told(START - 2 * FIRST, SAME, START - LONG_AGO - MINUTE)], START - FIRST, Brief.FIRST),
    ],
)
def test_which_briefing_is_due(told, now, due):
    assert which(START, SAME, told, now) is due


# The letter


@pytest.fixture
def sending(app, database):
    with app.app_context():
        yield


def led_by(person, offering):
    lead(offering, make_facilitator(person.name, user=db.get_one(User, person.user_id)))


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
@four
def test_the_letter(person_in, time_machine):
    """In both ways, with an agenda, a join link, somebody who waits and somebody who cannot come."""
    journey = make_journey()
    journey.contacts.append(Contact(name="Ada Owusu", email="ada@example.org", position=1))
    offering = make_offering(
        make_learning_session(journey), attendance=Attendance.BOTH, venue=make_venue(city="Accra"),
        capacity_online=2, join_url="https://meet.example.org/a",
    )  # fmt: skip
    parts = (Part(15, "Welcome"), Part(45, "Three countries"), Part(30, "Questions"))
    revise(offering, as_it_is(offering, agenda=parts), NOW)
    lead(offering, make_facilitator("Wanjiru Kamau"), "Chair")
    led_by(person_in(), offering)
    seat(pat(), offering)
    seat(will(), offering)
    seat(make_participant("Ana Ruiz", timezone="America/Lima", country="PE"), offering)
    seat(make_participant("Yaw Boateng", timezone="Africa/Accra"), offering, Way.IN_PERSON)
    gone = make_participant("Kojo Antwi", timezone="Africa/Accra")
    seat(gone, offering, Way.IN_PERSON).cannot_come_at = NOW
    scan(START - FIRST)
    time_machine.move_to(START - FIRST)
    check(compose(latest(), SENDER), "facilitator-briefing")


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_a_letter_about_many_stays_small(time_machine):
    offering = make_offering()
    fran(offering)
    for number in range(60):
        zone = ("Asia/Dhaka", "America/Lima", "Africa/Accra", "Asia/Tokyo")[number % 4]
        person = make_participant(f"Somebody With A Long Name {number:03}", timezone=zone, country="BD")
        seat(person, offering)
    scan(START - FIRST)
    time_machine.move_to(START - FIRST)
    mail = compose(latest(), SENDER)
    assert len(page_in(mail).encode()) < 30_000
    assert "And 20 more people." in text_in(mail)
    assert "Somebody With A Long Name 039" in text_in(mail)
    assert "Somebody With A Long Name 040" not in text_in(mail)


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
@pytest.mark.parametrize("what", ["cancelled", "moved", "begun", "no leader", "closed", "another account"])
def test_silent_where_it_is_not_so_any_more(time_machine, what):
    offering = make_offering()
    fran(offering)
    scan(START - FIRST)
    time_machine.move_to(START - FIRST)
    if what == "cancelled":
        cancel(offering, "", NOW)
    if what == "moved":
        revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 16, 0)), NOW)
    if what == "begun":
        time_machine.move_to(START)
    if what == "no leader":
        offering.facilitators.clear()
    if what == "another account":
        page = db.get_one(Facilitator, offering.facilitators[0].facilitator_id)
        page.user_id = make_account("Wanjiru Kamau").id
    if what == "closed":
        journeys.close(offering.learning_session.journey, "", None, NOW)
    db.commit()
    with pytest.raises(NoLongerNeeded):
        compose(latest(), SENDER)


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_nobody_comes_yet(time_machine):
    offering = make_offering()
    fran(offering)
    scan(START - FIRST)
    time_machine.move_to(START - FIRST)
    assert "Nobody has a place yet." in text_in(compose(latest(), SENDER))


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_a_sitting_of_days_has_its_agenda_without_hours(time_machine):
    days = Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra")
    agenda = (Part(60, "Welcome"),)
    offering = make_offering(when=days, attendance=Attendance.IN_PERSON, venue=make_venue(city="Accra"))
    revise(offering, as_it_is(offering, when=days, agenda=agenda), NOW)
    fran(offering)
    seat(pat(), offering, Way.IN_PERSON)
    moment = datetime(2027, 5, 11, 9, 0, tzinfo=UTC) - FIRST
    scan(moment)
    time_machine.move_to(moment)
    mail = compose(latest(), SENDER)
    check_page(mail)
    assert str(mail["Subject"]) == "You lead: What capitation pays for, Tue 11–Wed 12 May, Accra"
    assert "Minutes: 60; Part: Welcome" in text_in(mail)
    assert "Country: Ghana; Clock: Accra; People: 1" in text_in(mail)


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_the_worker_does_it(app, time_machine):
    fran(make_offering())
    db.commit()
    for now in (START - FIRST - HOUR, START - FIRST, START - FIRST + HOUR):
        time_machine.move_to(now, tick=False)
        worker.run_until_idle(lambda now=now: now)
    assert [what for _, what, _ in queued()] == ["3-days"]


def test_many_who_lead_cost_no_more_queries_than_one(database, query_counter):
    offering = make_offering()
    fran(offering)
    db.commit()
    with query_counter() as one:
        queue_briefings(START - FIRST)
    for number in range(5):
        other = make_offering(make_learning_session(make_journey(f"Journey {number}")))
        name = f"Leader{number} Moyo"
        lead(other, make_facilitator(name, user=make_account(name)))
    db.commit()
    with query_counter() as many:
        assert queue_briefings(START - FIRST) == 5
    assert many.count == one.count
