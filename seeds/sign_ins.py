"""The passwords of the demonstration accounts: random, made once, kept in a file only its owner reads."""

import os
import secrets
from pathlib import Path

from seeds.people import SIGN_INS

FILE_NAME = "demonstration-sign-ins.txt"


def path() -> Path:
    """Where the file is: under MERIDIAN_INSTANCE, or `instance` where that is not set."""
    return Path(os.environ.get("MERIDIAN_INSTANCE") or "instance") / FILE_NAME


def read() -> dict[str, str]:
    """Password by e-mail address, as far as the file tells; empty without a file."""
    try:
        lines = path().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    ends = [line.rpartition(": ")[2].split() for line in lines]
    return {end[0]: end[1] for end in ends if len(end) == 2}


def make() -> dict[str, str]:
    """Password by e-mail address: those of the file, and new ones, written there, for accounts it lacks."""
    known = read()
    passwords = {one.email: known.get(one.email) or secrets.token_urlsafe(12) for one in SIGN_INS}
    if passwords != known:
        _write("".join(f"{line}\n" for line in lines(passwords)))
    return passwords


def lines(passwords: dict[str, str]) -> list[str]:
    """As the file and the screen show them."""
    return [f"{one.who}: {one.email}  {passwords[one.email]}" for one in SIGN_INS if one.email in passwords]


def _write(text: str) -> None:
    target = path()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(target)
