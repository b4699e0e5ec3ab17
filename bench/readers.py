"""Readers over real HTTP: connections kept alive to each worker, signing in, and a browser's first visit."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from bench.counting import STATEMENTS, WORKER
from bench.servers import WORKERS

CSRF = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
FETCHED = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest"})
TRIES = 200
NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """What came back. `size` counts the body as transferred."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def statements(self) -> int:
        return int(self.headers.get(STATEMENTS, 0))

    @property
    def size(self) -> int:
        """Bytes on the wire, headers included."""
        return len(self.body) + sum(len(name) + len(value) + 4 for name, value in self.headers.items()) + 19


class Reader:
    """A client with one kept connection to each worker, asked in turns; anything but the `expected` status
    is refused.
    """

    def __init__(self, port: int, headers: Mapping[str, str] = NO_HEADERS, expected: int = 200) -> None:
        self._port = port
        self._expected = expected
        self._headers = dict(headers)
        self._connections: dict[str, HTTPConnection] = {}

    def get(self, path: str) -> Answer:
        """The page, from the worker whose turn it is."""
        if not self._connections:
            self._connect(path)
        worker, connection = self._connections.popitem()
        self._connections = {worker: connection, **self._connections}
        answer = self._ask(connection, path)
        if answer.status != self._expected:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer

    def sign_in(self, email: str, password: str) -> None:
        """Fill in the form as a person would."""
        connection = HTTPConnection("127.0.0.1", self._port)
        page = self._ask(connection, "/sign-in")
        self._keep_cookies(page)
        token = CSRF.search(_decoded(page))
        fields = {"email": email, "password": password, "csrf_token": token.group(1) if token else ""}
        headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", urlencode(fields), headers)
        answer = _read(connection.getresponse())
        if answer.status != 303:
            raise RuntimeError(f"signing in answered {answer.status}")
        self._keep_cookies(answer)

    def first_visit(self, path: str) -> tuple[int, int]:
        """(requests, bytes on the wire) of a page with an empty cache: it, its style, script and icon."""
        answers = [self.get(path)]
        text = _decoded(answers[0])
        answers += [self.get(address) for address in _parts(text)]
        return len(answers), sum(one.size for one in answers)

    def _ask(self, connection: HTTPConnection, path: str) -> Answer:
        connection.request("GET", path, headers=self._headers)
        return _read(connection.getresponse())

    def _connect(self, path: str) -> None:
        """Keep one connection to each worker; the kernel deals connections out as it likes."""
        for _ in range(TRIES):
            connection = HTTPConnection("127.0.0.1", self._port)
            worker = self._ask(connection, path).headers[WORKER]
            self._connections.setdefault(worker, connection)
            if len(self._connections) == WORKERS:
                return
        raise RuntimeError("one of the workers never answered")

    def _keep_cookies(self, answer: Answer) -> None:
        found = SimpleCookie(answer.headers.get("Set-Cookie", ""))
        if found:
            self._headers["Cookie"] = "; ".join(f"{name}={one.value}" for name, one in found.items())


def _read(response: HTTPResponse) -> Answer:
    return Answer(response.status, response.read(), dict(response.getheaders()))


def _decoded(answer: Answer) -> str:
    body = gzip.decompress(answer.body) if answer.headers.get("Content-Encoding") == "gzip" else answer.body
    return body.decode()


class _Parts(HTMLParser):
    """Collects what a browser fetches to show a page: style sheets, icons, scripts, pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        shown = tag in {"script", "img", "source", "iframe"} and facts.get("src")
        linked = tag == "link" and set((facts.get("rel") or "").split()) & FETCHED and facts.get("href")
        address = shown or linked
        if address and not urlsplit(address).netloc and address not in self.addresses:
            self.addresses.append(address)


def _parts(html: str) -> list[str]:
    parser = _Parts()
    parser.feed(html)
    return parser.addresses
