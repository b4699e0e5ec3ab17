"""Letters compared whole: headers, text, page and calendar object, with the files in `golden/`.

`python -m tests.notices.golden --write [paths of tests]` writes the files anew; read what changed in them.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import select

from app.database import db
from app.messages.delivery import compose
from app.messages.mails import one_line
from app.messages.models import OutboxMessage, Recipient
from app.participants.models import Participant
from tests.factories import NOW, make_participant
from tests.people import make_account

FILES = Path(__file__).parent / "golden"
WRITES = "MERIDIAN_GOLDEN"
"""Set to `write` in the environment, the files are written instead of compared."""
MOST_BYTES = 30_000
"""Of the page of a letter."""

HEADERS = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Content-Language",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)


# People, whose city names their files


def in_accra() -> Participant:
    """Reads UTC."""
    return _somebody("Esi Ofori-Atta", "esi@example.org", "Africa/Accra", "GH")


def in_dhaka() -> Participant:
    """Reads UTC+6."""
    return _somebody("Nusrat Jahan", "nusrat@example.org", "Asia/Dhaka", "BD")


def in_bogota() -> Participant:
    """Reads UTC−5, and Spanish where there is a catalogue of it; her name has marks above its letters."""
    return _somebody("María José Ñáñez", "maria@example.org", "America/Bogota", "CO", language="es")


def in_kathmandu() -> Participant:
    """Reads UTC+5:45, and has a name in another script."""
    return _somebody("सीता गुरुङ", "sita@example.org", "Asia/Kathmandu", "NP")


PEOPLE: tuple[Callable[[], Participant], ...] = (in_accra, in_dhaka, in_bogota, in_kathmandu)
CITIES = {"esi": "accra", "nusrat": "dhaka", "maria": "bogota", "sita": "kathmandu"}

four = pytest.mark.parametrize("person_in", PEOPLE, ids=list(CITIES.values()))
"""A test for each of the four: it takes `person_in` and calls it."""


def _somebody(name: str, email: str, timezone: str, country: str, *, language: str = "en") -> Participant:
    user = make_account(email.partition("@")[0])
    user.name = name
    if language != "en":
        db.add(Recipient(address_folded=email, language=language, updated_at=NOW))
    return make_participant(name, user=user, timezone=timezone, country=country)


# Mails


def mail_to(person: Participant, kind: str) -> EmailMessage:
    """The one message of a kind to somebody, composed as it is when it is sent; needs the application."""
    found = db.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.to_name == person.name)
    ).one()
    return compose(found, "Meridian <meridian@example.org>")


def check(mail: EmailMessage, name: str) -> None:
    """Compare a whole mail with `golden/<name>.<city of its reader>.txt`, and its page with its text."""
    check_page(mail)
    city = CITIES.get(str(mail["To"]).rpartition("<")[2].partition("@")[0], "")
    file = FILES / (f"{name}.{city}.txt" if city else f"{name}.txt")
    told = as_text(mail)
    if os.environ.get(WRITES) == "write":
        file.write_text(told, encoding="utf-8")
    assert file.exists(), f"{file.name} is missing: python -m tests.notices.golden --write"
    assert told == file.read_text(encoding="utf-8")


def as_text(mail: EmailMessage) -> str:
    """The mail as its file has it; what is made by chance is masked."""
    heads = [f"{name}: {_masked(str(mail[name]))}" for name in HEADERS if mail[name] is not None]
    parts = [_type(part) for part in mail.walk() if not part.is_multipart()]
    blocks = ["\n".join([*heads, "Parts: " + ", ".join(parts)]), _masked(text_in(mail)).rstrip("\n")]
    found = calendar_in(mail)
    if found is not None:
        blocks.append(_masked_object(found).rstrip("\n"))
    return "\n\n".join(blocks) + "\n"


def text_in(mail: EmailMessage) -> str:
    """The plain text."""
    return next(_content(part) for part in mail.walk() if part.get_content_type() == "text/plain")


def page_in(mail: EmailMessage) -> str:
    """The page."""
    return next(_content(part) for part in mail.walk() if part.get_content_type() == "text/html")


def calendar_in(mail: EmailMessage) -> str | None:
    """The calendar object that is read in place; the file beside it is the same."""
    found = [part for part in mail.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    if not found:
        return None
    inline, attached = (part.get_payload(decode=True) for part in found)
    assert inline == attached
    assert isinstance(inline, bytes)
    return inline.decode()


def _type(part: EmailMessage) -> str:
    method = part.get_param("method")
    return f"{part.get_content_type()}; method={method}" if method else part.get_content_type()


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


# What is made by chance

_NUMBER = re.compile(r"(?<=/)\d+(?=[/\s>]|$)")
_TOKEN = re.compile(r"(?<=/)[\w-]+\.[\w.-]{20,}(?=[/\s>]|$)|(?<=/replies/)\w+")
_LINK = re.compile(r"https?://\S+")


def _masked(text: str) -> str:
    """Numbers of rows and signed tokens in addresses, which differ from run to run."""
    return _LINK.sub(lambda link: _TOKEN.sub("{token}", _NUMBER.sub("{number}", link[0])), text)


def _masked_object(body: str) -> str:
    whole = body.replace("\r\n ", "").replace("\r\n", "\n")
    whole = re.sub(r"^UID:.*$", "UID:{uid}", whole, flags=re.MULTILINE)
    return _masked(re.sub(r"(mailto:[^+\s@]+\+)[^@\s]+", r"\1{tag}", whole))


# The page says what the text says


def check_page(mail: EmailMessage) -> None:
    """The page says the same as the text, word for word, leads to the same places, and loads nothing."""
    text, page = text_in(mail), page_in(mail)
    assert len(page.encode()) < MOST_BYTES
    read = _Page()
    read.feed(page)
    assert read.forbidden == []
    assert read.links == [line.strip() for line in text.splitlines() if _is_link(line)]
    assert _words("".join(read.said)) == _words(_unmarked(text))
    assert one_line(read.title) == one_line(str(mail["Subject"]))


def _is_link(line: str) -> bool:
    return _LINK.fullmatch(line.strip()) is not None


def _unmarked(text: str) -> str:
    """The text without what only it needs: marks of lists and quotations, addresses on lines of their own."""
    lines = [re.sub(r"^(> ?|- |--$)", "", line) for line in text.splitlines() if not _is_link(line)]
    return "\n".join(lines)


def _words(text: str) -> list[str]:
    return [word.rstrip(":;") for word in text.split() if word.rstrip(":;")]


class _Page(HTMLParser):
    """What a page says to who reads or hears it, in order."""

    SILENT = {"style", "title", "head"}
    EMPTY = {"br", "meta", "img", "link", "hr", "input"}
    FORBIDDEN = {"img", "script", "link", "iframe", "form", "input", "object", "video", "audio", "svg"}

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.forbidden: list[str] = []
        self.title = ""
        self._open: list[tuple[str, bool]] = []
        self._head: list[str] = []
        self._cells: list[str] | None = None
        self._is_table = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in self.FORBIDDEN or "url(" in (given.get("style") or "") or any(n[:2] == "on" for n in given):
            self.forbidden.append(tag)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag == "thead":
            self._head, self._is_table = [], True
        if tag == "tr" and self._is_table:
            self._cells = []
        if tag in ("th", "td") and self._is_table:
            (self._head if tag == "th" else self._row()).append("")
        hidden = given.get("aria-hidden") == "true" or "display:none" in (given.get("style") or "")
        hidden = hidden or "masthead" in (given.get("class") or "")
        if tag not in self.EMPTY:
            self._open.append((tag, hidden or tag in self.SILENT))
        if tag in ("br", "p", "td", "li", "h1", "h2", "caption"):
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "tr" and self._cells:
            for name, value in zip(self._head, self._cells, strict=True):
                if value.strip():
                    self.said.append(f"\n{name}: {value}")
            self._cells = None
        if tag == "table":
            self._is_table = False

    def handle_data(self, data: str) -> None:
        if any(tag == "title" for tag, _ in self._open):
            self.title += data
        if not any(is_silent for _, is_silent in self._open):
            self._say(re.sub(r"\s+", " ", data))

    def _row(self) -> list[str]:
        assert self._cells is not None
        return self._cells

    def _say(self, words: str) -> None:
        inside = {tag for tag, _ in self._open}
        if self._is_table and "th" in inside:
            self._head[-1] += words
        elif self._is_table and "td" in inside and self._cells:
            self._cells[-1] += words
        else:
            self.said.append(words)


def main(arguments: list[str]) -> int:
    if "--write" not in arguments:
        print(__doc__)
        return 2
    paths = [one for one in arguments if one != "--write"] or [str(Path(__file__).parent)]
    command = [sys.executable, "-m", "pytest", "-q", "--engine", "sqlite", *paths]
    return subprocess.run(command, env=os.environ | {WRITES: "write"}, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
