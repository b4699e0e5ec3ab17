"""Whom an act is for: the rows that were ticked, or everybody who matches; and what can be done with them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.domain.errors import DomainError
from app.domain.zone_directory import country_name
from app.enrolments.roster import listing, runs
from app.enrolments.roster.acts import Act
from app.enrolments.roster.asked import Asked
from app.enrolments.roster.listing import Counts
from app.enrolments.roster.offered import acts_with_people, acts_with_places, twins_of
from app.enrolments.roster.runs import MESSAGE
from app.enrolments.roster.statements import is_number
from app.enrolments.views.rosters.where import Where
from app.web import clock

MOST_TICKED = 1000
MOST_NAMED = 200
"""So many are named before they are decided about."""

WRITE = Act(MESSAGE, "Write a message …", "Write to {}", frozenset())


def acts_at(where: Where, counts: Counts) -> dict[str, Act]:
    """What the reader can do with the people of this roster now, in the order of the list."""
    found: Mapping[str, Act] = {}
    if where.offering is None:
        found = acts_with_people(where.journey, counts.by_status)
    else:
        now = clock.now()
        found = acts_with_places(where.offering, counts.by_status, twins_of(where.offering, now), now)
    first = {"approve": found["approve"]} if "approve" in found else {}
    return {**first, WRITE.name: WRITE, **found}


@dataclass(frozen=True)
class Selection:
    """The people who were chosen, in the order of the list they were chosen from."""

    ids: list[int]
    is_all: bool
    asked: Asked

    @property
    def digest(self) -> str:
        """What tells whether the same people are meant when a page comes back."""
        return hashlib.sha256(",".join(map(str, self.ids)).encode()).hexdigest()[:32]

    @property
    def by_number(self) -> list[int] | None:
        """The numbers where they are few enough to be written down; else they are found as they were."""
        return None if self.is_all and len(self.ids) > runs.AT_ONCE else self.ids

    @property
    def narrowing(self) -> Asked:
        """What finds them again: the filters, unless their numbers are written down."""
        return self.asked if self.by_number is None else Asked()

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """(name, value) of what a form carries along, so that it means the same people again."""
        chosen = [("who", ",".join(map(str, self.ids)))]
        if self.by_number is None:
            chosen = [("whom", "all"), ("digest", self.digest)]
        return [*self.asked.parts, *chosen]


def selection(where: Where, values: MultiDict[str, str]) -> Selection:
    """Who is meant by an address or a form. Rows that are not of this roster are left out."""
    asked = Asked.of(values)
    if values.get("whom") == "all":
        return Selection(listing.ids_of(where.roster, asked), True, asked)
    parts = [part for text in values.getlist("who") for part in text.split(",")]
    numbers = list(dict.fromkeys(int(part) for part in parts if is_number(part)))
    if len(numbers) > MOST_TICKED:
        raise DomainError(
            f"At most {MOST_TICKED:,} people can be ticked. Narrow the list and choose all that match."
        )
    return Selection(listing.known(where.roster, numbers), False, asked)


def named_filters(where: Where, asked: Asked, counts: Counts) -> dict[str, str]:
    """Filter → what its value is called, also where it is not among those to choose from."""
    found = {name: counts.name_of(name, value) for name, value in asked.parts}
    if asked.status in where.roster.statuses:
        found["status"] = where.roster.statuses[asked.status]
    if asked.country and found["country"] == asked.country:
        found["country"] = country_name(asked.country)
    if asked.organisation and found["organisation"] == asked.organisation:
        found["organisation"] = listing.organisation_name(asked.organisation) or found["organisation"]
    return found
