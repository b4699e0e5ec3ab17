"""A draw that anybody can check: a seed promised by its hash, ranks that follow from it.

Published when requests open: `commitment(seed)`. Published at the draw: the seed. The rank of a place is the
order of `ticket(seed, place_id)` among all places that took part.
"""

from collections.abc import Iterable
from hashlib import sha256


def commitment(seed: str) -> str:
    """SHA-256 (FIPS 180-4) of the seed's text in UTF-8, in 64 lower-case hexadecimal digits."""
    return sha256(seed.encode()).hexdigest()


def ticket(seed: str, place_id: int) -> str:
    """SHA-256 of the seed, a colon and the decimal number of the place, in hexadecimal digits."""
    return sha256(f"{seed}:{place_id}".encode()).hexdigest()


def draw(seed: str, place_ids: Iterable[int]) -> list[int]:
    """The places in the order of their tickets, the smallest first; equal ones cannot be told to occur."""
    return sorted(place_ids, key=lambda place_id: (ticket(seed, place_id), place_id))
