"""What people are written about their places: true when it is sent, in their own time, to the person only."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.domain.attendance import Attendance, Way
from app.enrolments import operations
from app.jobs.worker import run_until_idle
from app.messages import delivery
from app.messages import operations as outbox
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.kinds import kinds
from app.messages.models import MessageState, OutboxMessage
from app.notices.language import isolated
from app.notices.places import ABOUT_PLACES
from app.notices.views import ABOUT_JOURNEYS
from app.scheduling.operations import cancel
from tests.factories import (
    NOW,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_venue,
)
from tests.notices.changes.telling import told
from tests.notices.golden import check_page, text_in
from tests.people import make_account, pat, seat, will

LATER = NOW + timedelta(hours=1)
LINK = "https://meet.example.org/capitation"
HERE = "http://127.0.0.1:8000/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"


@pytest.fixture(autouse=True)
def _sending(app, time_machine):
    """The moment of sending; composing needs the application, as the worker has it."""
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def mail(database, kind: str, first_name: str) -> EmailMessage:
    """The message of a kind to somebody, composed as it is when it is sent."""
    found = database.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.to_name.startswith(first_name))
    ).one()
    return compose(found, "Meridian <meridian@example.org>")


def words(message: EmailMessage) -> str:
    return " ".join(text_in(message).split())


def test_every_kind_of_message_that_is_queued_has_words():
    assert set(ABOUT_PLACES) | set(ABOUT_JOURNEYS) == {
        "place-confirmed", "promoted", "waiting", "offered", "offer-lapsed", "place-declined",
        "place-removed", "place-moved", "place-back-to-request", "unnamed", "enrolled", "named",
        "place-released", "calendar-update",
    }  # fmt: skip
    assert set(kinds) >= set(ABOUT_PLACES) | set(ABOUT_JOURNEYS)


def test_who_enrols_is_told_what_comes_next(database):
    operations.enrol(make_journey(), pat(), NOW)

    message = mail(database, "enrolled", "Pat")

    assert message["To"] == "Pat Asante <pat@example.org>"
    assert message["Subject"] == "You are enrolled: Financing and Payment Models"
    assert "Dear Pat Asante," in words(message)
    assert "http://127.0.0.1:8000/journeys/financing-and-payment-models/" in words(message)


def test_who_has_a_place_reads_the_hour_in_her_own_time_first(database):
    seat(will(), make_offering())

    message = mail(database, "place-confirmed", "Will")

    assert (
        message["Subject"]
        == "You have a place: What capitation pays for, Thu 22 April 18:00–19:30 Dhaka, UTC+6"
    )
    text = words(message)
    assert "Thursday 22 April 2027, 18:00–19:30 in Dhaka (UTC+6), your time" in text
    assert "That is 13:00–14:30 in London (BST, UTC+1), the session’s own time." in text
    assert f"Open the session: {HERE}" in text


def test_who_comes_in_person_reads_where_and_the_clock_of_the_venue_first(database):
    offering = make_offering(
        attendance=Attendance.BOTH,
        timezone="Africa/Accra",
        venue=make_venue(address="12 Ridge Road", city="Accra"),
    )
    seat(will(), offering, Way.IN_PERSON)

    text = words(mail(database, "place-confirmed", "Will"))

    assert "Where: Training centre, 12 Ridge Road, Accra" in text
    assert text.index("13:00–14:30 in Accra") < text.index("19:00–20:30 in Dhaka")


def test_who_waits_reads_the_position(database):
    offering = make_offering(capacity_online=1)
    seat(pat(), offering)
    seat(make_participant("Esi Addo", user=make_account("Esi Addo")), offering)
    seat(will(), offering)

    assert "You are number 2 of 2 in the line. First come, first served." in words(
        mail(database, "waiting", "Will")
    )


def test_who_moves_up_reads_that_the_place_is_theirs(database):
    offering = make_offering(capacity_online=1)
    holder = seat(pat(), offering)
    seat(will(), offering)
    operations.release_place(holder, LATER)

    message = mail(database, "promoted", "Will")

    assert message["Subject"].startswith("A place has become free and is yours: What capitation pays for")
    assert "there is nothing you need to do" in words(message)


def test_no_message_carries_the_join_link(database):
    offering = make_offering(capacity_online=1, join_url=LINK, join_from_minutes=0)
    holder = seat(pat(), offering)
    seat(will(), offering)
    texts = [mail(database, "place-confirmed", "Pat"), mail(database, "waiting", "Will")]
    operations.release_place(holder, LATER)
    texts.append(mail(database, "promoted", "Will"))

    assert [LINK in words(one) for one in texts] == [False, False, False]


@pytest.mark.parametrize("kind", ["place-confirmed", "waiting", "enrolled"])
def test_what_is_no_longer_true_is_not_sent(database, kind):
    offering = make_offering(capacity_online=1)
    first, second = pat(), will()
    seat(first, offering)
    seat(second, offering)
    for person in (second, first):
        operations.leave(offering.learning_session.journey, person, LATER)
    name = "Will" if kind == "waiting" else "Pat"

    with pytest.raises(NoLongerNeeded):
        mail(database, kind, name)


def test_who_has_moved_up_meanwhile_is_not_told_of_waiting(database):
    offering = make_offering(capacity_online=1)
    holder = seat(pat(), offering)
    seat(will(), offering)
    operations.release_place(holder, LATER)

    with pytest.raises(NoLongerNeeded):
        mail(database, "waiting", "Will")


def test_what_cannot_wait_goes_out_before_what_goes_to_many(database):
    """Queued in the wrong order, a password and a move leave before five thousand letters of an organiser."""
    late_to_early = (
        "roster-message", "journey-closed", "reminder", "invitation", "offered", "enrolled", "reminder-soon",
        "session-moved", "session-cancelled", "password-reset", "confirm-address",
    )  # fmt: skip
    for number, kind in enumerate(late_to_early):
        outbox.queue(kind, "pat@example.org", str(number), {}, NOW)
    order = [database.get_one(OutboxMessage, one.number).kind for one in outbox.claim(NOW, 20)]
    assert order == [
        "password-reset", "confirm-address", "reminder-soon", "session-moved", "session-cancelled",
        "offered", "enrolled", "roster-message", "journey-closed", "reminder", "invitation",
    ]  # fmt: skip


def test_nobody_is_congratulated_on_a_place_in_a_cancelled_sitting(database):
    offering = make_offering()
    seat(pat(), offering)
    cancel(offering, "", NOW)
    told()

    with pytest.raises(NoLongerNeeded):
        mail(database, "place-confirmed", "Pat")


def test_nobody_is_told_of_a_sitting_that_is_over(database, time_machine):
    offering = make_offering()
    seat(pat(), offering)
    time_machine.move_to(datetime(2027, 4, 23, tzinfo=UTC))

    with pytest.raises(NoLongerNeeded):
        mail(database, "place-confirmed", "Pat")


AWKWARD = ["<b>&amp;</b> \"x\" 'y'", "健康 🩺", "الرعاية", "Long" * 60, "{{ 7 * 7 }}"]


@pytest.mark.parametrize("text", AWKWARD)
def test_titles_and_names_are_written_as_they_are_and_never_as_markup(database, text):
    journey = make_journey(text)
    offering = make_offering(make_learning_session(journey, text))
    person = make_participant(text, user=make_account("Pat Asante"))
    seat(person, offering)
    queued = database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "place-confirmed")).one()

    message = compose(queued, "Meridian <meridian@example.org>")
    sent = message_from_bytes(message.as_bytes(), policy=policy.default)

    assert sent["Subject"].startswith(f"You have a place: {text}, Thu 22 April")
    told = isolated(text, "ltr")
    assert f"Dear {told}," in text_in(sent)
    assert f"You have a place in “{told}”\n" in text_in(sent)
    assert f"Journey: {text}\n" in text_in(sent)
    check_page(message)


def test_the_worker_writes_each_message_once_into_the_mail_folder(
    app, database, time_machine, tmp_path, monkeypatch
):
    monkeypatch.setattr(delivery, "_way", delivery.Way())
    settings = app.config["SETTINGS"]
    delivery.configure(f"folder:{tmp_path}", settings.mail_from, settings.site_url, settings.secret_key)
    offering = make_offering(capacity_online=1)
    seat(pat(), offering)
    seat(will(), offering)
    database.commit()

    run_until_idle(lambda: NOW)
    run_until_idle(lambda: NOW)

    written = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in tmp_path.glob("*.eml")
    ]
    assert sorted((one["To"], one["Subject"].partition(":")[0]) for one in written) == [
        ("Pat Asante <pat@example.org>", "You are enrolled"),
        ("Pat Asante <pat@example.org>", "You have a place"),
        ("Will Rahman <will@example.org>", "You are enrolled"),
        ("Will Rahman <will@example.org>", "You are waiting for a place"),
    ]
    assert set(database.scalars(select(OutboxMessage.state))) == {MessageState.SENT}
