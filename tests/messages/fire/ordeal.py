"""Thousands of messages through workers that are killed at random, to a mail server that fails at random.

What has to hold afterwards is judged from both sides: what the server took, in its order, and what the
outbox says.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from sqlalchemy import select

from app.database import db, writing
from app.messages import bulk
from app.messages.bulk import Letter
from app.messages.kinds import Kind, register
from app.messages.models import MessageState, OutboxMessage, Recipient
from tests.messages.fire.child import PATIENCE, told, work
from tests.messages.mail_server import Fault, MailServer
from tests.processes import real_processes

KEYS = 2
"""Every person is written to about so many offerings."""
MAILS = 5
"""So often about each."""
IDENTIFIER = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE | re.IGNORECASE)
SUBJECT = re.compile(rb"^Subject: (\S+) (\d+) (\w+)", re.MULTILINE)
LIMIT_SECONDS = 1500.0

FAULTS: tuple[tuple[str, float, Fault], ...] = (
    ("MAIL", 0.02, Fault("421 4.3.2 Closing")),
    ("MAIL", 0.02, Fault(drops=True)),
    ("RCPT", 0.04, Fault("450 4.2.1 Greylisted")),
    ("RCPT", 0.02, Fault("421 4.3.2 Closing")),
    ("RCPT", 0.02, Fault(drops=True)),
    ("DATA", 0.03, Fault("451 4.3.0 Later")),
    ("DATA", 0.02, Fault(wait=0.05)),
    ("DATA", 0.02, Fault(drops=True)),
    ("DATA", 0.02, Fault(drops=True, takes=True)),
    ("DATA", 0.01, Fault(wait=2 * PATIENCE, takes=True)),
    ("DATA", 0.01, Fault(wait=2 * PATIENCE, drops=True)),
)
GONE, POISON = Fault("550 5.1.1 No such mailbox"), Fault("554 5.6.0 Content refused")


@dataclass
class Outcome:
    """What an ordeal was, and what it found."""

    messages: int
    workers: int
    kills: int = 0
    seconds: float = 0.0
    taken: int = 0
    known_twice: int = 0
    """Second copies after the server had cut the connection or answered too late."""
    killed_twice: int = 0
    """Second copies after a worker was killed between the server's yes and its note."""
    sent: int = 0
    dead: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        failed = ", ".join(f"{number} {name}" for name, number in sorted(self.faults.items()))
        return (
            f"{self.messages} messages, {self.workers} worker{'s'[: self.workers - 1]}, {self.kills} killed, "
            f"{self.seconds:.0f} s: {self.sent} sent, {self.dead} dead, {self.taken} copies taken; twice: "
            f"{self.known_twice} after a lost answer, {self.killed_twice} after a kill.\n  Faults: {failed}."
            + "".join(f"\n  WRONG: {one}" for one in self.wrong)
        )


