"""What one needs to know of a resource before opening it, in words."""

import re
from urllib.parse import SplitResult, urlsplit

from app.toolkits.models import Resource

_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)


def briefly(resource: Resource) -> str:
    """`Briefing, PDF, 180 KB`; `Website, outside link`."""
    told = [resource.kind.value.capitalize()]
    if resource.file_format:
        told.append(resource.file_format)
    if resource.size_bytes is not None:
        told.append(size(resource.size_bytes))
    if is_outside(resource) and len(told) == 1:
        told.append("outside link")
    return ", ".join(told)


def link(resource: Resource) -> str:
    """Where its title leads: its address, else its DOI; empty without either. Only the web is linked to."""
    parts = _parts(resource.url)
    if parts.scheme in {"http", "https"} or (parts.path.startswith("/") and not parts.scheme):
        return resource.url
    return f"https://doi.org/{doi(resource)}" if doi(resource) else ""


def is_outside(resource: Resource) -> bool:
    """Whether its link leaves this site."""
    return bool(_parts(link(resource)).netloc)


def site(resource: Resource) -> str:
    """The site a link leads to: `www.who.int`; empty without an outside link."""
    return _parts(link(resource)).hostname or ""


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # a bracket without its partner
        return SplitResult("", "", "", "", "")


def size(number: int) -> str:
    """`900 bytes`, `180 KB`, `4.6 MB`; a kilobyte has 1,000 bytes."""
    if number < 1000:
        return f"{number} byte" if number == 1 else f"{number} bytes"
    for unit, worth in (("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)):
        amount = number / worth
        if round(amount) < 1000 or unit == "TB":
            return f"{amount:.1f} {unit}" if amount < 9.95 and worth > 1e3 else f"{amount:,.0f} {unit}"
    raise AssertionError("every number has a unit")


def doi(resource: Resource) -> str:
    """The bare identifier, however it was written: `10.17226/24786`; empty without one."""
    found = _DOI.match(resource.doi.strip())
    return found.group(1) if found else ""
