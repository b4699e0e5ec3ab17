"""Pages that renew themselves without a script while the worker is busy, until the reader stops them."""

from flask import Response, request

SECONDS_BETWEEN_LOOKS = 10
"""Long enough to reach a button by keyboard."""


def renew(page: Response) -> Response:
    """Have the browser ask again, unless the address says `still`."""
    if not request.args.get("still"):
        page.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return page
