"""Letters: what a message says, in parts, from which its plain text and its page are both made.

A composer builds one `Letter` of plain strings in the reader's language. Nothing in it is markup: what people
typed, titles and names stay text in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flask import render_template

from app.messages.composed import CalendarObject, Composed, Words
from app.notices.language import Language


@dataclass(frozen=True)
class Line:
    """A paragraph. `is_strong`: what must not be overlooked; `is_quiet`: what may be."""

    text: str
    is_strong: bool = False
    is_quiet: bool = False


@dataclass(frozen=True)
class Reading:
    """A time as it is told: the day, the hours and where they are read, such as `in Dhaka (UTC+6)`."""

    day: str
    clock: str
    zone: str
    also: str = ""
    """The same in the other zone, as a sentence; empty where that reads the same."""

    @property
    def in_one_line(self) -> str:
        """`Thursday 22 April 2027, 18:00–19:30 in Dhaka (UTC+6), your time`."""
        return " ".join(
            part for part in (f"{self.day}," if self.clock else self.day, self.clock, self.zone) if part
        )


@dataclass(frozen=True)
class Hours:
    """When it is, large."""

    reading: Reading


@dataclass(frozen=True)
class Change:
    """What stood before and what stands now, side by side; each label is a word such as `Before`."""

    before_label: str
    before: Reading
    now_label: str
    now: Reading


@dataclass(frozen=True)
class Strip:
    """A day of the reader as coloured cells; the sentence tells the same in words."""

    cells: tuple[tuple[str, float], ...]
    """(night, waking, working, off or session) and the share of the day, in per cent, in order."""
    sentence: str


@dataclass(frozen=True)
class Go:
    """What to do, as a button; a letter has one."""

    label: str
    url: str


@dataclass(frozen=True)
class Link:
    """A sentence that ends with an address."""

    text: str
    url: str


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, with who says them."""

    text: str
    by: str = ""


@dataclass(frozen=True)
class Items:
    """A list; each item may lead to a page."""

    items: tuple[tuple[str, str], ...]
    """(text, address or nothing)."""
    title: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and values: `Where: Training centre, Accra`."""

    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under headings; text tells each row on a line of its own."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


Part: TypeAlias = Line | Hours | Change | Strip | Go | Link | Quote | Items | Facts | Table


@dataclass(frozen=True)
class Letter:
    """One letter to one reader."""

    subject: str
    """Says what, when and in which zone."""
    greeting: str
    title: str
    """The one thing it says, as a heading."""
    parts: Sequence[Part]
    why: str
    """Why its reader gets it: the first sentence at its foot."""
    answers: str = ""
    """The address that answers go to, as the foot names it."""
    choices: str = ""
    """Where its reader says what mail they get: told where this kind cannot be switched off; else empty."""
    preview: str = ""
    """What a list of mails shows beside the subject; empty: the first words."""


def composed(
    letter: Letter, language: Language, *, timezone: str | None = None, reply_to: str = "",
    calendar: CalendarObject | None = None,
) -> Composed:  # fmt: skip
    """The letter as messages take it: text and page are made when it is known how it is switched off."""
    return Composed(
        letter.subject,
        lambda stop_link: Words(text_of(letter, language, stop_link), page_of(letter, language, stop_link)),
        language=language.code,
        timezone=timezone,
        reply_to=reply_to,
        calendar=calendar,
    )


def page_of(letter: Letter, language: Language, stop_link: str = "") -> str:
    """The letter as a page: readable without images, light and dark; under 30 KB."""
    return render_template(
        "mail/letter.html", letter=letter, feet=feet(letter, language, stop_link),
        stop=stop(letter, language, stop_link), language=language,
    )  # fmt: skip


def text_of(letter: Letter, language: Language, stop_link: str = "") -> str:
    """The letter as plain text; an address stands on a line of its own."""
    blocks = [letter.greeting, letter.title, *(_as_text(part, language.colon) for part in letter.parts)]
    blocks.append("--\n" + "\n".join(feet(letter, language, stop_link)))
    blocks.append("\n".join(stop(letter, language, stop_link)).strip())
    return "\n\n".join(block for block in blocks if block) + "\n"


def feet(letter: Letter, language: Language, stop_link: str = "") -> list[str]:
    """The sentences at the foot: why one gets this, where answers go, and what cannot be switched off."""
    _ = language
    answers = _("Answers go to {address}.", address=letter.answers) if letter.answers else ""
    always = ""
    if letter.choices and not stop_link:
        always = _("Mail about your own places and your account cannot be switched off.")
    return [sentence for sentence in (letter.why, answers, always) if sentence]


def stop(letter: Letter, language: Language, stop_link: str) -> tuple[str, str]:
    """Where mail is switched off: of this kind, else other mail; words and address, or nothing."""
    _ = language
    if stop_link:
        return _("Switch mail of this kind off:"), stop_link
    return (_("Choose what other mail you get:"), letter.choices) if letter.choices else ("", "")


def _as_text(part: Part, colon: str) -> str:
    match part:
        case Line(text):
            return text
        case Hours(reading):
            return _reading(reading)
        case Change(before_label, before, now_label, now):
            sides = (before_label, before), (now_label, now)
            return "\n".join(f"{label}{colon} {one.in_one_line}" for label, one in sides) + _also(now)
        case Strip(_, sentence):
            return sentence
        case Go(label, url):
            return f"{label}{colon}\n{url}"
        case Link(text, url):
            return f"{text}\n{url}"
        case Quote(text, by):
            quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
            return f"{quoted}\n{by}" if by else quoted
        case Items(items, title):
            lines = [f"- {_flat(text)}" + (f"\n  {url}" if url else "") for text, url in items]
            return "\n".join([title, *lines] if title else lines)
        case Facts(facts):
            return "\n".join(f"{name}{colon} {_flat(value)}" for name, value in facts)
        case Table(head, rows, title):
            lines = [_row(head, row, colon) for row in rows]
            return "\n".join([title, *lines] if title else lines)


def _row(head: Sequence[str], row: Sequence[str], colon: str) -> str:
    return "; ".join(f"{name}{colon} {_flat(value)}" for name, value in zip(head, row, strict=True) if value)


def _flat(text: str) -> str:
    """On one line, as the page shows it."""
    return " ".join(text.split())


def _reading(reading: Reading) -> str:
    lines = [f"{reading.day}, {reading.clock}" if reading.clock else reading.day, reading.zone]
    return "\n".join(line for line in lines if line) + _also(reading)


def _also(reading: Reading) -> str:
    return f"\n{reading.also}" if reading.also else ""
