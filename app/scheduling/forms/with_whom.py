"""The part of a form that says who leads a sitting, and what happens in it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.validators import Length

from app.domain.errors import DomainError
from app.domain.text import fold_text, is_plain_line
from app.facilitators.models import Facilitator
from app.journeys.crediting import Named
from app.journeys.credits import Credit
from app.learning_sessions.sittings import Part, check_agenda_within
from app.web.number_field import NumberField
from app.web.rows import RowForm, Rows
from app.web.wall_fields import WallForm

BETWEEN_NAMES = "|"


def plain_line(_form: Any, field: Any) -> None:
    """Text that stands in a line among others and leaves them as they are."""
    if not is_plain_line(field.data or ""):
        raise ValidationError("Use one line of ordinary characters.")


def text(label: str, most: int) -> StringField:
    return StringField(label, [plain_line, Length(max=most, message=f"Use at most {most:,} characters.")])


class FacilitatorRow(RowForm):
    """One who leads: somebody with a page here, or a new name."""

    name = text("Name", 200)
    role = text("Role", 100)

    def validate(self, extra_validators: object = None) -> bool:
        sound = super().validate(extra_validators)
        if not (self.name.data or "").strip():
            self.name.errors = [*self.name.errors, "Give the name of whoever has this role."]
            sound = False
        return sound


class AgendaRow(RowForm):
    """One part of the agenda."""

    minutes = NumberField("Minutes")
    title = text("What happens", 200)
    summary = StringField("In a sentence", [Length(max=1000, message="Use at most 1,000 characters.")])
    people = text("Who presents", 1000)

    def validate(self, extra_validators: object = None) -> bool:
        sound = super().validate(extra_validators)
        if not (self.title.data or "").strip():
            self.title.errors = [*self.title.errors, "Say what happens in this part."]
            sound = False
        if not self.minutes.errors and (self.minutes.data is None or not 1 <= self.minutes.data <= 1440):
            self.minutes.errors = ["Give the minutes of this part, 1 or more."]
            sound = False
        return sound


class WithWhomFields(WallForm):
    """`led_by` and `parts` are known once the form is sound."""

    facilitators = Rows(FacilitatorRow, "Facilitators", most=100)
    agenda = Rows(AgendaRow, "Agenda", most=200)

    names_asked = HiddenField()
    """The new names that were asked about: a page is public as soon as it is made."""

    led_by: list[tuple[Facilitator | str, str]] = []  # noqa: RUF012  # replaced, never changed
    parts: tuple[Part, ...] = ()
    unknown: list[tuple[Field, str]] = []  # noqa: RUF012  # likewise
    """The fields with names that nobody here bears."""
    credited: Sequence[tuple[str, tuple[Named, ...]]] = ()
    """Of every item that is stored, its title and the people it credits."""

    def know_facilitators(self, everybody: Sequence[Facilitator]) -> None:
        """Who has a page here; a name that several bear is told apart by its address."""
        self.named = labelled(everybody)
        self._by_folded_name = {fold_text(name): one for name, one in self.named.items()}
        self._ambiguous = {fold_text(one.name) for name, one in self.named.items() if name != one.name}

    def known_by_name(self, name: str) -> Facilitator | None:
        """The one facilitator of this name."""
        return self._by_folded_name.get(fold_text(name))

    def find_people(self) -> None:
        """Work out who leads; nobody does so twice."""
        self.led_by, self.unknown = [], []
        found: set[int | str] = set()
        for row in self.facilitators.filled:
            name = " ".join((row.form.name.data or "").split())
            if not name or row.form.name.errors:
                continue
            folded = fold_text(name)
            person = self._by_folded_name.get(folded)
            if folded in self._ambiguous:
                self.wrong(row.form.name, "Several facilitators bear this name. Choose one from the list.")
            elif (person.id if person else folded) in found:
                self.wrong(row.form.name, f"{name} is on the list already.")
            else:
                self.led_by.append((person or name, (row.form.role.data or "").strip()))
                if person is None:
                    self.unknown.append((row.form.name, name))
            found.add(person.id if person else folded)

    def ask_about_new_names(self) -> None:
        """Say of every new name, once, that a page is made for it."""
        asked = (self.names_asked.data or "").split(BETWEEN_NAMES)
        for field, name in self.unknown:
            if _name_asked(name) not in asked:
                self.wrong(
                    field,
                    f"{name} has no facilitator’s page yet. Save again to make one, or choose a name from "
                    "the list.",
                )
        self.names_asked.data = BETWEEN_NAMES.join(_name_asked(name) for _, name in self.unknown)

    def find_agenda(self, minutes: int | None) -> None:
        """Work out the agenda, which must fit into the minutes; else its last part is told so."""
        rows = self.agenda.filled
        self.parts = ()
        if not self.agenda.is_sound or not rows:
            return
        self.parts = tuple(self._part(row.form) for row in rows)
        if minutes is None:
            return
        try:
            check_agenda_within((part.length_minutes for part in self.parts), minutes)
        except DomainError as error:
            self.wrong(rows[-1].form.minutes, error.message)

    def _part(self, row: AgendaRow) -> Part:
        title = " ".join((row.title.data or "").split())
        people = self._people(title, row.people.data or "")
        return Part(row.minutes.data or 0, title, (row.summary.data or "").strip(), people)

    def _people(self, title: str, text: str) -> tuple[Named, ...]:
        """Whom an item credits. Untouched words mean those who are credited now, links and roles included."""
        own_first = sorted(self.credited, key=lambda one: one[0] != title)
        as_it_was = (people for _, people in own_first if _plain(written(people)) == _plain(text))
        kept = next(as_it_was, None)
        return people_of(text, [one for _, people in own_first for one in people]) if kept is None else kept

    @property
    def known_facilitator_ids(self) -> list[int]:
        """Those of the list who have a page here."""
        return [one.id for one, _ in self.led_by if isinstance(one, Facilitator)]


def _name_asked(name: str) -> str:
    return fold_text(name).replace(BETWEEN_NAMES, " ")


def labelled(everybody: Sequence[Facilitator]) -> dict[str, Facilitator]:
    """How a form calls each facilitator: by name, and by the address too where several bear it."""
    bearers: dict[str, int] = {}
    for one in everybody:
        bearers[one.name_folded] = bearers.get(one.name_folded, 0) + 1
    return {
        one.name if bearers[one.name_folded] == 1 else f"{one.name} ({one.slug})": one for one in everybody
    }


def people_of(text: str, known: Iterable[Named] = ()) -> tuple[Named, ...]:
    """`Name, Affiliation; Name` as people. Who is known keeps role and links, and the marks in the name."""
    left, people = list(known), list[Named]()
    rest = _plain(text).lstrip("; ")
    while rest:
        one = _longest_at_start(rest, left)
        if one is not None:
            rest = rest[len(_plain(written([one]))) :]
            left.remove(one)
            people.append(one)
        else:
            said, _, rest = rest.partition(";")
            people.append(_typed(said, left))
        rest = rest.lstrip("; ")
    return tuple(person for person in people if person.name)


def written(people: Iterable[Named | Credit]) -> str:
    """People as the form shows them."""
    return "; ".join(f"{one.name}, {one.affiliation}" if one.affiliation else one.name for one in people)


def _longest_at_start(text: str, known: Iterable[Named]) -> Named | None:
    """Whose words the text begins with, up to its end or a semicolon."""
    found = [one for one in known if (words := _plain(written([one]))) and f"{text};".startswith(f"{words};")]
    return max(found, key=lambda one: len(written([one])), default=None)


def _typed(text: str, left: list[Named]) -> Named:
    """One person as typed; somebody known by this name stays who that is."""
    name, _, affiliation = text.partition(",")
    name, affiliation = _plain(name), _plain(affiliation)
    known = next((one for one in left if _plain(one.name).casefold() == name.casefold()), None)
    if known is None:
        return Named(name, affiliation)
    left.remove(known)
    return replace(known, name=name, affiliation=affiliation)


def _plain(text: str) -> str:
    """Text with single blanks."""
    return " ".join(text.split())
