"""What a roster is narrowed to and in which order it stands, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

LONGEST = 200
NOTHING = "-"
"""Asks for those of whom it is not known."""

SORTS = ("status", "name", "organisation", "country", "since")


@dataclass(frozen=True)
class Asked:
    """The organiser's choice; an empty text asks for nothing."""

    q: str = ""
    status: str = ""
    country: str = ""
    organisation: str = ""
    block: str = ""
    sort: str = ""
    """One of SORTS, with a minus in front for the other direction."""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Asked":
        """As an address or a form says it. What cannot be a text of the database is left out."""
        found = {one.name: arguments.get(one.name, "") for one in fields(cls)}
        return cls(**{name: text.replace("\0", "").strip()[:LONGEST] for name, text in found.items()})

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(name, value) of every filter that narrows."""
        return [(name, value) for name, value in self.parts if name != "sort"]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(name, value) of everything asked for."""
        return [(one.name, value) for one in fields(self) if (value := getattr(self, one.name))]

    @property
    def by(self) -> str:
        """What it is sorted by; the status unless asked otherwise."""
        return self._sort if self._sort in SORTS else SORTS[0]

    @property
    def is_descending(self) -> bool:
        return self.sort.startswith("-") and self._sort in SORTS

    @property
    def _sort(self) -> str:
        return self.sort.removeprefix("-")

    def sorted_by(self, name: str) -> "Asked":
        """The same people by another column; by the same one, the other way round."""
        turned = self.by == name and not self.is_descending
        return replace(self, sort=f"-{name}" if turned else name)

    def without(self, *names: str) -> "Asked":
        return replace(self, **dict.fromkeys(names, ""))

    def query(self, page: int = 1, **more: str) -> str:
        """What stands behind the question mark of an address, with it; empty where nothing is asked."""
        parts = [*self.parts, *more.items(), *([("page", str(page))] if page > 1 else [])]
        return f"?{urlencode(parts)}" if parts else ""
