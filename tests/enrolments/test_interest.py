"""Saying that one would come to a session without a date: the rules, and the screens of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from app.accounts.models import User
from app.database import db, writing
from app.domain.availability import Availability
from app.domain.errors import DomainError, NotOpen
from app.enrolments import operations, queries
from app.enrolments.interest import say_interest, withdraw_everywhere, withdraw_interest
from app.enrolments.models import Interest
from app.home.operations import close_account
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import LearningSession
from app.participants.models import Participant
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account, nora, pat, will

HOUR = timedelta(hours=1)
ANY = Availability()
AFTERNOONS = Availability(frozenset({"mon", "thu"}), 840, 1080)
HERE = "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
SAY = f"{HERE}interest"
LIST = f"/organise{SAY}"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def rows():
    return db.scalars(select(Interest).order_by(Interest.id)).all()


# The rules


def test_saying_so_again_asks_for_an_answer_again():
    one, efua = make_learning_session(), pat()
    say_interest(one, efua, ANY, "", NOW).answered_at = NOW
    say_interest(one, efua, ANY, "", NOW + HOUR)
    assert [one.participant.name for one in queries.interested(one.id)] == ["Pat Asante"]


def test_who_says_so_is_kept_with_when_they_can_and_in_order():
    one, efua, bo = make_learning_session(), pat(), will()
    say_interest(one, efua, AFTERNOONS, "  Not in June. ", NOW)
    say_interest(one, bo, ANY, "", NOW + HOUR)
    first, second = queries.interested(one.id)
    assert (first.participant.name, first.weekdays, first.can_from, first.can_until, first.note) == (
        "Pat Asante", "mon thu", 840, 1080, "Not in June.",
    )  # fmt: skip
    assert (second.participant.name, second.weekdays, second.can_from) == ("Will Rahman", "", None)
    assert queries.availability_of(first) == AFTERNOONS
    assert queries.interest_counts(one.journey_id) == {one.id: 2}
    assert (queries.interest_in(one.id, bo.id).people, queries.interest_in(one.id, bo.id).is_own) == (2, True)
    assert queries.interest_in(one.id, None).is_own is False


def test_saying_so_again_changes_it_and_keeps_the_turn():
    one, efua = make_learning_session(), pat()
    say_interest(one, efua, ANY, "", NOW)
    say_interest(one, will(), ANY, "", NOW + HOUR)
    say_interest(one, efua, AFTERNOONS, "", NOW + 2 * HOUR)
    assert [one.participant.name for one in queries.interested(one.id)] == ["Pat Asante", "Will Rahman"]
    assert rows()[0].said_at == NOW
    assert len(rows()) == 2


def test_withdrawing_forgets_what_was_said_and_coming_back_takes_a_new_turn():
    one, efua = make_learning_session(), pat()
    say_interest(one, efua, AFTERNOONS, "Not in June.", NOW)
    say_interest(one, will(), ANY, "", NOW + HOUR)
    assert withdraw_interest(one.id, efua, NOW + HOUR)
    assert not withdraw_interest(one.id, efua, NOW + HOUR)
    (kept, _) = rows()
    assert (kept.weekdays, kept.can_from, kept.note, kept.withdrawn_at) == ("", None, "", NOW + HOUR)
    assert queries.interest_counts(one.journey_id) == {one.id: 1}
    say_interest(one, efua, ANY, "", NOW + 2 * HOUR)
    assert [one.participant.name for one in queries.interested(one.id)] == ["Will Rahman", "Pat Asante"]


@pytest.mark.parametrize("status", [JourneyStatus.DRAFT, JourneyStatus.CLOSED, JourneyStatus.ARCHIVED])
def test_only_a_journey_that_runs_takes_interest(status):
    one = make_learning_session(make_journey(status=status))
    with pytest.raises(NotOpen):
        say_interest(one, pat(), ANY, "", NOW)


def test_a_dated_session_takes_places_instead():
    offering = make_offering()
    with pytest.raises(NotOpen) as refused:
        say_interest(offering.learning_session, pat(), ANY, "", NOW)
    assert str(refused.value) == "This session has a date now; take a place in it."


def test_a_note_has_an_end():
    with pytest.raises(DomainError) as refused:
        say_interest(make_learning_session(), pat(), ANY, "x" * 1001, NOW)
    assert refused.value.field == "note"


def test_leaving_a_journey_withdraws_from_its_sessions_only():
    here, efua = make_learning_session(), pat()
    there = make_learning_session(make_journey("Another journey"))
    for one in (here, there):
        say_interest(one, efua, ANY, "", NOW)
    operations.enrol(here.journey, efua, NOW)
    operations.leave(here.journey, efua, NOW)
    assert queries.interested(here.id) == []
    assert len(queries.interested(there.id)) == 1


def test_closing_an_account_withdraws_everywhere_and_keeps_no_words():
    one, efua = make_learning_session(), pat()
    say_interest(one, efua, AFTERNOONS, "My phone is 0302.", NOW)
    close_account(db.get_one(User, efua.user_id), efua, NOW)
    (kept,) = rows()
    db.refresh(kept)
    assert (kept.note, kept.weekdays, kept.withdrawn_at) == ("", "", NOW)
    assert queries.interested(one.id) == []


@pytest.mark.engine("postgres")
def test_withdrawing_everywhere_takes_its_turn_with_dating(real_database):
    with writing():
        one, efua = make_learning_session(), pat()
        say_interest(one, efua, ANY, "", NOW)
    with real_database.begin() as dating:
        dating.execute(select(LearningSession.id).with_for_update())
        db.execute(text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            withdraw_everywhere(efua, NOW)
        db.rollback()
    with writing():
        assert withdraw_everywhere(efua, NOW) == 1


# The screens


def test_an_adviser_says_so_changes_it_and_withdraws(app):
    make_learning_session()
    browser = browser_of(app, pat())
    page = Page(browser.get(HERE))
    assert "Would you come?" in page.sections
    assert "Nobody has said so yet." in page.text
    assert page.links["I would come"] == SAY

    form = Page(browser.get(SAY))
    assert form.title == "You would come"
    assert "On your own clock: Accra, where it is 09:00 now (GMT, UTC)" in form.text
    answer = browser.submit(
        SAY, {"weekdays": ["mon", "thu"], "can_from": "14:00", "can_until": "18:00", "note": "Not in June."}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}#interest")
    page = Page(browser.get(HERE))
    assert page.notices == ["The organisers know that you would come. We write to you when there is a date."]
    assert "1 person would come: you." in page.text

    mine = Page(browser.get("/me/"))
    assert "Waiting for a date" in mine.sections
    assert "You can come on Mon and Thu, 14:00–18:00 Accra" in mine.text

    again = browser.get(SAY).text
    assert again.count("checked") == 2
    assert 'value="14:00"' in again
    assert "Not in June." in again
    browser.submit(SAY, {"can_from": "", "can_until": "", "note": ""})
    assert queries.availability_of(rows()[0]) == ANY

    gone = browser.submit(f"{SAY}/withdraw", page=HERE)
    assert (gone.status_code, gone.headers["Location"]) == (303, HERE)
    assert "Nobody has said so yet." in Page(browser.get(HERE)).text
    assert "Waiting for a date" not in Page(browser.get("/me/")).sections


def test_until_midnight_is_the_end_of_the_day(app):
    make_learning_session()
    browser = browser_of(app, pat())
    browser.submit(SAY, {"can_from": "20:00", "can_until": "00:00"})
    assert (rows()[0].can_from, rows()[0].can_until) == (1200, 1440)
    assert 'value="00:00"' in browser.get(SAY).text


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"can_from": "25:00", "can_until": "18:00"},
            "can_from",
            "Give a time of day between 00:00",
        ),
        ({"can_from": "14:00"}, "can_until", "Say until when you can, or leave both hours empty."),
        ({"can_until": "14:00"}, "can_from", "Say from when on you can, or leave both hours empty."),
        ({"can_from": "18:00", "can_until": "14:00"}, "can_until", "The hours end after they begin"),
        ({"weekdays": ["moonday"]}, "weekdays", "Choose weekdays from Monday to Sunday."),
        ({"note": "x" * 1001}, "note", "Use at most 1,000 characters."),
        ({"note": "nul \x00"}, "note", "a character that cannot be kept"),
    ],
)
def test_bad_input_is_answered_at_its_field_with_nothing_lost(app, fields, field, sentence):
    make_learning_session()
    browser = browser_of(app, pat())
    typed = {"note": "Ramadan: كل مساء 🌙"} | fields
    answer = browser.submit(SAY, typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="{field}-error"' in answer.text
    if "note" not in fields:
        assert "كل مساء 🌙" in answer.text
    for name in ("can_from", "can_until"):
        if name in fields:
            assert f'value="{fields[name]}"' in answer.text
    assert rows() == []


def test_a_stranger_signs_in_first_and_a_profile_is_needed(app):
    make_learning_session()
    stranger = browser_of(app)
    assert Page(stranger.get(HERE)).links["Sign in to say that you would come"] == SAY
    answer = stranger.get(SAY)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={SAY}")
    without = browser_of(app, make_account("Root Admin")).get(SAY)
    assert (without.status_code, without.headers["Location"]) == (303, "/me/profile")


def test_a_session_that_got_a_date_meanwhile_leads_to_it(app):
    one = make_learning_session()
    browser = browser_of(app, pat())
    token = browser.get(SAY).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    make_offering(db.get_one(LearningSession, one.id))
    answer = browser.post(SAY, data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}#interest")
    assert Page(browser.get(HERE)).notices[0] == "This session has a date now; take a place in it."
    assert browser.get(SAY).status_code == 303
    assert rows() == []


def test_a_closed_journey_asks_nobody(app):
    make_learning_session(make_journey(status=JourneyStatus.CLOSED))
    browser = browser_of(app, pat())
    assert "Would you come?" not in Page(browser.get(HERE)).sections
    assert browser.get(SAY).status_code == 303


def test_a_form_without_its_token_comes_back(app):
    make_learning_session()
    browser = browser_of(app, pat())
    assert browser.post(SAY, data={"note": "hello"}).status_code == 422
    again = browser.post(f"{SAY}/withdraw")
    assert again.status_code == 422
    assert Page(again).buttons[-1] == "Withdraw my interest"


def test_drafts_are_not_there_for_others(app):
    make_learning_session(make_journey(status=JourneyStatus.DRAFT))
    assert browser_of(app, pat()).get(SAY).status_code == 404


def test_organisers_read_who_when_and_what_it_adds_up_to(app):
    one = make_learning_session()
    say_interest(one, pat(), AFTERNOONS, "Not in June.", NOW)
    say_interest(one, will(), Availability(frozenset({"thu"})), "", NOW + HOUR)
    for who in (ada(one.journey), cora(one.journey)):
        page = Page(browser_of(app, who).get(LIST))
        assert page.title == "Who would come"
        assert "2 people say so, in 2 time zones." in page.text
        assert "Mon 1, Tue 0, Wed 0, Thu 2, Fri 0" in page.text
        assert "Accra 1 GMT, UTC, Dhaka 1 UTC+6" in page.text
        assert "Pat Asante Ghana Mon and Thu 14:00–18:00 Accra, GMT, UTC Not in June." in page.text
        assert "Will Rahman Bangladesh Thu Any hour Dhaka, UTC+6" in page.text
        assert page.text.index("Pat Asante") < page.text.index("Will Rahman")


def test_an_empty_list_says_so(app):
    one = make_learning_session()
    assert "Nobody has said so yet" in Page(browser_of(app, ada(one.journey)).get(LIST)).text


def test_others_do_not_see_the_list_nor_any_name(app):
    one = make_learning_session()
    say_interest(one, pat(), ANY, "", NOW)
    assert browser_of(app, nora()).get(LIST).status_code == 403
    assert browser_of(app).get(LIST).status_code == 303
    for who in (None, nora_again()):
        page = Page(browser_of(app, who).get(HERE))
        assert "1 person would come." in page.text
        assert "Pat" not in page.text


def nora_again() -> Participant:
    return db.scalars(select(Participant).where(Participant.name == "Nora Ilunga")).one()


def crowd(one, first, count):
    for number in range(first, first + count):
        say_interest(one, make_participant(f"P{number} Test"), AFTERNOONS, "", NOW)


def test_the_list_costs_the_same_for_one_and_for_thirty(app, query_counter):
    one = make_learning_session()
    crowd(one, 0, 1)
    browser, costs = browser_of(app, ada(one.journey)), []
    for more in (0, 29):
        crowd(one, 1, more)
        with query_counter() as counted:
            assert browser.get(LIST).status_code == 200
        costs.append(counted.count)
    assert costs[0] == costs[1]


def test_my_learning_costs_the_same_for_one_and_for_thirty(app, query_counter):
    efua, journey = pat(), make_journey()
    say_interest(make_learning_session(journey, "Session 0"), efua, ANY, "", NOW)
    browser, costs = browser_of(app, efua), []
    for more in (0, 29):
        for number in range(more):
            say_interest(make_learning_session(journey, f"Session {number + 1}"), efua, ANY, "", NOW)
        db.commit()  # the catalogue's index follows
        with query_counter() as counted:
            page = Page(browser.get("/me/"))
        assert page.text.count("You can come on any day at any hour") == 1 + more
        costs.append(counted.count)
    assert costs[0] == costs[1]


def test_one_row_for_one_person_and_session():
    one, efua = make_learning_session(), pat()
    for hours in range(3):
        say_interest(one, efua, ANY, "", NOW + hours * HOUR)
        withdraw_interest(one.id, efua, NOW + hours * HOUR)
    assert db.scalar(select(func.count()).select_from(Interest)) == 1
