"""What comes of an answer: a table of answers and places, and everything that must not act."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.models import User
from app.calendars.heard import forget_old
from app.calendars.models import CalendarReply
from app.calendars.receiving import QUESTION, receive
from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments.decisions import Decided, PlaceDecision
from app.home.operations import close_account
from app.jobs.worker import periodic
from app.journeys.operations import close
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.scheduling.operations import cancel
from tests.calendars.mail.conftest import LATER, last_reply
from tests.calendars.mail.writing import AUTHSERV, PROGRAMS, answer_to, like_outlook, vouched
from tests.enrolments.ruled import ruled
from tests.factories import NOW, make_offering
from tests.notices.golden import text_in
from tests.people import pat, seat, will

CONFIRMED, OFFERED, WAITING = PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.WAITING
RELEASED, REQUESTED, DECLINED = PlaceStatus.RELEASED, PlaceStatus.REQUESTED, PlaceStatus.DECLINED


def questions():
    return db.query(OutboxMessage).filter_by(kind=QUESTION).all()


def decisions(place):
    found = db.query(PlaceDecision.what).filter_by(place_id=place.id).order_by(PlaceDecision.id)
    return [what for (what,) in found]


@pytest.mark.parametrize(
    ("had", "says", "outcome", "has", "log"),
    [
        ("offered", "ACCEPTED", "acted", CONFIRMED, [Decided.ACCEPTED]),
        ("offered", "DECLINED", "acted", RELEASED, [Decided.OFFER_DECLINED]),
        ("offered", "TENTATIVE", "recorded", OFFERED, []),
        ("offered", "DELEGATED", "recorded", OFFERED, []),
        ("offered", "NEEDS-ACTION", "recorded", OFFERED, []),
        ("offered", "X-WHATEVER", "recorded", OFFERED, []),
        ("confirmed", "ACCEPTED", "nothing", CONFIRMED, []),
        ("confirmed", "DECLINED", "acted", RELEASED, [Decided.RELEASED]),
        ("confirmed", "TENTATIVE", "recorded", CONFIRMED, []),
        ("confirmed", "DELEGATED", "recorded", CONFIRMED, []),
        ("waiting", "ACCEPTED", "nothing", WAITING, []),
        ("waiting", "DECLINED", "nothing", WAITING, []),
        ("waiting", "TENTATIVE", "recorded", WAITING, []),
    ],
)
def test_what_an_answer_of_a_vouched_sender_does(request, asking, hear, had, says, outcome, has, log):
    place = request.getfixturevalue(had)
    before = decisions(place)
    assert hear(vouched(answer_to(place, asking, says))) == outcome
    assert place.status is has
    assert decisions(place) == before + log
    assert questions() == []
    row = last_reply()
    answers = {"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"}
    assert (row.place_id, row.answer) == (place.id, says.lower() if says in answers else "other")
    assert row.detail


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_is_understood(offered, asking, hear, program):
    answer = vouched(answer_to(offered, asking, "TENTATIVE"))
    assert hear(answer, write=PROGRAMS[program]) == "recorded"
    assert hear(answer.later(says="ACCEPTED"), write=PROGRAMS[program]) == "acted"
    assert (offered.status, last_reply().answer) == (CONFIRMED, "accepted")


@pytest.mark.parametrize("status", [RELEASED, DECLINED, REQUESTED])
@pytest.mark.parametrize("says", ["ACCEPTED", "DECLINED"])
def test_an_answer_makes_no_place(confirmed, asking, hear, status, says):
    confirmed.status = status
    assert hear(vouched(answer_to(confirmed, asking, says))) == "nothing"
    assert confirmed.status is status


def test_after_the_time_to_give_up_freely_it_is_noted_that_they_cannot_come(database, asking, hear):
    place = seat(pat(), ruled({"cancel_hours": 24}, capacity_online=2))
    late = place.offering.starts_at - timedelta(hours=2)
    assert hear(vouched(answer_to(place, asking, "DECLINED")), now=late) == "acted"
    assert (place.status, place.cannot_come_at) == (RELEASED, late)
    assert last_reply().detail == "The place was given up. It was noted that they can’t come."


def test_what_a_no_has_done_is_confirmed_by_a_letter(app, confirmed, asking, hear, time_machine):
    time_machine.move_to(LATER)
    assert hear(vouched(answer_to(confirmed, asking, "DECLINED"))) == "acted"
    told = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "place-released")).one()
    with app.app_context():
        text = text_in(compose(told, "Meridian <meridian@example.org>"))
    assert "You have given up your place in “What capitation pays for”" in text
    assert "Your calendar answered “no” to the invitation, and so this was done." in text


def test_the_next_in_line_has_the_place_at_once(database, asking, hear):
    offering = make_offering(capacity_online=1)
    held, waits = seat(pat(), offering), seat(will(), offering)
    assert hear(vouched(answer_to(held, asking, "DECLINED"))) == "acted"
    assert (held.status, waits.status) == (RELEASED, CONFIRMED)


@pytest.mark.parametrize("says", ["ACCEPTED", "DECLINED"])
def test_what_is_over_stays_as_it_was(offered, asking, hear, says):
    answer = vouched(answer_to(offered, asking, says))
    assert hear(answer, now=offered.offering.ends_at + timedelta(days=1)) in {"nothing", "stale"}
    assert offered.status is RELEASED  # the offer had lapsed at the start


def test_a_place_in_a_session_that_is_over_is_not_given_up(confirmed, asking, hear):
    answer = vouched(answer_to(confirmed, asking, "DECLINED"))
    assert hear(answer, now=confirmed.offering.ends_at) == "nothing"
    assert (confirmed.status, last_reply().detail) == (CONFIRMED, "The session was over.")


def test_an_offer_is_not_accepted_once_the_journey_is_closed(offered, asking, hear):
    close(offered.offering.learning_session.journey, "Over", NOW.date(), NOW)
    assert hear(answer_to(offered, asking)) == "nothing"
    assert offered.status is OFFERED


def test_an_offer_that_lapsed_is_not_taken(offered, asking, hear):
    assert hear(answer_to(offered, asking), now=NOW + timedelta(hours=49)) == "stale"
    assert offered.status is RELEASED


class TestWhoAnswers:
    """Address, attendee and event must agree; the sender counts for giving up alone."""

    def test_accepting_needs_nobody_to_vouch(self, offered, asking, hear):
        assert hear(answer_to(offered, asking, sender="someone@elsewhere.example")) == "acted"
        assert offered.status is CONFIRMED

    @pytest.mark.parametrize(
        "change",
        [
            {"attendee": "will@example.org"},
            {"uid": "another@meridian.invalid"},
            {"to": "replies@meridian.example"},
            {"to": f"replies+{'a' * 34}@meridian.example"},
        ],
    )
    @pytest.mark.parametrize("says", ["ACCEPTED", "DECLINED", "TENTATIVE"])
    def test_what_does_not_belong_together_is_refused(self, offered, asking, hear, change, says):
        sender = "Pat <pat@example.org>"
        answer = vouched(answer_to(offered, asking, says)).but(sender=sender, **change)
        assert hear(answer) == "refused"
        assert (offered.status, questions()) == (OFFERED, [])

    def test_an_address_with_another_place_in_it_is_refused(self, offered, confirmed_too, asking, hear):
        mine, other = answer_to(offered, asking), answer_to(confirmed_too, asking)
        token, others = (one.to.partition("+")[2].partition("@")[0] for one in (mine, other))
        mixed = f"replies+{others[:8]}{token[8:]}@meridian.example"
        assert hear(mine.but(to=mixed)) == "refused"
        assert hear(mine.but(to=other.to)) == "refused"
        assert (offered.status, confirmed_too.status) == (OFFERED, CONFIRMED)

    @pytest.fixture
    def confirmed_too(self, database):
        return seat(will(), make_offering(capacity_online=5))

    def test_an_address_made_before_the_person_had_another_is_refused(self, offered, asking, hear):
        answer = answer_to(offered, asking)
        user = db.get_one(User, offered.participant.user_id)
        user.email = user.email_folded = "pat.asante@example.org"
        assert hear(answer) == "refused"
        assert hear(answer.but(attendee="pat.asante@example.org")) == "refused"
        assert hear(answer_to(offered, asking)) == "acted"

    def test_case_and_percent_signs_of_an_address_do_not_matter(self, offered, asking, hear):
        answer = answer_to(offered, asking)
        assert hear(answer.but(attendee="P%61T@Example.ORG", to=answer.to.upper())) == "acted"

    def test_the_envelope_goes_before_the_header(self, offered, asking, hear):
        right = answer_to(offered, asking)
        assert hear(right, recipient="somebody@meridian.example") == "refused"
        assert hear(right.but(to="list@example.org"), recipient=right.to) == "acted"

    @pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Cc"])
    def test_the_address_is_looked_for_where_mail_servers_put_it(self, offered, asking, hear, name):
        right = answer_to(offered, asking)
        assert (
            hear(right.but(to="Undisclosed <list@example.org>", headers=(f"{name}: {right.to}",))) == "acted"
        )


PASS = f"{AUTHSERV}; dmarc=pass header.from=example.org"


@pytest.mark.parametrize(
    ("results", "sender"),
    [
        ((), ""),
        (("mx.elsewhere.example; dmarc=pass header.from=example.org",), ""),
        (("mx.elsewhere.example; dmarc=pass header.from=example.org", PASS), ""),
        ((f"{AUTHSERV}; dmarc=fail header.from=example.org", PASS), ""),
        ((PASS,), "will@example.org"),
        ((PASS,), "Pat <pat@example.org>, Will <will@example.org>"),
        ((PASS,), '"pat@example.org" <will@example.org>'),
    ],
)
def test_a_decline_nobody_vouches_for_is_asked_about_once(confirmed, asking, hear, results, sender):
    answer = answer_to(confirmed, asking, "DECLINED", results=results, sender=sender)
    assert hear(answer) == "asked"
    assert hear(answer.later()) == "nothing"
    assert (confirmed.status, [one.to_address for one in questions()]) == (CONFIRMED, ["pat@example.org"])
    assert questions()[0].payload == {"place_id": confirmed.id, "sequence": 0}


def test_a_vouched_answer_after_the_question_still_acts(confirmed, asking, hear):
    answer = answer_to(confirmed, asking, "DECLINED")
    assert hear(answer) == "asked"
    assert hear(vouched(answer.later())) == "acted"
    assert confirmed.status is RELEASED


def test_a_second_from_is_nobodys(confirmed, asking, hear):
    answer = vouched(answer_to(confirmed, asking, "DECLINED", headers=("From: will@example.org",)))
    assert hear(answer) == "asked"


def test_without_a_trusted_server_nobody_is_vouched_for(confirmed, asking):
    raw = like_outlook(vouched(answer_to(confirmed, asking, "DECLINED")))
    assert receive(raw, None, replace(asking, trusted_authserv=""), LATER).outcome == "asked"


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        ("Precedence: bulk", "recorded"),
        ("Precedence: list", "recorded"),
        ("List-Id: <everybody.example.org>", "recorded"),
        ("Return-Path: <>", "recorded"),
        ("Auto-Submitted: auto-generated", "recorded"),
        ("Auto-Submitted: auto-replied; owner=pat@example.org", "recorded"),
        ("Auto-Submitted: no", "asked"),
        ("Return-Path: <pat@example.org>", "asked"),
    ],
)
def test_machines_get_no_mail(confirmed, asking, hear, header, outcome):
    answer = answer_to(confirmed, asking, "DECLINED", headers=(header,))
    assert hear(answer) == outcome
    assert len(questions()) == (1 if outcome == "asked" else 0)
    assert confirmed.status is CONFIRMED


def test_a_program_that_answers_for_a_vouched_person_is_heard(confirmed, asking, hear):
    answer = vouched(answer_to(confirmed, asking, "DECLINED", headers=("Auto-Submitted: auto-generated",)))
    assert hear(answer) == "acted"


def test_our_own_mail_that_comes_back_does_nothing(offered, asking, hear):
    assert hear(replace(answer_to(offered, asking), number="<0123@meridian.invalid>")) == "recorded"
    assert offered.status is OFFERED


@pytest.mark.parametrize("method", ["COUNTER", "REQUEST", "CANCEL", "REFRESH", "PUBLISH"])
def test_other_methods_are_recorded(offered, asking, hear, method):
    assert hear(vouched(answer_to(offered, asking, "DECLINED", method=method))) == "recorded"
    assert (offered.status, last_reply().answer) == (OFFERED, "counter" if method == "COUNTER" else "other")


class TestOrder:
    """Each mail once, nothing older than what was heard, nothing newer than what was asked."""

    def test_the_same_mail_twice_is_heard_once(self, confirmed, asking, hear):
        answer = vouched(answer_to(confirmed, asking, "DECLINED"))
        assert hear(answer) == "acted"
        number = confirmed.sequence
        assert hear(answer) == "heard before"
        assert (confirmed.sequence, db.query(CalendarReply).count()) == (number, 1)

    def test_without_a_number_its_bytes_tell_it(self, offered, asking, hear):
        answer = replace(answer_to(offered, asking, "TENTATIVE"), number="")
        assert [hear(answer), hear(answer)] == ["recorded", "heard before"]
        assert hear(replace(answer, says="ACCEPTED")) == "acted"

    @pytest.mark.parametrize("says", ["ACCEPTED", "DECLINED", "TENTATIVE"])
    def test_what_answers_an_older_request_is_stale(self, offered, asking, hear, says):
        answer = vouched(answer_to(offered, asking, says))
        assert hear(answer.but(sequence=answer.sequence - 1)) == "stale"
        assert offered.status is OFFERED

    @pytest.mark.parametrize("says", ["ACCEPTED", "DECLINED", "TENTATIVE"])
    def test_what_answers_a_request_never_sent_is_refused(self, offered, asking, hear, says):
        answer = vouched(answer_to(offered, asking, says))
        assert hear(answer.but(sequence=answer.sequence + 1)) == "refused"
        assert offered.status is OFFERED

    def test_a_change_of_the_sitting_makes_answers_stale(self, offered, asking, hear):
        answer = answer_to(offered, asking)
        offered.offering.sequence += 1
        db.flush()
        assert hear(answer) == "stale"

    def test_a_cancelled_sitting_takes_no_answers(self, offered, asking, hear):
        answer = answer_to(offered, asking)
        cancel(offered.offering, "Strike", LATER)
        assert hear(answer) == "stale"
        assert hear(answer_to(offered, asking)) == "nothing"
        assert offered.status is WAITING

    def test_an_answer_that_was_overtaken_is_stale(self, offered, asking, hear):
        first = vouched(answer_to(offered, asking, "DECLINED"))
        second = first.later(says="TENTATIVE")
        assert [hear(second), hear(first)] == ["recorded", "stale"]
        assert offered.status is OFFERED

    def test_a_clock_that_runs_ahead_silences_nobody(self, offered, asking, hear):
        ahead = answer_to(offered, asking, "TENTATIVE", stamped_at=LATER + timedelta(days=400))
        assert hear(ahead) == "recorded"
        right = answer_to(offered, asking, stamped_at=LATER + timedelta(minutes=2))
        assert hear(right, now=LATER + timedelta(minutes=2)) == "acted"

    def test_what_was_refused_makes_nothing_stale(self, offered, asking, hear):
        right = answer_to(offered, asking)
        assert hear(right.later(30, attendee="will@example.org")) == "refused"
        assert hear(right) == "acted"

    def test_who_changes_their_mind_in_time_is_heard_twice(self, offered, asking, hear):
        assert hear(answer_to(offered, asking)) == "acted"
        again = vouched(answer_to(offered, asking, "DECLINED", stamped_at=NOW + timedelta(minutes=5)))
        assert hear(again) == "acted"
        assert offered.status is RELEASED


class TestKeeping:
    def test_nothing_that_is_kept_names_an_address(self, confirmed, asking, hear):
        answers = [answer_to(confirmed, asking, says) for says in ("ACCEPTED", "DECLINED", "TENTATIVE")]
        strangers = [answers[0].but(attendee="will@example.org"), answers[0].but(to="x@y.example")]
        for number, answer in enumerate([*answers, *strangers]):
            hear(replace(answer, number=f"<{number}.pat@example.org>"))
        rows = db.execute(select(CalendarReply.__table__)).all()
        kept = " ".join(str(value) for row in rows for value in row)
        assert len(rows) == 5
        assert "@" not in kept
        assert "pat" not in kept.lower()

    def test_a_closed_account_cannot_be_answered_for(self, confirmed, asking, hear):
        answer = answer_to(confirmed, asking)
        participant = confirmed.participant
        close_account(db.get_one(User, participant.user_id), participant, LATER)
        assert hear(answer) == "refused"
        assert last_reply().place_id is None

    def test_the_worker_tidies_each_day(self, app):
        assert periodic["calendars.tidy"] == timedelta(days=1)

    def test_old_ones_go_but_not_before_their_sitting_is_over(self, confirmed, asking, hear):
        answer = answer_to(confirmed, asking)
        assert hear(answer) == "nothing"
        assert hear(answer.but(to="x@meridian.example")) == "refused"

        def left(days):
            forget_old(NOW + timedelta(days=days))
            return db.query(CalendarReply).count()

        confirmed.offering.ends_at = NOW + timedelta(days=200)
        db.flush()
        assert [left(30), left(31), left(199), left(201)] == [2, 1, 1, 0]


CHANGES = st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=8), st.integers(0, 30)), max_size=4)
SAYS = st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"])


@given(st.sampled_from(list(PROGRAMS.values())), SAYS, CHANGES)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_arrives_is_heard_and_answered_by_one_mail_at_most(offered, asking, write, says, changes):
    answer = answer_to(offered, asking, says)
    raw = write(answer)
    for where, put_in, cut in changes:
        at = int(where * len(raw))
        raw = raw[:at] + put_in + raw[at + cut :]
    assert receive(raw, answer.to, asking, LATER).detail
    assert offered.status in {OFFERED, CONFIRMED}  # nobody vouches here
    assert len(questions()) <= 2  # one for the offer, one for the place
