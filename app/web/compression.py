"""Text is compressed on its way out; many readers are on slow links."""

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 600
TYPES = frozenset({"text/html", "text/calendar", "application/json", "text/plain"})


def init_app(app: Flask) -> None:
    """Compress what the client accepts compressed."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TYPES or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.status_code in {204, 304}
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
        or len(body := response.get_data()) < LEAST_BYTES
    ):
        return response
    response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
