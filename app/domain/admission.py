"""Who gets into a journey: how, when, and how many. Decides and says why, never writes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import DomainError, NotOpen, Refused
from app.domain.moments import moment

LONGEST_ANSWER = 4000


class Admission(StrEnum):
    """How one gets into a journey."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITATION = "invitation"

    @property
    def label(self) -> str:
        return {"open": "Open to everybody", "approval": "By approval", "invitation": "By invitation"}[self]


@dataclass(frozen=True)
class Policy:
    """Who can enrol in a journey, and when. The default: everybody, as long as the journey is open."""

    timezone: str = "Etc/UTC"
    """In which the two moments were set and are told."""
    admission: Admission = Admission.OPEN
    question: str = ""
    """What is asked of those who ask to join; only where organisers approve."""
    eligibility: str = ""
    """For whom it is, in the organisers' words; nobody is refused by it."""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    most_people: int | None = None
    """How many can be enrolled at the same time; None: no limit."""

    @property
    def asks(self) -> str:
        """The question that has to be answered; empty for none."""
        return self.question if self.admission is Admission.APPROVAL else ""

    def has_begun(self, now: datetime) -> bool:
        return self.opens_at is None or self.opens_at <= now

    def has_ended(self, now: datetime) -> bool:
        return self.closes_at is not None and self.closes_at <= now

    def is_full(self, people: int) -> bool:
        return self.most_people is not None and people >= self.most_people


@dataclass(frozen=True)
class Asker:
    """What somebody who asks to join brings."""

    is_invited: bool = False
    brings_code: bool = False
    has_confirmed_address: bool = True
    answer: str = ""
    declined: str | None = None
    """Why the organisers declined them before; None: they did not."""


class Entry(StrEnum):
    """What becomes of somebody who asks to join."""

    ADMITTED = "admitted"
    REQUESTED = "requested"
    """The organisers decide."""


def decide(policy: Policy, asker: Asker, people: int, now: datetime) -> Entry:
    """What becomes of somebody who asks to join while so many people are enrolled.

    Raises NotOpen outside the time of enrolment, Refused when the journey is full or not for them,
    DomainError (`answer`, `code`) for what they have to mend.
    """
    refusal = refusal_of(policy, people, now) or _refusal_of(policy, asker)
    if refusal is not None:
        raise refusal
    return Entry.REQUESTED if policy.admission is Admission.APPROVAL else Entry.ADMITTED


def refusal_of(policy: Policy, people: int, now: datetime) -> DomainError | None:
    """Why nobody at all can get in now, with what to do; None: somebody can."""
    if policy.has_ended(now) and policy.closes_at is not None:
        closed = moment(policy.closes_at, policy.timezone)
        return NotOpen(f"Enrolment closed on {closed.text}. Who is enrolled stays; nobody else can join.")
    if not policy.has_begun(now) and policy.opens_at is not None:
        opens = moment(policy.opens_at, policy.timezone)
        return NotOpen(f"Enrolment opens on {opens.text}. Come back then.")
    if policy.is_full(people):
        return full(policy)
    return None


def full(policy: Policy) -> Refused:
    """That nobody else fits in."""
    return Refused(
        f"This journey takes {policy.most_people:,} people, and all of these places are taken. When somebody "
        "leaves, the next who asks gets in: come back later, or write to the organisers."
    )


def _refusal_of(policy: Policy, asker: Asker) -> DomainError | None:
    """Why this person cannot get in, where others can."""
    if policy.admission is Admission.INVITATION and not asker.is_invited:
        return _not_invited(asker)
    if policy.admission is not Admission.APPROVAL:
        return None
    if asker.declined is not None:
        return Refused(
            f"The organisers have declined your request: “{asker.declined}” If something has changed since, "
            "write to them; they can still say yes."
        )
    if policy.question and not asker.answer.strip():
        return DomainError("Answer the question: the organisers decide by it.", "answer")
    if len(asker.answer) > LONGEST_ANSWER:
        return DomainError(f"Use at most {LONGEST_ANSWER:,} characters.", "answer")
    return None


def _not_invited(asker: Asker) -> DomainError:
    if asker.brings_code:
        return DomainError(
            "This code lets nobody in: it is mistyped, used up, expired or withdrawn. Ask whoever gave it to "
            "you for another.",
            "code",
        )
    if not asker.has_confirmed_address:
        return Refused(
            "This journey is by invitation. Type the code you were given; if your e-mail address was "
            "invited, confirm it first, on your profile.",
            "code",
        )
    return Refused(
        "This journey is by invitation, and your e-mail address is not invited. Type the code you were "
        "given, or ask the organisers for one.",
        "code",
    )
