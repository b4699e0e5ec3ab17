"""Asking for a password: counted before it is looked at, worded so that nothing is told to a guesser."""

from app.accounts import attempts, operations, passwords, queries
from app.accounts.attempts import PASSWORD, SIGN_IN_ACCOUNT, SIGN_IN_CLIENT, Knock
from app.accounts.models import User
from app.database import begin_writing
from app.domain.errors import Refused
from app.web import visits
from app.web.clock import now
from app.web.transactions import in_its_own

NO_MATCH = "E-mail and password do not go together. Check both; capital letters count in the password."


def count(*knocks: Knock) -> None:
    """Count an attempt in a transaction of its own, which a later refusal leaves standing. Raises TooMany."""
    too_many = in_its_own(lambda: attempts.count(knocks, now()))
    if too_many is not None:
        raise too_many


def is_free(knock: Knock) -> bool:
    """Count an attempt as `count` does; whether it was free, for where nobody may see that it was not."""
    return in_its_own(lambda: attempts.count((knock,), now())) is None


def let_in(email: str, password: str) -> User:
    """The account of an address and its password; begins the writing transaction of the sign-in.

    Raises TooMany, or Refused without saying which of the two was wrong, after as long as if both were known.
    """
    account, client = visits.keyed(queries.fold_email(email)), visits.keyed(visits.client())
    count((SIGN_IN_ACCOUNT, account), (SIGN_IN_CLIENT, client))
    found = queries.by_email(email)
    stored = found.password_hash if found else None
    user_id = found.id if found else 0
    if not passwords.agrees(stored, password) or stored is None:
        raise Refused(NO_MATCH)
    renewed = passwords.hash_password(password) if passwords.is_outdated(stored) else None
    begin_writing()
    user = queries.by_id(user_id)
    if user is None or user.password_hash != stored:  # changed in this very moment
        raise Refused(NO_MATCH)
    if renewed is not None:
        operations.renew_hash(user, renewed)
    attempts.forget(SIGN_IN_ACCOUNT, account)
    attempts.take_back(SIGN_IN_CLIENT, client)
    return user


def confirm(user: User, password: str, field: str) -> None:
    """Check the password that somebody signed in gives again. Raises TooMany or Refused (at `field`)."""
    subject, stored = visits.keyed(f"user {user.id}"), user.password_hash
    count((PASSWORD, subject))
    if not passwords.agrees(stored, password):
        raise Refused("This is not your password.", field)
    in_its_own(lambda: attempts.forget(PASSWORD, subject))
