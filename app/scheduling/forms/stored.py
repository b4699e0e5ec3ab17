"""What is stored of a sitting, by the names of the fields that show it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.timezones import local
from app.domain.zone_directory import offer_text
from app.domain.zone_names import zones_with_countries
from app.facilitators.models import Facilitator
from app.learning_sessions.models import AgendaItem, Offering
from app.scheduling.forms.when import DAYS, TIME
from app.scheduling.forms.with_whom import written


def stored_sitting(
    offering: Offering, agenda: Sequence[AgendaItem], names: Mapping[int, str]
) -> dict[str, Any]:
    """Everything that the form says of a sitting. `names`: how the form calls each facilitator."""
    return {
        **_when(offering),
        "zone": zone_text(offering.timezone),
        "_fold": offering.fold,
        **_where(offering),
        "opens": _wall(offering, offering.registration_opens_at),
        "closes": _wall(offering, offering.registration_closes_at),
        **_with_whom(offering, agenda, names),
    }


def twin_of(offering: Offering, agenda: Sequence[AgendaItem], names: Mapping[int, str]) -> dict[str, Any]:
    """What a twin sitting begins with: as the other, without its day, its link and its registration."""
    facts = stored_sitting(offering, agenda, names)
    own = ("day", "begins", "first_on", "last_on", "join_url", "opens", "closes", "_fold")
    return {name: value for name, value in facts.items() if name not in own}


def zone_text(timezone: str) -> str:
    """A zone as its field shows it."""
    return offer_text(timezone) if timezone in zones_with_countries() else timezone


def names_of(named: Mapping[str, Facilitator]) -> dict[int, str]:
    """How a form calls each facilitator."""
    return {one.id: name for name, one in named.items()}


def _when(offering: Offering) -> dict[str, Any]:
    wall = offering.starts_wall
    return {
        "dating": TIME if wall else DAYS,
        "day": wall.date() if wall else None,
        "begins": wall.time() if wall else None,
        "length": offering.length_minutes,
        "ends": None,
        "ends_next_day": False,
        "first_on": offering.first_on,
        "last_on": offering.last_on,
    }


def _where(offering: Offering) -> dict[str, Any]:
    return {
        "attendance": offering.attendance.value,
        "venue": str(offering.venue_id or ""),
        "join_url": offering.join_url,
        "join_from_minutes": offering.join_from_minutes,
        "capacity_online": offering.capacity_online,
        "capacity_in_person": offering.capacity_in_person,
    }


def _wall(offering: Offering, instant: Any) -> Any:
    return local(instant, offering.timezone).replace(tzinfo=None, fold=0) if instant else None


def _with_whom(offering: Offering, agenda: Sequence[AgendaItem], names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "facilitators": [
            {"name": names.get(one.facilitator_id, one.facilitator.name), "role": one.role}
            for one in offering.facilitators
        ],
        "agenda": [
            {
                "minutes": one.length_minutes,
                "title": one.title,
                "summary": one.summary,
                "people": written(one.credits),
            }
            for one in agenda
        ],
    }
