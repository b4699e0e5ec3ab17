"""What the worker does when the zone data of the installation is another than before."""

import logging
from datetime import datetime, timedelta

from app.database import db, writing
from app.jobs.operations import Claim
from app.jobs.worker import every
from app.scheduling import zone_words, zones

log = logging.getLogger("meridian.zones")


@every(timedelta(hours=1), "scheduling.zones_check")
def zones_check(_claim: Claim, now: datetime) -> None:
    """Apply the zones check once for each new version: restarting with new data is enough."""
    due = zones.is_due(now)
    db.rollback()
    if not due:
        return
    with writing():
        done = zones.apply(now)
    for line in zone_words.lines(done):
        log.warning("%s", line)
    log.warning("%s", zone_words.total(done, applied=True))
