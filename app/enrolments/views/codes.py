"""Slowing down whoever tries invitation codes: each try is counted before the code is looked at."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import attempts
from app.accounts.attempts import INVITATION_CODE, INVITATION_CODE_CLIENT, TooMany
from app.accounts.confirmation import count
from app.database import begin_writing
from app.domain.errors import DomainError
from app.web import visits


def count_try(code: str | None) -> None:
    """Count that the account in hand tries a code, in a transaction of its own; then begin a new one.

    No code, nothing to count. Raises TooMany when they have to wait first.
    """
    if (code or "").strip():
        count((INVITATION_CODE, _account()), (INVITATION_CODE_CLIENT, visits.keyed(visits.client())))
        begin_writing()


def was_good(code: str | None) -> None:
    """It was no guess: what was counted for it counts no more. Does not commit."""
    if (code or "").strip():
        attempts.forget(INVITATION_CODE, _account())
        attempts.take_back(INVITATION_CODE_CLIENT, visits.keyed(visits.client()))


def answer(page: str, status: int, refusal: DomainError | None) -> ResponseReturnValue:
    """The page of a form; with 429 and the time to wait when that is why it was refused."""
    if isinstance(refusal, TooMany):
        return page, 429, {"Retry-After": str(refusal.seconds)}
    return page, status


def _account() -> str:
    return visits.keyed(f"user {current_user.id}")
