"""An organiser at the form of a sitting while everybody else moves, answering what it asks until it saves."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.enrolments.crowd import Answer
from tests.reader import Client
from tests.scheduling.planning import edit_page, typed_in

MOST_SENDINGS = 40
"""How often one number is sent: each time somebody else is named who would lose a place, consent is asked."""


@dataclass(frozen=True)
class Resizing:
    """One organiser (an account's number) who gives a sitting these capacities online, one after the other.

    Consents to whoever is named as losing a place, and opens the form anew when somebody else has saved it.
    """

    user_id: int
    offering_id: int
    capacities: tuple[int | None, ...]
    after: float = 0.0

    def do(self, browser: Client, csrf_token: str) -> Iterator[Answer]:
        for capacity in self.capacities:
            yield from self._resize(browser, "" if capacity is None else str(capacity))

    def _resize(self, browser: Client, capacity: str) -> Iterator[Answer]:
        path = edit_page(self.offering_id)
        shown, is_asked = browser.get(path), False
        for _ in range(MOST_SENDINGS):
            fields = {**typed_in(shown), "capacity_online": capacity}
            if "unseats" in fields:
                fields["may_unseat"] = "y"
            if is_asked:
                fields["confirmed"] = "1"
            began = time.monotonic()
            answer = browser.post(path, data=fields)
            is_saved = answer.status_code == 303
            yield Answer(
                self.user_id, path, answer.status_code, answer.headers.get("Location", ""),
                time.monotonic() - began, is_saved,
            )  # fmt: skip
            if is_saved:
                return
            shown = browser.get(path) if answer.status_code == 409 else answer
            is_asked = answer.status_code == 200  # the page that says who is affected
