"""Accounts, as others ask for them."""

import unicodedata
from functools import cache

from sqlalchemy import Executable, bindparam, select

from app.accounts.models import User
from app.database import db


def fold_email(email: str) -> str:
    """The spelling by which an e-mail address is compared: no case, one form of each letter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email.strip()).casefold())


def by_id(user_id: int) -> User | None:
    """The account of this number."""
    found: User | None = db.scalar(_by_id(), {"user": user_id})
    return found


@cache
def _by_id() -> Executable:
    """Composed once: every request of somebody signed in begins with it."""
    return select(User).where(User.id == bindparam("user"))


def held(user_id: int) -> User | None:
    """The account as it is now; nobody else changes it until the transaction ends. None: it is gone."""
    return db.scalar(
        select(User)
        .where(User.id == user_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def by_email(email: str) -> User | None:
    """The account of this e-mail address, however it is spelt."""
    return db.scalar(select(User).where(User.email_folded == fold_email(email)))


def other_administrators(user: User) -> bool:
    """Whether anybody else administers this site."""
    found = select(User.id).where(User.is_administrator.is_(True), User.id != user.id).limit(1)
    return db.scalar(found) is not None
