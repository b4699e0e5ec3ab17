"""What differs from the defaults for one address. None of the changes commits."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.queries import fold_email
from app.database import db
from app.domain.timezones import local
from app.messages import queries
from app.messages.kinds import Choice
from app.messages.models import QUIET_FROM, QUIET_UNTIL, Recipient


def muted_of(wishes: Recipient | None) -> frozenset[str]:
    """The choices somebody has switched off."""
    return frozenset(wishes.muted.split()) if wishes is not None else frozenset()


def of_address(address: str, now: datetime) -> Recipient:
    """The row of an address to be changed, as it is now; made if there is none.

    Whoever changes the same one meanwhile is waited for: nobody's change is lost, and the second to make it
    finds the first's.
    """
    folded = fold_email(address)
    row = select(Recipient).where(Recipient.address_folded == folded).with_for_update()
    found = db.scalar(row, execution_options={"populate_existing": True})
    if found is None:
        upsert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        made = upsert(Recipient).values(address_folded=folded, updated_at=now)
        db.execute(made.on_conflict_do_nothing(index_elements=["address_folded"]))
        found = db.scalars(row).one()
    return found


def switch(address: str, choice: Choice, is_wanted: bool, now: datetime) -> None:
    """Let somebody hear of a choice, or no longer. Twice is once."""
    wishes = of_address(address, now)
    muted = muted_of(wishes) - {choice} if is_wanted else muted_of(wishes) | {choice}
    wishes.muted, wishes.updated_at = " ".join(one for one in Choice if one in muted), now
    db.flush()


def mark_refused(address: str, code: int | None, reason: str, now: datetime) -> None:
    """Note that a mail server refuses the address for good; the first time stays."""
    known = of_address(address, now)
    if known.refused_at is None:
        known.refused_at, known.refused_code, known.refused_reason = now, code, reason
        known.refusal_seen_at, known.updated_at = None, now
    db.flush()


def trust_again(address: str, now: datetime) -> None:
    """Forget that an address refused mail: its owner, or who keeps it, says that it takes some."""
    known = queries.recipient(fold_email(address))
    if known is not None and known.refused_at is not None:
        known.refused_at = known.refused_code = known.refusal_seen_at = None
        known.refused_reason, known.updated_at = "", now
        db.flush()


def end_of_quiet(wishes: Recipient | None, timezone: str | None, now: datetime) -> datetime | None:
    """When the quiet hours end in which `now` lies for somebody in a zone; None: it lies in none.

    An end that the clocks skip is the first moment after it.
    """
    begins = wishes.quiet_from if wishes is not None else QUIET_FROM
    ends = wishes.quiet_until if wishes is not None else QUIET_UNTIL
    if timezone is None or begins == ends:
        return None
    here = local(now, timezone)
    minute = here.hour * 60 + here.minute
    if not _lies_within(minute, begins, ends):
        return None
    until = now
    for _ in range(24 * 60):
        until = (until + timedelta(minutes=1)).replace(second=0, microsecond=0)
        there = local(until, timezone)
        if not _lies_within(there.hour * 60 + there.minute, begins, ends):
            return until
    return None


def _lies_within(minute: int, begins: int, ends: int) -> bool:
    return begins <= minute < ends if begins < ends else minute >= begins or minute < ends
