"""What is asked about planning: the zone data in use, changes of sittings, what hangs on them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.domain.timezones import zone_data_version
from app.learning_sessions.models import Offering, OfferingStatus
from app.scheduling.models import ZoneCheck


@dataclass(frozen=True)
class ZoneDataStatus:
    """The zone data that this process derives instants with, and what the zones check made of it."""

    version: str
    """Such as `2026f`; `unknown` when its source does not say."""
    used_since: datetime | None
    """The first check under this version; None: this site has not looked at its sittings with it yet."""
    checked_at: datetime | None
    """The latest check under this version."""
    flagged: int
    """Coming sittings that a person should look at, because new rules made their time unclear."""
    is_old: bool
    """The edition is of the year before last or earlier."""


def zone_data_status(now: datetime) -> ZoneDataStatus:
    """How things stand with the zone data; two queries."""
    version = zone_data_version()
    since, last = db.execute(
        select(func.min(ZoneCheck.checked_at), func.max(ZoneCheck.checked_at)).where(
            ZoneCheck.version == version
        )
    ).one()
    flagged = db.scalar(
        select(func.count()).where(
            Offering.zone_flag.is_not(None),
            Offering.starts_at > now,
            Offering.status == OfferingStatus.SCHEDULED,
        )
    )
    return ZoneDataStatus(version, since, last, flagged or 0, is_old_edition(version, now))


def is_old_edition(version: str, now: datetime) -> bool:
    """Whether a version such as `2024b` is of the year before last or earlier; not known is not old."""
    year = version[:4]
    return year.isascii() and year.isdigit() and int(year) < now.year - 1