class Ordeal:
    """One database, one server, some workers."""

    def __init__(self, database_url: str, messages: int, workers: int, kills: int, seed: int) -> None:
        self.url, self.began = database_url, time.time()
        self.kills, self.chance = kills, random.Random(seed)  # noqa: S311  # chance, not secrecy
        self.outcome = Outcome(messages, workers)
        self._asked: Counter[tuple[str, str]] = Counter()
        self._seed = seed
        self.server = MailServer(self.decide)
        self.forgiven: Counter[str] = Counter()
        """Message-IDs of which a further copy is nobody's fault, and of how many."""

    def decide(self, stage: str, address: str, content: bytes) -> Fault | None:
        """What the server does: the same for an address and its n-th message, whatever else happens."""
        if stage == "RCPT" and address.startswith("gone"):
            return self._note("550 for good", GONE)
        if stage == "DATA" and (found := SUBJECT.search(content)) and found[3] == b"poison":
            return self._note("554 for good", POISON)
        if stage == "MAIL":
            address = ""
        self._asked[stage, address] += 1
        drawn = random.Random(f"{self._seed} {stage} {address} {self._asked[stage, address]}").random()  # noqa: S311
        for at, share, fault in FAULTS:
            if at != stage:
                continue
            if drawn < share:
                return self._note(_name_of(stage, fault), fault)
            drawn -= share
        return None

    def _note(self, name: str, fault: Fault) -> Fault:
        self.outcome.faults[name] += 1
        return fault

    def run(self) -> Outcome:
        """Fill, deliver under fire, judge."""
        register(Kind("fire", told))
        self._fill()
        began = time.monotonic()
        with self.server:
            self._deliver()
        self.outcome.seconds = time.monotonic() - began
        self.outcome.wrong = list(self._judge())
        return self.outcome

    def _fill(self) -> None:
        """Round after round, as it comes in life: of one order key, others' messages stand in between."""
        people = self.outcome.messages // (KEYS * MAILS)
        now = datetime.fromtimestamp(self.began, UTC)
        for at in range(MAILS):
            letters = [
                self._letter(
                    person, key, at, f"{'gone' if person % 50 == 7 else 'p'}{person}@people.internal"
                )
                for person in range(people)
                for key in range(KEYS)
            ]
            for first in range(0, len(letters), 500):
                with writing():
                    bulk.queue_all("fire", letters[first : first + 500], now)

    def _letter(self, person: int, key: int, at: int, address: str) -> Letter:
        name = f"participant:{person}:offering:{key}"
        what = "poison" if (person + key) % 30 == 3 and at == 1 else "plain"
        return Letter(address, f"P{person}", {"key": name, "at": at, "what": what}, order_key=name)

    def _deliver(self) -> None:
        context = real_processes()

        def start():
            made = context.Process(target=work, args=(self.url, self.server.url, self.began), daemon=True)
            made.start()
            return made

        workers = [start() for _ in range(self.outcome.workers)]
        expected = int(self.outcome.messages * 0.9)
        moments = sorted(self.chance.sample(range(1, expected), self.kills))
        deadline = time.monotonic() + LIMIT_SECONDS
        try:
            while not self._is_over():
                if time.monotonic() > deadline:
                    self.outcome.wrong.append("it did not end")
                    return
                while moments and len(self.server.taken) >= moments[0]:
                    moments.pop(0)
                    victim = self.chance.randrange(len(workers))
                    workers[victim].kill()
                    workers[victim].join()
                    self._after_a_kill()
                    workers[victim] = start()
                time.sleep(self.chance.uniform(0.001, 0.02) if moments else 0.1)
        finally:
            for one in workers:
                one.terminate()
            for one in workers:
                one.join(30)

    def _after_a_kill(self) -> None:
        """What was taken and stands in the outbox as being sent, its worker had no time to note."""
        self.outcome.kills += 1
        time.sleep(0.05)  # the server may be reading what was sent last
        held = set(self._column(OutboxMessage.message_id, OutboxMessage.state == MessageState.SENDING))
        known = Counter(_message_id(one.content) for one in list(self.server.taken) if one.is_known)
        unnoted = [message_id for message_id in held if known[message_id] > self.forgiven[message_id]]
        self.forgiven.update(
            {message_id: known[message_id] - self.forgiven[message_id] for message_id in unnoted}
        )
        if len(unnoted) > self.outcome.workers:  # each has one message in hand
            self.outcome.wrong.append(f"{len(unnoted)} messages were taken and not noted at a kill")

    def _is_over(self) -> bool:
        waiting = OutboxMessage.state.in_((MessageState.QUEUED, MessageState.SENDING))
        return not self._column(OutboxMessage.id, waiting, most=1)

    def _column(self, column, *where, most=None):
        db.remove()
        return db.scalars(select(column).where(*where).limit(most)).all()

    def _judge(self) -> Iterator[str]:
        """What should not be."""
        yield from self.outcome.wrong
        db.remove()
        rows = {one.message_id: one for one in db.scalars(select(OutboxMessage))}
        copies: dict[str, list[int]] = {}
        for place, one in enumerate(self.server.taken):
            copies.setdefault(_message_id(one.content), []).append(place)
        self.outcome.taken = len(self.server.taken)
        for message_id, row in rows.items():
            is_hopeless = row.to_address.startswith("gone") or row.payload["what"] == "poison"
            wanted = MessageState.DEAD if is_hopeless else MessageState.SENT
            if row.state != wanted:
                yield f"{row.payload} is {row.state} and not {wanted}: {row.last_error}"
            if (message_id in copies) == is_hopeless:
                yield f"{row.payload} was {'taken' if is_hopeless else 'never taken'}"
        self.outcome.sent = sum(row.state == MessageState.SENT for row in rows.values())
        self.outcome.dead = sum(row.state == MessageState.DEAD for row in rows.values())
        yield from self._judge_copies(rows, copies)
        yield from self._judge_order(rows)
        refused = set(db.scalars(select(Recipient.address_folded).where(Recipient.refused_at.is_not(None))))
        gone = {row.to_address for row in rows.values() if row.to_address.startswith("gone")}
        if refused != gone:
            yield f"marked as refusing: {sorted(refused ^ gone)} too many or too few"

    def _judge_copies(self, rows: dict[str, OutboxMessage], copies: dict[str, list[int]]) -> Iterator[str]:
        for message_id, places in copies.items():
            taken = [self.server.taken[place] for place in places]
            if message_id not in rows or {one.to_address for one in taken} != {rows[message_id].to_address}:
                yield f"{message_id} reached somebody else"
            if len({one.content for one in taken}) != 1:
                yield f"{message_id} came in different bytes"
            unknown = sum(not one.is_known for one in taken)
            if len(places) - 1 > unknown + self.forgiven[message_id]:
                yield f"{message_id} came {len(places)} times; {unknown} of them its sender could not know"
            self.outcome.known_twice += min(unknown, len(places) - 1)
            self.outcome.killed_twice += max(0, len(places) - 1 - unknown)

    def _judge_order(self, rows: dict[str, OutboxMessage]) -> Iterator[str]:
        came: dict[str, list[int]] = {}
        for one in self.server.taken:
            found = SUBJECT.search(one.content)
            if found is not None:
                came.setdefault(found[1].decode(), []).append(int(found[2]))
        for key, numbers in came.items():
            if any(later < earlier for earlier, later in pairwise(numbers)):
                yield f"{key} came in the order {numbers}"


def _message_id(content: bytes) -> str:
    found = IDENTIFIER.search(content)
    return found[1].decode() if found is not None else ""


def _name_of(stage: str, fault: Fault) -> str:
    if fault.takes:
        return f"{stage} taken and {'dropped' if fault.drops else 'answered too late'}"
    if fault.drops:
        return f"{stage} {'silent, then ' if fault.wait else ''}dropped"
    return f"{stage} {fault.answer[:3]}" if fault.answer else f"{stage} delayed"
