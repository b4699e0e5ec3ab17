"""Making accounts and changing passwords. None of these commits, or hashes: that is slow and comes before."""

import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.queries import by_email, fold_email
from app.database import db
from app.domain.errors import AlreadyTaken, DomainError


def create_account(
    name: str, email: str, password_hash: str, now: datetime, *, is_administrator: bool = False,
    is_organiser: bool = False, is_confirmed: bool = False,
) -> User:  # fmt: skip
    """A new account; `is_confirmed`: its address is known to be its owner's. Raises AlreadyTaken when the
    address has one.
    """
    name, email = " ".join(name.split()), email.strip()
    if not name:
        raise DomainError("Give a name.", "name")
    made = User(
        name=name,
        email=email,
        email_folded=fold_email(email),
        password_hash=password_hash,
        is_administrator=is_administrator,
        is_organiser=is_organiser,
        email_confirmed_at=now if is_confirmed else None,
        stamp=new_stamp(),
        created_at=now,
    )
    taken = AlreadyTaken("This address has an account already. Sign in, or use another address.", "email")
    if by_email(email) is not None:
        raise taken
    try:
        with db.begin_nested():
            db.add(made)
    except IntegrityError as collision:  # somebody else was quicker
        raise taken from collision
    return made


def change_password(user: User, password_hash: str) -> None:
    """A new password: every sign-in with the old one ends."""
    user.password_hash = password_hash
    user.stamp = new_stamp()
    db.flush()


def renew_hash(user: User, password_hash: str) -> None:
    """The same password hashed at the cost now in use; sign-ins go on."""
    user.password_hash = password_hash
    db.flush()


def promote(user: User) -> None:
    """Make an account an administrator's. Twice is once."""
    user.is_administrator = True
    db.flush()


def let_organise(user: User) -> None:
    """Let an account start journeys. Twice is once."""
    user.is_organiser = True
    db.flush()


def new_stamp() -> str:
    """What a sign-in remembers of an account besides its number, which may be given again."""
    return secrets.token_urlsafe(12)
