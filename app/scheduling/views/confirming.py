"""Between the form of a sitting and its saving: what the change does to people, and the note to them."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.moves import Move
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days, NewOffering
from app.scheduling.clashes import span_of
from app.scheduling.effects import Effects
from app.scheduling.forms.sitting import SittingForm
from app.scheduling.recording import place_in_words
from app.web import clock
from app.web.reader import reader
from app.web.sittings import Shown, shown

ASKED_HERE = frozenset({"csrf_token", "confirmed", "back", "change_note", "may_unseat"})
"""What the page asks itself. Everything else that was typed goes along unseen."""


@dataclass(frozen=True)
class Turn:
    """One thing that will be another: what it is called, how it stands, how it will."""

    label: str
    before: Shown | str
    after: Shown | str


def confirm_page(
    form: SittingForm, offering: Offering, new: NewOffering, found: Effects
) -> ResponseReturnValue:
    """Says what follows from the change, asks for a note, and carries all that was typed to the next press.

    It is sent to the same address: with `confirmed` to save, with `back` to have the form again.
    """
    page = render_template(
        "scheduling/confirm.html",
        form=form,
        offering=offering,
        learning_session=offering.learning_session,
        found=found,
        turns=list(_turns(offering, new, found)),
        carried=carried(),
    )
    return make_response(page, 422 if form.change_note.errors else 200)


def carried() -> list[tuple[str, str]]:
    """(name, value) of everything in the form that was sent, rows and repeated names included, in order."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ASKED_HERE]


def _turns(offering: Offering, new: NewOffering, found: Effects) -> Iterator[Turn]:
    if found.moves:
        now = clock.now()
        yield Turn("When", shown(offering, reader(), now), shown(_as_facts(offering.id, new), reader(), now))
    if found.relocates:
        yield Turn("Where", place_in_words(offering), place_in_words(new))


def _as_facts(offering_id: int, new: NewOffering) -> Move:
    """The sitting as it is to be, as the macros of times read one."""
    if isinstance(new.when, Days):
        days = new.when
        return Move(
            offering_id, False, days.timezone, None, None, None, days.first_on, days.last_on, new.attendance
        )
    span = span_of(new.when)
    return Move(
        offering_id, False, new.when.timezone, new.when.starts_wall, span.starts_at, span.ends_at,
        None, None, new.attendance,
    )  # fmt: skip
