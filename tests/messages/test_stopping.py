"""The link that switches a kind of message off."""

import random

import pytest

from app.domain.emails import LONGEST_EMAIL, can_be_email
from app.messages.kinds import Choice
from app.messages.stopping import LONGEST_TOKEN, meant_by, token_for

SECRET = "x" * 40


@pytest.mark.parametrize("first", [0x61, 0x4E00, 0x20000, 0x10000], ids=["ascii", "cjk", "rare", "any"])
def test_the_link_of_the_longest_address_is_understood(first):
    chance = random.Random(first)  # noqa: S311  # chance, not secrecy
    last = {0x61: 0x7A, 0x4E00: 0x9FFF, 0x20000: 0x2A6D0, 0x10000: 0x10FFFD}[first]
    letters = (chr(chance.randint(first, last)) for _ in range(LONGEST_EMAIL - 5))
    address = f"a@{''.join(letters)}.hk"
    assert (len(address), can_be_email(address)) == (LONGEST_EMAIL, True)
    for choice in Choice:
        token = token_for(address, choice, SECRET)
        assert len(token) < LONGEST_TOKEN / 2
        assert meant_by(token, SECRET) == (address, choice)


def test_what_is_not_ours_or_far_too_long_is_nobodys():
    token = token_for("pat@people.internal", Choice.DIGEST, SECRET)
    assert meant_by(token, SECRET) == ("pat@people.internal", Choice.DIGEST)
    assert meant_by(token, "y" * 40) is None
    assert meant_by(token[:-1], SECRET) is None
    assert meant_by("x" * (LONGEST_TOKEN + 1), SECRET) is None
