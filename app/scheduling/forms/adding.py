"""The part of a form that adds something: it knows what was there when it was opened.

A form that is sent twice, or two that are sent at once, add a thing twice only when somebody means it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wtforms import HiddenField

from app.web.forms import BaseForm


class Added(NamedTuple):
    """A thing that was added while the form was open: what it is called, and where it is."""

    name: str
    url: str


class AddingFields(BaseForm):
    """`added`: what came while the form was open; then nothing is saved, and the form is sent again."""

    there = HiddenField()
    """The ids of what was there."""

    added: Sequence[Added] = ()

    def open_beside(self, ids: Iterable[int]) -> None:
        """On a page that is opened: what is there, besides which something is added."""
        self.there.data = " ".join(map(str, ids))

    def added_to(self, ids: Iterable[int]) -> set[int]:
        """Which of those that are there now the form does not know; next time it knows them.

        They must have been read after the row above them was locked.
        """
        now = list(ids)
        known = set((self.there.data or "").split())
        self.open_beside(now)
        return {one for one in now if str(one) not in known}

    @property
    def status(self) -> int:
        """409 when something was added meanwhile."""
        return 409 if self.added else super().status
