"""Cancelling and restoring a sitting, deleting a sitting or a session, on the desk."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.permissions import OrganiserRole
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.facilitators.absences import Away, add_absence
from app.journeys.models import JourneyStatus
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling import operations
from app.scheduling.models import ChangeKind, OfferingChange
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cast, cora, fran, lead, make_account, nora, pat, seat

JOURNEY = "/organise/journeys/financing-and-payment-models/"
OVERVIEW = f"{JOURNEY}sessions/what-capitation-pays-for/"
PUBLIC = "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def at(offering: Offering, step: str) -> str:
    return f"/organise/offerings/{offering.id}/{step}"


def reread(offering_id: int) -> Offering:
    return db.scalars(
        select(Offering).where(Offering.id == offering_id).execution_options(populate_existing=True)
    ).one()


def changes() -> list[OfferingChange]:
    return list(db.scalars(select(OfferingChange).order_by(OfferingChange.id)))


def hidden(page: Page, name: str) -> str:
    """The value of a hidden field."""
    return next(
        facts["value"] or "" for tag, facts in page.tags if tag == "input" and facts.get("name") == name
    )


# Cancelling


def test_an_organiser_reads_who_is_affected_and_cancels_with_a_public_reason(app, database):
    offering = make_offering(capacity_online=1)
    everybody = cast(offering)
    browser, number = browser_of(app, everybody.ada), offering.id

    page = Page(browser.get(at(offering, "cancel")))

    assert (page.status, page.title) == (200, "Cancel “What capitation pays for”?")
    assert "Thu 22 April, 13:00–14:30 London, BST, online" in page.text
    assert "1 person holds a place. 1 person waits for one. Led by Fran Moyo." in page.text
    assert "Everybody reads it" in page.text
    assert page.buttons == ["Cancel this sitting"]
    assert page.links["Keep it"] == f"{OVERVIEW}#sitting-{number}"

    answer = browser.submit(f"/organise/offerings/{number}/cancel", {"reason": "The speaker is ill."})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OVERVIEW}#sitting-{number}")
    assert (
        Page(browser.get(OVERVIEW)).notices[0]
        == "“What capitation pays for” is cancelled. 1 person lost a place."
    )
    assert reread(number).is_cancelled
    assert [(one.kind, one.note, one.changed_by_id) for one in changes()] == [
        (ChangeKind.CANCELLED, "The speaker is ill.", everybody.ada.id)
    ]
    stranger = Page(browser_of(app).get(PUBLIC))
    assert "The speaker is ill." in stranger.notices[0]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_a_reason_that_is_none_or_too_long_is_refused_and_kept(app, database, reason):
    offering = make_offering()
    browser = browser_of(app, ada(offering.learning_session.journey))
    path, number = at(offering, "cancel"), offering.id

    page = Page(browser.submit(path, {"reason": reason}))

    assert page.status == 422
    assert ("Say in a sentence why" in page.text) is (len(reason) < 10)
    assert ("Use at most 2,000 characters." in page.text) is (len(reason) > 10)
    assert reason.strip() in page.source
    assert not reread(number).is_cancelled


def test_a_reason_in_any_script_is_kept_as_it_was_written(app, database):
    offering = make_offering()
    browser, number = browser_of(app, ada(offering.learning_session.journey)), offering.id
    reason = "المتحدث مريض 🤒 <b>& Co</b>\nWe are sorry."

    browser.submit(f"/organise/offerings/{number}/cancel", {"reason": reason})

    assert reread(number).cancellation_note == reason
    assert "&lt;b&gt;&amp; Co&lt;/b&gt;" in browser_of(app).get(PUBLIC).text


def test_a_form_that_lost_its_token_comes_back_with_the_reason(app, database):
    offering = make_offering()
    browser = browser_of(app, ada(offering.learning_session.journey))
    path, number = at(offering, "cancel"), offering.id

    answer = browser.post(path, data={"reason": "The speaker is ill."})

    assert answer.status_code == 422
    assert "The speaker is ill." in answer.text
    assert not reread(number).is_cancelled


def test_the_twin_sitting_is_told_and_named_when_asked(app, database):
    learning_session = make_learning_session()
    offering = make_offering(learning_session)
    make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0), capacity_online=5)
    browser, number = browser_of(app, ada(learning_session.journey)), offering.id

    page = Page(browser.get(f"/organise/offerings/{number}/cancel"))
    browser.submit(f"/organise/offerings/{number}/cancel", {"reason": "Ill.", "name_others": "y"})

    assert "The other sitting: Thu 22 April, 19:00–20:30 London, BST, online" in page.text
    assert "Adds to the reason: “There is another sitting of this session.”" in page.text
    assert reread(number).cancellation_note == "Ill. There is another sitting of this session."


def test_the_next_session_with_room_is_told_where_there_is_no_twin(app, database):
    journey = make_journey()
    offering = make_offering(make_learning_session(journey))
    full = make_offering(
        make_learning_session(journey, "Full"), wall=datetime(2027, 4, 29, 13, 0), capacity_online=1
    )
    seat(pat(), full)
    make_offering(make_learning_session(journey, "Roomy"), wall=datetime(2027, 5, 6, 13, 0))
    make_offering(make_learning_session(journey, "Later"), wall=datetime(2027, 5, 13, 13, 0))

    page = Page(browser_of(app, ada(journey)).get(at(offering, "cancel")))

    assert "Roomy, the next session: Thu 6 May, 13:00–14:30 London, BST, online" in page.text
    assert "Later" not in page.text
    assert "Adds to the reason: “The next session with room is “Roomy”.”" in page.text


def test_where_nothing_else_has_room_another_sitting_is_proposed(app, database):
    offering = make_offering()

    page = Page(browser_of(app, ada(offering.learning_session.journey)).get(at(offering, "cancel")))

    assert "No other sitting and no later session of this journey has room." in page.text
    assert page.links["plan another sitting"] == f"{OVERVIEW}new-sitting"
    assert "name_others" not in page.source


def test_the_second_to_cancel_reads_both_reasons_and_may_put_theirs(app, database):
    offering = make_offering()
    journey = offering.learning_session.journey
    eddy = make_account("Eddy Editor")
    assign_organiser(journey, eddy, OrganiserRole.EDITOR, NOW)
    first, second = browser_of(app, ada(journey)), browser_of(app, eddy)
    path, number = at(offering, "cancel"), offering.id
    opened = Page(second.get(path))
    kept = {name: hidden(opened, name) for name in ("csrf_token", "seen")}
    first.submit(path, {"reason": "The speaker is ill."})

    late = Page(second.post(path, data={**kept, "reason": "The room burnt down."}))

    assert late.status == 409
    assert "Two versions" in late.sections
    assert "The speaker is ill." in late.text
    assert "The room burnt down." in late.source
    assert late.buttons == ["Put this reason in its place"]
    assert reread(number).cancellation_note == "The speaker is ill."

    kept = {name: hidden(late, name) for name in ("csrf_token", "seen")}
    again = second.post(path, data={**kept, "reason": "The room burnt down."})

    assert again.status_code == 303
    assert reread(number).cancellation_note == "The room burnt down."
    assert [(one.kind, one.note, one.sequence) for one in changes()] == [
        (ChangeKind.CANCELLED, "The speaker is ill.", 1),
        (ChangeKind.CANCELLED, "The room burnt down.", 2),
    ]
    public = Page(browser_of(app).get(PUBLIC)).text
    assert "another reason was given for cancelling it. “The room burnt down.”" in public
    assert "cancelled. “The speaker is ill.”" in public
    second.post(path, data={**kept, "reason": "The room burnt down."})
    assert len(changes()) == 2


def test_a_sitting_that_is_over_stays_as_it_was(app, database, time_machine):
    offering = make_offering()
    time_machine.move_to(STARTS + timedelta(minutes=5))
    browser, number = browser_of(app, ada(offering.learning_session.journey)), offering.id
    token = hidden(Page(browser.get(f"/organise/offerings/{number}/cancel")), "csrf_token")
    time_machine.move_to(STARTS + timedelta(hours=2))

    for answer in (
        browser.get(f"/organise/offerings/{number}/cancel"),
        browser.post(f"/organise/offerings/{number}/cancel", data={"csrf_token": token, "reason": "Late."}),
    ):
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{OVERVIEW}#sitting-{number}")
    assert not reread(number).is_cancelled


def test_one_that_has_begun_can_still_be_cancelled(app, database, time_machine):
    offering = make_offering()
    time_machine.move_to(STARTS + timedelta(minutes=5))
    browser, number = browser_of(app, ada(offering.learning_session.journey)), offering.id

    browser.submit(f"/organise/offerings/{number}/cancel", {"reason": "Nobody could connect."})

    assert reread(number).is_cancelled


# Restoring


def test_a_cancelled_sitting_is_restored_with_its_places_and_a_note(app, database):
    offering = make_offering(capacity_online=1)
    everybody = cast(offering)
    operations.cancel(offering, "The speaker is ill.", NOW)
    browser, number = browser_of(app, everybody.ada), offering.id

    page = Page(browser.get(at(offering, "restore")))

    assert page.title == "Let “What capitation pays for” take place after all?"
    assert "1 person holds a place. 1 person waits for one." in page.text
    assert "The speaker is ill." in page.text

    answer = browser.submit(f"/organise/offerings/{number}/restore", {"note": "The speaker is well again."})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OVERVIEW}#sitting-{number}")
    assert not reread(number).is_cancelled
    assert Page(browser.get(OVERVIEW)).notices[0] == "“What capitation pays for” takes place after all."
    public = Page(browser_of(app, everybody.pat).get(PUBLIC))
    assert "Confirmed since 1 March 2027" in public.text
    assert "1 March 2027: takes place after all. “The speaker is well again.”" in public.text


def test_who_swapped_to_the_twin_meanwhile_keeps_it(app, database):
    learning_session = make_learning_session()
    offering = make_offering(learning_session, capacity_online=1)
    twin = make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0))
    person = pat()
    seat(person, offering)
    operations.cancel(offering, "Ill.", NOW)
    seat(person, twin)
    browser, number = browser_of(app, ada(learning_session.journey)), offering.id

    browser.submit(f"/organise/offerings/{number}/restore", {})

    places = db.scalars(select(Place).order_by(Place.offering_id)).all()
    assert [one.status for one in places] == [PlaceStatus.RELEASED, PlaceStatus.CONFIRMED]


def test_what_would_clash_is_told_before_a_sitting_is_restored(app, database):
    offering = make_offering()
    facilitator = make_facilitator("Wanjiru Kamau")
    lead(offering, facilitator)
    operations.cancel(offering, "Ill.", NOW)
    journey, path = offering.learning_session.journey, at(offering, "restore")
    browser = browser_of(app, ada(journey))
    assert "What comes up then" not in Page(browser.get(path)).text
    meanwhile = make_offering(make_learning_session(journey, "Who pays?"), wall=datetime(2027, 4, 22, 14, 0))
    lead(meanwhile, facilitator)
    add_absence(facilitator, Away(date(2027, 4, 22), date(2027, 4, 23), "Europe/London"))

    page = Page(browser.get(path))

    assert "What comes up then" in page.sections
    assert "Double booking: Wanjiru Kamau facilitates Financing and Payment Models, session 2" in page.text
    assert "Away: Wanjiru Kamau cannot lead" in page.text
    assert "Overlap: session 2 runs from 14:00 London, BST." in page.text
    assert browser.submit(path, {"note": ""}).status_code == 303


def test_what_takes_place_needs_no_restoring(app, database):
    offering = make_offering()
    browser = browser_of(app, ada(offering.learning_session.journey))

    answer = browser.get(at(offering, "restore"))

    assert answer.status_code == 303
    assert "there is nothing to restore" in Page(browser.get(OVERVIEW)).notices[0]


def test_restoring_twice_restores_once(app, database):
    offering = make_offering()
    operations.cancel(offering, "Ill.", NOW)
    browser, number = browser_of(app, ada(offering.learning_session.journey)), offering.id
    token = hidden(Page(browser.get(f"/organise/offerings/{number}/restore")), "csrf_token")

    for _ in range(2):
        answer = browser.post(f"/organise/offerings/{number}/restore", data={"csrf_token": token})
        assert answer.status_code == 303

    assert [one.kind for one in changes()] == [ChangeKind.CANCELLED, ChangeKind.RESTORED]


# Deleting


def test_a_sitting_nobody_counts_on_is_deleted_after_saying_what_goes_with_it(app, database):
    learning_session = make_learning_session()
    offering = make_offering(learning_session)
    browser, number = browser_of(app, ada(learning_session.journey)), offering.id

    page = Page(browser.get(at(offering, "delete")))

    assert page.title == "Delete this sitting of “What capitation pays for”?"
    assert "This cannot be undone." in page.text
    assert "its date; the session has none then" in page.text
    assert page.buttons == ["Delete this sitting"]

    answer = browser.submit(f"/organise/offerings/{number}/delete")

    assert (answer.status_code, answer.headers["Location"]) == (303, OVERVIEW)
    assert db.get(Offering, number) is None
    assert "No date yet" in Page(browser.get(OVERVIEW)).text


def test_a_sitting_with_places_is_not_deleted_but_cancelled(app, database):
    offering = make_offering()
    everybody = cast(offering)
    browser, path, number = browser_of(app, everybody.ada), at(offering, "delete"), offering.id

    page = Page(browser.get(path))
    sent = Page(browser.submit(path, page="/sign-out"))

    assert page.title == "This sitting of “What capitation pays for” cannot be deleted"
    assert "People have asked for places in it." in page.text
    assert page.links["Cancel it instead"] == f"/organise/offerings/{number}/cancel"
    assert page.buttons == []
    assert sent.status == 422
    assert "Cancel it instead; then everybody sees that it is off." in sent.text
    assert db.get(Offering, number) is not None


def test_one_that_was_cancelled_stays_to_be_seen(app, database):
    offering = make_offering()
    operations.cancel(offering, "Ill.", NOW)

    page = Page(browser_of(app, ada(offering.learning_session.journey)).get(at(offering, "delete")))

    assert "It was changed after the journey was published" in page.text
    assert "It is cancelled already, and stays to be seen." in page.text


def test_a_session_is_deleted_with_all_its_sittings(app, database):
    learning_session = make_learning_session()
    for hour in (13, 19):
        make_offering(learning_session, wall=datetime(2027, 4, 22, hour, 0))
    browser, number = browser_of(app, ada(learning_session.journey)), learning_session.id

    page = Page(browser.get(f"{OVERVIEW}delete"))
    answer = browser.submit(f"{OVERVIEW}delete")

    assert page.title == "Delete the session “What capitation pays for”?"
    assert "the session’s text and 2 sittings, and its address" in page.text
    assert (answer.status_code, answer.headers["Location"]) == (303, JOURNEY)
    assert db.get(LearningSession, number) is None
    assert browser_of(app).get(PUBLIC).status_code == 404


def test_a_session_of_which_people_count_on_a_sitting_is_not_deleted(app, database):
    offering = make_offering()
    everybody = cast(offering)
    number = offering.learning_session_id

    browser = browser_of(app, everybody.ada)
    page = Page(browser.get(f"{OVERVIEW}delete"))
    sent = browser.submit(f"{OVERVIEW}delete", page="/sign-out")

    assert page.title == "The session “What capitation pays for” cannot be deleted"
    assert page.buttons == []
    assert sent.status_code == 422
    assert db.get(LearningSession, number) is not None


def test_who_deletes_second_is_told_that_it_is_gone(app, database):
    offering = make_offering()
    browser, path = browser_of(app, ada(offering.learning_session.journey)), at(offering, "delete")
    token = hidden(Page(browser.get(path)), "csrf_token")

    first, second = (browser.post(path, data={"csrf_token": token}) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 404)


# Who may


@pytest.mark.parametrize("step", ["cancel", "restore", "delete"])
def test_only_who_runs_the_journey_changes_its_sittings(app, database, step):
    offering = make_offering()
    operations.cancel(offering, "Ill.", NOW) if step == "restore" else None
    journey, path = offering.learning_session.journey, at(offering, step)
    other = ada(make_journey("Hers"))
    people = {
        "reader": cora(journey),
        "other organiser": other,
        "facilitator": fran(offering),
        "newcomer": nora(),
    }

    answers = {name: browser_of(app, who).get(path).status_code for name, who in people.items()}

    assert answers == dict.fromkeys(people, 403)
    stranger = browser_of(app).get(path)
    assert (stranger.status_code, stranger.headers["Location"]) == (303, f"/sign-in?next={path}")
    assert (
        browser_of(app, people["reader"]).submit(path, {"reason": "x"}, page="/sign-out").status_code == 403
    )


def test_sittings_of_a_draft_are_not_there_for_others(app, database):
    offering = make_offering(make_learning_session(make_journey(status=JourneyStatus.DRAFT)))
    other = ada(make_journey("Hers"))

    for path in (at(offering, "cancel"), at(offering, "delete"), f"{OVERVIEW}delete"):
        assert browser_of(app, other).get(path).status_code == 404
        assert browser_of(app).get(path).status_code == 404


@pytest.mark.parametrize("step", ["cancel", "restore", "delete"])
def test_a_number_that_is_none_is_not_found(app, database, step):
    browser = browser_of(app, ada(make_journey()))

    assert browser.get(f"/organise/offerings/4711/{step}").status_code == 404
    assert browser.get(f"/organise/offerings/99999999999/{step}").status_code == 404
