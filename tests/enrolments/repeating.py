"""How big a race is: once and moderate in `make test`, ten times in a row and full in `make test-long`."""

from typing import Any

import pytest

TIMES = 10


def sizes(name: str, moderate: Any, full: Any) -> pytest.MarkDecorator:
    """The parameter `name` (or several, as pytest writes them) of a race."""
    often = [
        pytest.param(*_values(full), id=f"full-{n}", marks=pytest.mark.long) for n in range(1, TIMES + 1)
    ]
    return pytest.mark.parametrize(name, [pytest.param(*_values(moderate), id="moderate"), *often])


ten_times = pytest.mark.parametrize(
    "run",
    [pytest.param(1, id="once"), *(pytest.param(n, id=f"{n}", marks=pytest.mark.long) for n in range(2, 12))],
)


def _values(size: Any) -> tuple[Any, ...]:
    return size if isinstance(size, tuple) else (size,)
