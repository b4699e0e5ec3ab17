"""Addresses on the web and DOIs: which may be kept, and how they are written."""

import re
import unicodedata
from urllib.parse import urlsplit

from app.domain.errors import DomainError

LONGEST_LINK = 2000
LONGEST_DOI = 200

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_BEFORE_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def check_link(text: str, field: str = "url") -> str:
    """`text` without blanks around it, if it is a web address that can be followed; an empty one stays empty.

    Refuses all schemes but https and http, blanks and control characters, and names or passwords before the
    host, which make one address look like another.
    """
    link = text.strip()
    if not link:
        return ""
    if len(link) > LONGEST_LINK:
        raise DomainError(f"Use at most {LONGEST_LINK} characters.", field)
    if any(one.isspace() or one in '\\<>"' or unicodedata.category(one) in {"Cc", "Cf"} for one in link):
        raise DomainError("A link holds no blanks, quotes, angle brackets or backslashes.", field)
    if not _leads_somewhere(link):
        raise DomainError("Give a link that begins with https://, such as https://example.org/report.", field)
    return link


def check_doi(text: str, field: str = "doi") -> str:
    """The DOI alone, `10.1234/abc`, also of one given as a link or after “doi:”; an empty one stays empty."""
    typed = text.strip()
    doi = _BEFORE_DOI.sub("", typed, count=1) if _BEFORE_DOI.match(typed) else typed
    if not doi:
        return ""
    if len(doi) > LONGEST_DOI:
        raise DomainError(f"Use at most {LONGEST_DOI} characters.", field)
    odd = any(unicodedata.category(one) in {"Cc", "Cf"} or one in '\\"' for one in doi)
    if odd or not _DOI.fullmatch(doi):
        raise DomainError("Give a DOI such as 10.19088/K4D.2020.001.", field)
    return doi


def _leads_somewhere(link: str) -> bool:
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:  # brackets or a port that are none
        return False
    if parts.scheme not in {"https", "http"} or "@" in parts.netloc:
        return False
    return bool(host.strip(".")) and ".." not in host
