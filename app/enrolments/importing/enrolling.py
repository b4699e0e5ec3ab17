"""Writing what was judged, a batch at a time, under the journey's lock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from app.database import db
from app.domain.text import fold_text
from app.enrolments import all_sessions
from app.enrolments.bulk import Verdict
from app.enrolments.decisions import EnrolmentDecided, EnrolmentDecision
from app.enrolments.importing.columns import Choices
from app.enrolments.importing.judging import Judgement
from app.enrolments.importing.known import Known
from app.enrolments.importing.persons import Person
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.jobs import operations as jobs
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.messages.bulk import Letter, queue_all
from app.messages.kinds import Rank
from app.organisations.bulk import ids_of
from app.participants.bulk import Newcomer, create_all
from app.participants.models import Participant

_PLAIN = {"name": "name", "zone": "timezone", "cadre": "cadre", "language": "language", "country": "country",
          "group": "stakeholder_group"}  # fmt: skip
"""Field → column of the participant."""


class Enroller:
    """Enrols people in one journey. `by_id`: the account that asked for it."""

    def __init__(self, journey: Journey, choices: Choices, by_id: int | None, now: datetime) -> None:
        self._journey_id = journey.id
        self._choices, self._by_id, self._now = choices, by_id, now
        self._organisations: dict[str, int] = {}
        self._joined = 0

    def enrol_all(self, judgements: Sequence[Judgement]) -> None:
        """Write those of some rows that are new or changed."""
        new = [one for one in judgements if one.verdict is Verdict.NEW]
        changed = [one for one in judgements if one.verdict is Verdict.CHANGED]
        self._know_organisations(new + changed)
        numbers = self._participants(new)
        joined = self._enrol(new, numbers)
        joined += self._change(changed)
        self._update_people(new + changed)
        self._note(number for number, _ in joined)
        if self._choices.tell:
            letters = [letter for _, letter in joined if letter.to_address]
            queue_all("enrolled", letters, self._now, Rank.MANY)
        self._joined += len(joined)
        db.flush()

    def finish(self) -> None:
        """Once everybody is in: the worker takes places for those who want every session."""
        if not self._joined:
            return
        own = set(
            db.scalars(select(LearningSession.id).where(LearningSession.journey_id == self._journey_id))
        )
        for learning_session_id in all_sessions.left_out(self._now):
            if learning_session_id in own:
                about = {"learning_session_id": learning_session_id}
                jobs.add(all_sessions.SEAT_ALL, about, self._now)

    def _know_organisations(self, judgements: Iterable[Judgement]) -> None:
        names: dict[str, str] = {}
        for one in judgements:
            if one.person is not None and one.person.organisation:
                names.setdefault(fold_text(one.person.organisation), one.person.organisation)
        missing = [name for folded, name in names.items() if folded not in self._organisations]
        if missing:
            self._organisations |= ids_of(missing)

    def _organisation_id(self, person: Person, known: Known | None) -> int | None:
        if person.organisation:
            return self._organisations[fold_text(person.organisation)]
        return known.organisation_id if known is not None else None

    def _participants(self, new: Sequence[Judgement]) -> list[int]:
        """The participants' numbers, in order; those who are nobody's yet are made."""
        unknown = [one.person for one in new if one.known is None and one.person is not None]
        made = iter(create_all([self._newcomer(person) for person in unknown], self._now))
        return [next(made) if one.known is None else one.known.participant_id for one in new]

    def _newcomer(self, person: Person) -> Newcomer:
        return Newcomer(
            name=person.name,
            email=person.email,
            timezone=person.own_zone,
            country=person.country or None,
            organisation_id=self._organisation_id(person, None),
            cadre=person.cadre,
            stakeholder_group=person.group,
            language=person.language or "en",
        )

    def _snapshot(self, one: Judgement) -> dict[str, Any]:
        """What the enrolment keeps: as the row says, and where it says nothing as it was."""
        person, known = _of(one)
        return {
            "country": person.country or (known.country if known else "") or None,
            "organisation_id": self._organisation_id(person, known),
            "stakeholder_group": person.group or (known.group if known else ""),
        }

    def _enrol(self, new: Sequence[Judgement], numbers: Sequence[int]) -> list[tuple[int, Letter]]:
        if not new:
            return []
        rows = [
            {
                "journey_id": self._journey_id,
                "participant_id": number,
                "status": EnrolmentStatus.ACTIVE,
                "enrolled_at": self._now,
                "wants_all": self._choices.all_sessions,
                **self._snapshot(one),
            }
            for one, number in zip(new, numbers, strict=True)
        ]
        statement = insert(Enrolment).returning(Enrolment.id, sort_by_parameter_order=True)
        made = db.scalars(statement, rows).all()
        return [
            (enrolment_id, self._letter(one, number))
            for enrolment_id, one, number in zip(made, new, numbers, strict=True)
        ]

    def _change(self, changed: Sequence[Judgement]) -> list[tuple[int, Letter]]:
        """New facts for those enrolled; who asked, left or was declined is enrolled with them."""
        staying, joining, letters = [], [], []
        for one in changed:
            _, known = _of(one)
            if known is None or known.enrolment_id is None:
                continue
            row = {"id": known.enrolment_id, **self._snapshot(one)}
            if known.status is EnrolmentStatus.ACTIVE:
                staying.append(row)
                continue
            row |= {"status": EnrolmentStatus.ACTIVE, "left_at": None, "decided_at": self._now}
            row |= {"enrolled_at": self._now, "decision_note": ""}
            joining.append(row | ({"wants_all": True} if self._choices.all_sessions else {}))
            letters.append((known.enrolment_id, self._letter(one, known.participant_id)))
        for rows in filter(None, (staying, joining)):
            db.execute(update(Enrolment), rows)
        return letters

    def _update_people(self, judgements: Iterable[Judgement]) -> None:
        """The facts of those for whom nobody else speaks: no account, no other journey."""
        by_number = {
            one.known.participant_id: one
            for one in judgements
            if one.known is not None and one.known.is_own and (one.own or one.snapshot)
        }
        if not by_number:
            return
        wanted = select(Participant).where(Participant.id.in_(by_number))
        for participant in db.scalars(wanted.execution_options(populate_existing=True)):
            one = by_number[participant.id]
            replaced = {**(one.own or {}), **(one.snapshot or {})}
            for name, column in _PLAIN.items():
                if name in replaced:
                    setattr(participant, column, replaced[name])
            participant.name_folded = fold_text(participant.name)
            if "organisation" in replaced:
                participant.organisation_id = self._organisations[fold_text(replaced["organisation"])]
        db.flush()

    def _note(self, enrolment_ids: Iterable[int]) -> None:
        rows = [
            {
                "enrolment_id": number,
                "decided_at": self._now,
                "what": EnrolmentDecided.IMPORTED,
                "by_id": self._by_id,
                "note": "",
            }
            for number in enrolment_ids
        ]
        if rows:
            db.execute(insert(EnrolmentDecision), rows)

    def _letter(self, one: Judgement, participant_id: int) -> Letter:
        person, known = _of(one)
        address, name = (person.email, person.name) if known is None else (known.address, known.name)
        journey = f"journey:{self._journey_id}"
        return Letter(
            address,
            name,
            {"journey_id": self._journey_id, "participant_id": participant_id},
            order_key=f"participant:{participant_id}:{journey}",
            scope=journey,
        )


def _of(one: Judgement) -> tuple[Person, Known | None]:
    if one.person is None:
        raise ValueError("only rows that name somebody are applied")
    return one.person, one.known
