"""khal, over what vdirsyncer fetched by HTTP: two programs with parsers of their own, one after the other.

vdirsyncer replaces the UIDs of what it fetches from an address by hashes of the contents, for fear of servers
that make them anew at each request. So they cannot be compared, and khal does not tell SEQUENCE.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from tests.calendars.readers.by_ical_js import seen
from tests.calendars.readers.seen import Reader, Seen, by_uid, installed
from tests.calendars.readers.subscribing import Subscriber

SCRIPT = Path(__file__).with_name("khal_events.py")


def read(files: Sequence[bytes]) -> list[list[Seen]]:
    names = [f"calendar{number}" for number, _ in enumerate(files)]
    with TemporaryDirectory() as folder, _served(files) as url:
        subscriber = Subscriber(Path(folder), {name: f"{url}/{name}" for name in names})
        assert subscriber.synchronise() == ""
        told = json.loads(subscriber.script(SCRIPT))
    return [by_uid([seen(one) for one in told[name]]) for name in names]


@contextmanager
def _served(files: Sequence[bytes]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  # named by the library
            body = files[int(self.path.removeprefix("/calendar"))]
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


READER = Reader(
    "vdirsyncer + khal",
    lambda: f"{version('vdirsyncer')} + {version('khal')}",
    installed, read, keeps_uids=False, counts_changes=False,
)  # fmt: skip
