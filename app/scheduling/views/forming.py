"""What the screens with the form of a sitting share: what can be chosen, and the panel beside it."""

from app.domain.errors import DomainError
from app.facilitators import queries as facilitators
from app.facilitators.models import Facilitator
from app.journeys.models import Journey
from app.learning_sessions import queries as learning_sessions
from app.learning_sessions.models import LearningSession
from app.scheduling.forms.sitting import WHEN, SittingFields
from app.scheduling.panel import Panel, panel_for
from app.web import clock
from app.web.access import current_actor
from app.web.reader import reader


def know(form: SittingFields, everybody: list[Facilitator]) -> None:
    """Let the form offer every venue and these facilitators."""
    form.know(learning_sessions.venues(), everybody)


def everybody() -> list[Facilitator]:
    """All facilitators."""
    return list(facilitators.everybody())


def panel_of(
    form: SittingFields, journey: Journey, learning_session: LearningSession | None,
    except_offering_id: int | None = None,
) -> Panel | None:  # fmt: skip
    """What the time that the form says means for everybody; None while it says none that can be."""
    if form.when is None:
        return None
    try:
        return panel_for(
            journey,
            learning_session,
            form.when,
            form.known_facilitator_ids,
            except_offering_id=except_offering_id,
            actor=current_actor(),
            reader=reader(),
            now=clock.now(),
        )
    except DomainError:
        return None


def quiet_of(form: SittingFields) -> str:
    """What is wrong with the time, if something was typed."""
    typed = any(form[name].raw_data and form[name].raw_data[0] for name in ("day", "begins", "first_on"))
    wrong = [str(error) for name in WHEN for error in form[name].errors]
    return wrong[0] if typed and wrong else ""


def told_of(names: list[str]) -> str:
    """What to say of new facilitators."""
    if not names:
        return ""
    pages = "A page was made" if len(names) == 1 else "Pages were made"
    return f" {pages} for {', '.join(names)}."
