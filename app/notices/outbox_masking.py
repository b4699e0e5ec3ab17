"""What is hidden of letters from those they were not written to: links that act for their reader, and
addresses.
"""

import re

HIDDEN = "…"
TAKES_TOKENS = ("confirm-address", "new-password", "replies", "stop", "join-group", "calendar")
"""The first word of every address whose next word is a secret."""

_TOKEN = re.compile(rf"/({'|'.join(TAKES_TOKENS)})/[^\s\"'<>?#&]+")
_CODE = re.compile(r"([?&](?:amp;)?(?:code|token|key)=)[^\s\"'<>&#]+")
_TAGGED = re.compile(r"\+[A-Za-z2-7]{30,}@")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]*[^\s<>\"'(),;:.]")


def without_links(text: str) -> str:
    """Text or HTML whose links have no secrets in them; they lead nowhere then."""
    text = _TOKEN.sub(rf"/\1/{HIDDEN}", text)
    text = _CODE.sub(rf"\1{HIDDEN}", text)
    return _TAGGED.sub(f"+{HIDDEN}@", text)


def without_addresses(text: str) -> str:
    """Text without anybody's e-mail address."""
    return _ADDRESS.sub("[address]", text)
