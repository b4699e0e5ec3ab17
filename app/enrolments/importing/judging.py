"""What applying would do with a row. Decides; neither reads tables nor writes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.dates import listed, long_day
from app.domain.errors import DomainError
from app.domain.languages import language_name
from app.domain.text import fold_text
from app.domain.zone_directory import country_name
from app.enrolments.bulk import Verdict
from app.enrolments.importing.columns import Choices
from app.enrolments.importing.known import Known
from app.enrolments.importing.persons import Person, ZoneRule, understand
from app.enrolments.models import EnrolmentStatus

PROBLEM = "problem"
"""Beside the fields of a record: what is wrong with the row itself, whoever is meant."""

_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, with the reason to show, and what it rests on."""

    verdict: Verdict
    reason: str = ""
    person: Person | None = None
    known: Known | None = None
    snapshot: Mapping[str, str] | None = None
    """Of CHANGED: the fields of the enrolment to be replaced, country, organisation or group."""
    own: Mapping[str, str] | None = None
    """Of CHANGED and NEW: the fields of the participant to be replaced."""


class Judge:
    """Judges rows in the order of the file; counts how many people still find room in the journey."""

    def __init__(self, choices: Choices, rule: ZoneRule, most_people: int | None, enrolled: int) -> None:
        self._choices, self._rule = choices, rule
        self._most_people, self._enrolled = most_people, enrolled

    def understood(self, record: Mapping[str, str]) -> Person | Judgement:
        """Who is meant, or the refusal of a row that nobody can be made of."""
        if PROBLEM in record:
            return Judgement(Verdict.REFUSED, record[PROBLEM])
        try:
            return understand(record, self._rule)
        except DomainError as wrong:
            return Judgement(Verdict.REFUSED, str(wrong))

    def judge(self, person: Person, known: Known | None) -> Judgement:
        """What becomes of somebody; the next one is judged knowing it."""
        if known is None or known.enrolment_id is None:
            return self._newcomer(person, known)
        joins = known.status is not EnrolmentStatus.ACTIVE
        if joins and (refusal := self._why_not_again(known)):
            return Judgement(Verdict.REFUSED, refusal, person, known)
        if joins and (full := self._why_no_room()):
            return Judgement(Verdict.REFUSED, full, person, known)
        snapshot = _differences(person, known, ("country", "organisation", "group"))
        differs = _differences(person, known, ("name", "zone", "cadre", "language"))
        own = differs if known.is_own else {}
        if not (joins or snapshot or own):
            return Judgement(Verdict.SAME, _kept(differs), person, known)
        words = [f"Enrolment: {_standing(known)} → enrolled"] if joins else []
        words += [_change(name, person, known) for name in (*snapshot, *own)]
        self._enrolled += joins
        reason = "; ".join(words) + "." + (f" {_kept(differs)}" if differs and not own else "")
        return Judgement(Verdict.CHANGED, reason, person, known, snapshot, own)

    def _newcomer(self, person: Person, known: Known | None) -> Judgement:
        """Judged alike whether the address is known elsewhere or not: that is nobody's business here."""
        if not person.own_zone:
            return Judgement(Verdict.REFUSED, person.lacks_zone, person, known)
        if full := self._why_no_room():
            return Judgement(Verdict.REFUSED, full, person, known)
        self._enrolled += 1
        own = _differences(person, known, tuple(_READ)) if known is not None and known.is_own else {}
        return Judgement(Verdict.NEW, "", person, known, own=own)

    def _why_no_room(self) -> str:
        if self._most_people is None or self._enrolled < self._most_people:
            return ""
        return f"The journey takes at most {self._most_people:,} people; it is full before this row."

    def _why_not_again(self, known: Known) -> str:
        """Who asks to join is let in by a table that names them; who left or was declined is not."""
        if self._choices.again or known.status is EnrolmentStatus.REQUESTED:
            return ""
        return f"They {_standing(known)}. Enrol them by hand, or choose to enrol such people again."


_READ = {
    "country": lambda known: known.country,
    "organisation": lambda known: known.organisation,
    "group": lambda known: known.group,
    "name": lambda known: known.name,
    "zone": lambda known: known.timezone,
    "cadre": lambda known: known.cadre,
    "language": lambda known: known.language,
}
_WORDS = {
    "country": "Country", "organisation": "Organisation", "group": "Stakeholder group", "name": "Name",
    "zone": "Time zone", "cadre": "Cadre", "language": "Language",
}  # fmt: skip


def _differences(person: Person, known: Known, names: tuple[str, ...]) -> dict[str, str]:
    """What the row says otherwise than it stands; what it does not say stays."""
    return {
        name: said
        for name in names
        if (said := getattr(person, name)) and not _is_same(name, said, _READ[name](known))
    }


def _is_same(name: str, said: str, stands: str) -> bool:
    """Organisations are the same whatever case and accents they are written with."""
    return said == stands or (name == "organisation" and fold_text(said) == fold_text(stands))


def _change(name: str, person: Person, known: Known) -> str:
    old, new = _READ[name](known), getattr(person, name)
    return f"{_WORDS[name]}: {_shown(name, old)} → {_shown(name, new)}"


def _shown(name: str, value: str) -> str:
    """Each in an isolation of its own, so that no direction of writing turns the arrow round."""
    if not value:
        return _NOTHING
    words = {"country": country_name, "language": language_name}.get(name, str)(value)
    return f"\u2068{words}\u2069"


def _kept(differs: Mapping[str, str]) -> str:
    if not differs:
        return ""
    what = listed([_WORDS[name].lower() for name in differs])
    return f"The {what} in the file {'differs' if len(differs) == 1 else 'differ'}; their own profile counts."


def _standing(known: Known) -> str:
    """In words, with the day in UTC."""
    match known.status:
        case EnrolmentStatus.LEFT:
            return f"left on {long_day(known.left_at.date())}" if known.left_at else "left"
        case EnrolmentStatus.DECLINED:
            day = f" on {long_day(known.decided_at.date())}" if known.decided_at else ""
            return f"were declined{day}"
        case _:
            return "ask to join"
