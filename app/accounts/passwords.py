"""Keeping passwords: argon2id, 19 MiB of memory, as many passes as PASSWORD_COST says."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19 * 1024


class _Keeper:
    """The hasher in use; the cost is set once, at the start."""

    hasher = PasswordHasher(time_cost=3, memory_cost=MEMORY_KIB, parallelism=1)


def use_cost(passes: int) -> None:
    """From now on, hash with this many passes over the memory."""
    _Keeper.hasher = PasswordHasher(time_cost=passes, memory_cost=MEMORY_KIB, parallelism=1)


def hash_password(password: str) -> str:
    """The hash to store. Slow on purpose: never within a writing transaction."""
    return _Keeper.hasher.hash(_same_on_every_keyboard(password))


def agrees(stored: str | None, password: str) -> bool:
    """Whether the password is the one whose hash is stored. Takes as long when there is none (None)."""
    try:
        _Keeper.hasher.verify(stored or _nobodys(), _same_on_every_keyboard(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made at another cost than the one in use."""
    return _Keeper.hasher.check_needs_rehash(stored)


def _nobodys() -> str:
    """A well-formed hash at the cost in use that no password has."""
    passes = _Keeper.hasher.time_cost
    return f"$argon2id$v=19$m={MEMORY_KIB},t={passes},p=1$bm9ib2R5J3Mgc2FsdA$" + "A" * 43


def _same_on_every_keyboard(password: str) -> str:
    """One form of letters that keyboards put together differently (é may be one character or two)."""
    return unicodedata.normalize("NFKC", password)
