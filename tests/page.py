"""A page as a person meets it: its words, headings, links and buttons, without the markup around them."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

SILENT = {"script", "style", "title", "svg"}
VOID = {"meta", "link", "input", "br", "hr", "img"}
INLINE = {"span", "a", "button"}
BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "td", "th", "dt", "dd", "section", "aside", "caption"}
APART = INLINE | BLOCKS
"""What the eye sees apart from the words before it."""

HEADINGS = {"h1", "h2", "h3"}
FACT = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
FACTS = r"""(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*"""
MARK = re.compile(
    rf"<!--.*?-->|<!doctype[^>]*>|</(\w[\w-]*)\s*>|<(\w[\w-]*)({FACTS})\s*(/?)>", re.DOTALL | re.IGNORECASE
)
"""A comment, the end of an element, or its beginning with its attributes."""


class Page:
    """What can be read on an answer. `text` is the main part in one line, blanks collapsed.

    Stricter than a browser: a `<` that begins nothing is refused. And quicker than `html.parser`.
    """

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.source = response.text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[str, str]] = []
        self.links: dict[str, str] = {}
        self.buttons: list[str] = []
        self.notices: list[str] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self._collecting: list[tuple[int, list[str], Callable[[str], Any]]] = []
        self.read(self.source)

    @property
    def text(self) -> str:
        return tidy("".join(self._words))

    @property
    def title(self) -> str:
        """The one heading of the first level."""
        titles = [text for level, text in self.headings if level == "h1"]
        assert len(titles) == 1, f"a page has one title, this one has {titles}"
        return titles[0]

    @property
    def sections(self) -> list[str]:
        """The headings of the second level, in order."""
        return [text for level, text in self.headings if level == "h2"]

    def read(self, source: str) -> None:
        """Read on, as if this stood behind what was read."""
        at = 0
        for mark in MARK.finditer(source):
            if at < mark.start():
                self._write(source[at : mark.start()])
            at = mark.end()
            end, begin, facts, alone = mark.groups()
            if end:
                self._end(end.lower())
            elif begin:
                self._begin(begin.lower(), facts_of(facts).copy())
                if alone:
                    self._end(begin.lower())
        self._write(source[at:])

    def _begin(self, tag: str, facts: dict[str, str | None]) -> None:
        self.tags.append((tag, facts))
        if tag in VOID:
            self._put(" ")
            return
        self._open.append(tag)
        if tag in APART:
            self._put(" ")
        if tag in HEADINGS:
            self._collect(lambda text: self.headings.append((tag, text)))
        elif tag == "a":
            self._collect(lambda text: self.links.setdefault(text, facts.get("href") or ""))
        elif tag == "button":
            self._collect(self.buttons.append)
        elif "notice" in (facts.get("class") or "").split():
            self._collect(self.notices.append)

    def _end(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            while self._collecting and self._collecting[-1][0] == len(self._open):
                _, words, keep = self._collecting.pop()
                keep(tidy("".join(words)))
            if self._open.pop() == tag:
                break
        if tag in APART - INLINE:
            self._put(" ")

    def _write(self, text: str) -> None:
        if not SILENT.isdisjoint(self._open):
            return
        assert "<" not in text, f"this begins nothing: {text[text.index('<') :][:80]!r}"
        self._put(unescape(text) if "&" in text else text)

    def _put(self, text: str) -> None:
        if "main" in self._open:
            self._words.append(text)
        for _, words, _ in self._collecting:
            words.append(text)

    def _collect(self, keep: Callable[[str], Any]) -> None:
        self._collecting.append((len(self._open), [], keep))


def tidy(text: str) -> str:
    return " ".join(text.split())


@lru_cache(10_000)
def facts_of(written: str) -> dict[str, str | None]:
    """The attributes of an element; None for one without a value."""
    found: dict[str, str | None] = {}
    for one in FACT.finditer(written):
        name, value = one.groups()
        found[name.lower()] = None if value is None else unescape(unquoted(value))
    return found


def unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in {'"', "'"} else value
