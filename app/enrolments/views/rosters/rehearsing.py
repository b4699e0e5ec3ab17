"""A message as three of its readers would get it, and a copy of it for its writer alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import request
from flask_login import current_user

from app.accounts import attempts
from app.accounts.attempts import Limit, TooMany
from app.domain.zone_names import city
from app.enrolments.roster import messages
from app.enrolments.roster.listing import Entry
from app.enrolments.roster.messages import Draft, Read
from app.enrolments.roster.statements import is_number
from app.messages.composed import NoLongerNeeded
from app.web import clock, visits
from app.web.once import is_repeated
from app.web.templating import site_url

READERS = 3
TESTS = Limit("roster test", 3, timedelta(minutes=1))
"""Sending a message to oneself first."""


@dataclass(frozen=True)
class Rehearsal:
    """What is shown before a message is sent."""

    read: Sequence[Read]
    candidates: Sequence[tuple[int, str]]
    """(row of the roster, name and place) of everybody whose copy can be looked at."""
    seen: str
    """Stands for the words that were shown."""


def mark_of(draft: Draft) -> str:
    """What stands for the words of a message, so that none is sent but as it was shown."""
    return hashlib.sha256(f"{draft.subject}\0{draft.text}".encode()).hexdigest()[:32]


def rehearse(draft: Draft, people: Sequence[Entry]) -> Rehearsal:
    """As the chosen ones read it, or else three of different zones as far as there are."""
    asked_for = [int(text) for text in request.form.getlist("reader") if is_number(text)]
    read: list[Read] = []
    for one in _in_turn(people, asked_for):
        try:
            read.append(messages.read_by(draft, one, site_url("/stop/…")))
        except NoLongerNeeded:
            continue
        if len(read) == READERS:
            break
    candidates = [(one.id, f"{one.name}, {city(one.timezone)}") for one in people]
    return Rehearsal(read, candidates, mark_of(draft))


def try_out(draft: Draft, one: Entry) -> TooMany | None:
    """Send it to the writer as this person would read it; or say how long to wait. Once for the same form."""
    now = clock.now()
    if is_repeated(current_user.id, now):
        return None
    too_many = attempts.count([(TESTS, visits.keyed(f"user {current_user.id}"))], now)
    if too_many is None:
        messages.send_test(draft, one, current_user, now)
    return too_many


def _in_turn(people: Sequence[Entry], asked_for: Sequence[int]) -> list[Entry]:
    """Those asked for, then of every other zone the first, then the others; each once."""
    by_id = {one.id: one for one in people}
    chosen = [by_id[number] for number in asked_for if number in by_id]
    zones = {one.timezone for one in chosen}
    others = []
    for one in people:
        if one.timezone not in zones:
            zones.add(one.timezone)
            others.append(one)
    return [*{one.id: one for one in (*chosen, *others, *people)}.values()]
