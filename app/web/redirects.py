"""Where a request may be sent on to: addresses of this site only."""

import re

LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
LONGEST = 2000


def local_path(text: str | None, otherwise: str = "/") -> str:
    """`text` when it is a path of this site, else `otherwise`.

    Two slashes, or a slash and a backslash, begin the address of another host; browsers drop tabs and line
    ends before they look.
    """
    if text and len(text) <= LONGEST and LOCAL.fullmatch(text):
        return text
    return otherwise
