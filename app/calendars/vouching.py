"""Whether the own mail server vouches for the sender of a message (RFC 8601, Authentication-Results).

Pure. What is written here by others is believed only under the name of the own server, and only in the first
such header: the own server adds its header above all that came with the message, and removes from below
whatever others wrote in its name (RFC 8601, 5). What cannot be read is not believed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 8000

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)|(?P<quoted>"(?:[^"\\\r\n]|\\.)*")|(?P<mark>[;=])|(?P<open>\()"""
    r"""|(?P<atom>[^\s;=()"]+)"""
)
_IN_COMMENT = re.compile(r"[^()\\]+|\\.|[()]", re.DOTALL)
METHODS = ("dmarc", "dkim", "spf")


@dataclass(frozen=True)
class Result:
    """What one method said, with what it said it about: `header.d`, `smtp.mailfrom`, …"""

    method: str
    result: str
    properties: Mapping[str, str]


def is_vouched(header: str, trusted: str, sender: str) -> bool:
    """Whether the first Authentication-Results of a message, written by the server `trusted`, says that its
    From, the address `sender`, is true.

    By DMARC for exactly its domain; where DMARC says nothing, by a DKIM signature or the SPF of an envelope
    sender whose domain is the same, above it or below it.
    """
    domain = sender.rpartition("@")[2].lower().rstrip(".")
    found = read(header, trusted) if trusted and domain else ()
    policies = [one for one in found if one.method == "dmarc"]
    if len(policies) > 1 or any(one.result == "fail" for one in policies):
        return False
    if policies and policies[0].result == "pass":
        return _domain(policies[0].properties.get("header.from", "")) == domain
    return any(
        one.result == "pass" and _are_aligned(_domain(one.properties.get(name, "")), domain)
        for one in found
        for name in {"dkim": ["header.d"], "spf": ["smtp.mailfrom"]}.get(one.method, [])
    )


def read(header: str, trusted: str) -> tuple[Result, ...]:
    """The results in a header, if the server `trusted` wrote it; none if it cannot be read to its end."""
    parts = _parts(header) if len(header) <= LONGEST else None
    if not parts:
        return ()
    name, *version = [sign for sign in parts[0] if sign != " "]
    if name.strip('"').lower() != trusted.lower() or version not in ([], ["1"]):
        return ()
    results = [_result(part) for part in parts[1:]]
    return tuple(one for one in results if one is not None)


def _parts(header: str) -> list[list[str]] | None:
    """The tokens between semicolons, comments left out, blanks as one; None if unreadable."""
    parts: list[list[str]] = [[]]
    at = 0
    while at < len(header):
        found = _TOKEN.match(header, at)
        if found is None:
            return None
        at = found.end()
        if found["open"]:
            end = _end_of_comment(header, at)
            if end is None:
                return None
            at = end
        elif found["space"]:
            parts[-1].append(" ")
        elif found[0] == ";":
            parts.append([])
        else:
            parts[-1].append(found[0])
    return parts if any(sign != " " for sign in parts[0]) else None


def _end_of_comment(header: str, at: int) -> int | None:
    depth = 1
    while depth:
        found = _IN_COMMENT.match(header, at)
        if found is None:
            return None
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        at = found.end()
    return at


def _result(signs: list[str]) -> Result | None:
    """`dkim=pass reason="…" header.d=example.org`, pairs set apart by blanks; None for another form."""
    words = re.split(r" +", "".join(_shielded(signs)).strip())
    pairs = [word.partition("=") for word in words]
    if any(not name or not mark or not value for name, mark, value in pairs):
        return None
    (method, result), *properties = [(name.lower(), _unshielded(value)) for name, _, value in pairs]
    if len({name for name, _ in properties}) != len(properties):
        return None
    return Result(method.partition("/")[0], result.lower(), dict(properties))


def _shielded(signs: list[str]) -> list[str]:
    """Blanks within quotes stand for themselves; those around an equals sign for nothing."""
    kept: list[str] = []
    for number, sign in enumerate(signs):
        beside = [*signs[max(0, number - 1) : number], *signs[number + 1 : number + 2]]
        if sign != " " or "=" not in beside:
            kept.append(sign.replace(" ", "\0") if sign.startswith('"') else sign)
    return kept


def _unshielded(value: str) -> str:
    return value.replace("\0", " ").strip('"')


def _domain(text: str) -> str:
    return text.rpartition("@")[2].strip().lower().rstrip(".")


def _are_aligned(one: str, other: str) -> bool:
    """Relaxed, without a list of public suffixes: the same domain, or one below the other."""
    shorter, longer = sorted((one, other), key=len)
    return "." in shorter and (longer == shorter or longer.endswith(f".{shorter}"))
