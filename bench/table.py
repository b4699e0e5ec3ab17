"""The one table that `make bench` prints."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measured thing, the floor of the same run if it has one, and what was promised of it."""

    what: str
    unit: str
    ours: float
    target: float | None
    """None: shown beside its floor, and not promised."""
    floor: float | None = None
    decimals: int = 0
    beside: float | None = None
    """What the floor needs where the promise is a number and no ratio."""

    is_least: bool = False
    """Whether more is better, so that the target is the least it should be."""

    @property
    def ratio(self) -> float | None:
        """None without a floor."""
        return self.ours / self.floor if self.floor else None

    @property
    def is_met(self) -> bool:
        """A row with a floor promises a ratio, one without a number."""
        if self.target is None:
            return True
        value = self.ours if self.ratio is None else self.ratio
        return value >= self.target if self.is_least else value <= self.target

    def cells(self) -> tuple[str, ...]:
        floor = self.floor if self.beside is None else self.beside
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        target = ""
        if self.target is not None:
            sign = "≥" if self.is_least else "≤"
            target = f"{sign} {self.target:g}" + (" ×" if self.ratio is not None else f" {self.unit}")
        return (
            self.what,
            f"{self.ours:.{self.decimals}f} {self.unit}",
            "" if floor is None else f"{floor:.{self.decimals}f} {self.unit}",
            ratio,
            target,
            "" if self.target is None else "yes" if self.is_met else "NO",
        )


HEADINGS = ("what", "ours", "floor", "ratio", "target", "met")


def table(rows: Sequence[Row]) -> str:
    """The rows under their headings, in columns."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    shown = [_line(line, widths) for line in lines]
    return "\n".join([shown[0], "  ".join("-" * width for width in widths), *shown[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *figures = (
        cell.ljust(width) if place in {0, 5} else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *figures]).rstrip()
