from datetime import timedelta

import pytest

from app.messages.models import MessageState, OutboxMessage
from app.notices.outbox_masking import without_addresses, without_links
from app.notices.outbox_words import KINDS, SIGNS, STATES, answer_in_words, fate
from app.notices.wiring import kinds
from tests.factories import NOW

AT = "Monday 1 March 2027, 09:00 in Accra (GMT, UTC)"
LATER = "Monday 1 March 2027, 10:00 in Accra (GMT, UTC)"


def test_every_kind_and_state_has_words():
    assert {one.name for one in kinds()} - set(KINDS) == set()
    assert set(STATES) == set(SIGNS) == set(MessageState)


@pytest.mark.parametrize(
    ("facts", "answer", "said"),
    [
        ({"state": "queued"}, "", "It is due."),
        ({"state": "queued", "due_at": NOW + timedelta(hours=1)}, "", f"It is due on {LATER}."),
        (
            {"state": "queued", "tries": 2, "due_at": NOW + timedelta(hours=1)},
            "451 later",
            f"Tried 2 times. It is tried again on {LATER}. Last time: 451 later.",
        ),
        (
            {"state": "queued", "tries": 1},
            "421 busy",
            "Tried once. It is tried again at once. Last time: 421 busy.",
        ),
        ({"state": "sending", "tries": 1}, "", "A worker has it in hand."),
        ({"state": "sent", "sent_at": NOW}, "", f"{AT}."),
        ({"state": "dead", "tries": 1}, "550 unknown", "It is not tried again: 550 unknown."),
        (
            {"state": "expired"},
            "its time had passed",
            "There was nothing to tell any more: its time had passed.",
        ),
    ],
)
def test_what_became_of_it_is_a_sentence(facts, answer, said):
    message = OutboxMessage(**{"tries": 0, "due_at": NOW} | facts | {"state": MessageState(facts["state"])})
    assert fate(message, "Africa/Accra", NOW, answer) == said


def test_an_answer_has_its_code_once_and_no_address_for_who_may_not_see_any():
    text = "550 5.1.1 <pat@example.org>: no such user"
    assert answer_in_words(550, text, True, True) == text
    assert answer_in_words(550, "no such user", True, True) == "550 no such user"
    assert answer_in_words(550, text, False, True) == "550 5.1.1 <[address]>: no such user"


SECRET = "Zm9v.YmFy-_09"


def test_every_address_of_this_site_that_ends_with_a_token_is_masked(app):
    rules = [rule.rule for rule in app.url_map.iter_rules() if "<token>" in rule.rule]
    assert len(rules) == 6
    for rule in rules:
        link = f"http://127.0.0.1:8000{rule.replace('<token>', SECRET)}"
        for text in (f"Look: {link} now", f'<a href="{link}?next=/me/">Look</a>'):
            assert SECRET not in without_links(text), rule


def test_codes_and_tagged_addresses_are_masked_and_other_links_are_not():
    plain = "http://127.0.0.1:8000/journeys/a/sessions/the-handout-at-the-tables/"
    assert without_links(plain) == plain
    assert without_links("/enrolment?all=1&amp;code=ghana-2027") == "/enrolment?all=1&amp;code=…"
    assert without_links(f"replies+{'a2' * 17}@example.org") == "replies+…@example.org"


def test_no_address_remains():
    assert without_addresses("Write to <ada@example.org>, or bob@b.example.org.") == (
        "Write to <[address]>, or [address]."
    )
