"""What a composer hands over, and how it says that there is nothing to tell any more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """The words of a message, twice: as plain text, and as a page for programs that show one."""

    text: str
    html: str = ""


@dataclass(frozen=True)
class CalendarObject:
    """An iTIP object that goes with a message (RFC 6047), and the method it names."""

    body: bytes
    method: str


@dataclass(frozen=True)
class Composed:
    """A message as it stands at this moment, for one reader."""

    subject: str
    words: Callable[[str], Words]
    """Given the address of the page that switches this kind off; empty where it cannot be switched off."""
    language: str = "en"
    timezone: str | None = None
    """The reader's zone: their quiet hours are judged in it."""
    reply_to: str = ""
    """Whom an answer reaches; empty: the sender."""
    calendar: CalendarObject | None = None
    is_urgent: bool | None = None
    """Whether it is sent at any hour; None: as its kind is."""

    @property
    def text(self) -> str:
        """The plain text, as it is where the kind cannot be switched off."""
        return self.words("").text


class NoLongerNeeded(Exception):
    """Raised by a composer when what it should tell about is over or undone: the message expires."""


Composer = Callable[[Mapping[str, Any]], Composed]
"""Writes one message from the payload it was queued with; called when it is sent, in a reading one."""
