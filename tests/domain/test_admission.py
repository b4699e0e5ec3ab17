"""Who gets into a journey, decided: laws over every policy and everybody who asks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.admission import Admission, Asker, Entry, Policy, decide
from app.domain.errors import DomainError, NotOpen, Refused

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MOMENTS = st.none() | st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        timezone="Africa/Accra",
        admission=draw(st.sampled_from(Admission)),
        question=draw(st.sampled_from(("", "Why?"))),
        opens_at=draw(MOMENTS),
        closes_at=draw(MOMENTS),
        most_people=draw(st.none() | st.integers(1, 5)),
    )


@st.composite
def askers(draw: st.DrawFn) -> Asker:
    return Asker(
        is_invited=draw(st.booleans()),
        brings_code=draw(st.booleans()),
        has_confirmed_address=draw(st.booleans()),
        answer=draw(st.sampled_from(("", "  ", "Because."))),
        declined=draw(st.none() | st.just("Not for you.")),
    )


def outcome(policy: Policy, asker: Asker, people: int) -> Entry | DomainError:
    try:
        return decide(policy, asker, people, NOW)
    except DomainError as refusal:
        return refusal


@given(policies(), askers(), st.integers(0, 6))
def test_nobody_gets_in_outside_the_time_or_above_the_limit(policy, asker, people):
    found = outcome(policy, asker, people)
    if not policy.has_begun(NOW) or policy.has_ended(NOW):
        assert isinstance(found, NotOpen)
    elif policy.most_people is not None and people >= policy.most_people:
        assert isinstance(found, Refused)


@given(policies(), askers(), st.integers(0, 6))
def test_who_gets_in_is_let_in_by_the_policy(policy, asker, people):
    found = outcome(policy, asker, people)
    if found is Entry.REQUESTED:
        assert policy.admission is Admission.APPROVAL
        assert asker.declined is None
        assert not policy.question or asker.answer.strip()
    if found is Entry.ADMITTED:
        assert policy.admission is Admission.OPEN or asker.is_invited


@given(policies(), askers(), st.integers(0, 6))
def test_every_refusal_is_a_sentence(policy, asker, people):
    found = outcome(policy, asker, people)
    if isinstance(found, DomainError):
        assert found.message[0].isupper()
        assert found.message.endswith(".")


@pytest.mark.parametrize(
    ("asker", "words", "field"),
    [
        (Asker(brings_code=True), "This code lets nobody in", "code"),
        (Asker(), "your e-mail address is not invited", "code"),
        (Asker(has_confirmed_address=False), "confirm it first", "code"),
    ],
)
def test_who_is_not_invited_is_told_what_to_do(asker, words, field):
    with pytest.raises(DomainError, match=words) as refused:
        decide(Policy(admission=Admission.INVITATION), asker, 0, NOW)
    assert refused.value.field == field
