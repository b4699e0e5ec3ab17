"""Putting a calendar together: narrow rows, texts that were written before, and a person's own lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.calendars import rows
from app.calendars.facts import About, Audience, Heads, Hearer, Own
from app.calendars.ical import EventText, Site, calendar, event, event_text
from app.calendars.texts import Kept
from app.domain.permissions import STRANGER, Actor, may_see_join_link
from app.domain.seats import PlaceStatus
from app.learning_sessions.models import OfferingStatus

TEXTS: Kept[EventText] = Kept(8192)
"""One or two kilobytes each."""


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom a calendar is told, and how."""

    actor: Actor = STRANGER
    hearer: Hearer | None = None
    leads: bool = False
    shows_drafts: bool = False
    """Also of draft journeys that `actor` may not see: whoever asks was let in before."""
    shows_waiting: bool = True
    shows_cancelled: bool = True
    alarm_minutes: int | None = None


def assemble(
    about: About, scope: rows.Scope, of: int | None, telling: Telling, site: Site, now: datetime
) -> bytes:
    """The calendar as bytes. One query, and two more when texts are missing, whatever its length."""
    found = [row for row in rows.told(scope, of, now) if _is_wanted(row, telling)]
    audiences = [_audience(row, telling, now) for row in found]
    texts = _texts(found, audiences, site)
    return calendar(
        about,
        (
            event(written, _own(row, audience, telling))
            for row, audience, written in zip(found, audiences, texts, strict=True)
            if written is not None
        ),
    )


def _is_wanted(row: Any, telling: Telling) -> bool:
    if row.status is OfferingStatus.CANCELLED and not telling.shows_cancelled:
        return False
    is_held = row.place_status in {None, PlaceStatus.CONFIRMED} or row.status is OfferingStatus.CANCELLED
    if not telling.shows_waiting and not is_held:
        return False
    actor = telling.actor
    if telling.shows_drafts:
        return True
    return row.journey_status != "draft" or actor.is_administrator or row.journey_id in actor.organises


def _audience(row: Any, telling: Telling, now: datetime) -> Audience:
    sees_link = (
        row.has_link
        and telling.actor is not STRANGER
        and row.status is not OfferingStatus.CANCELLED
        and may_see_join_link(
            telling.actor,
            journey_id=row.journey_id,
            offering_id=row.id,
            starts_at=row.starts_at,
            from_minutes=row.join_from_minutes,
            now=now,
        )
    )
    heads = Heads(row.online, row.in_person, row.waiting) if row.online is not None else None
    return Audience(telling.hearer, row.place_status, row.way, sees_link, telling.leads, heads)


def _own(row: Any, audience: Audience, telling: Telling) -> Own:
    """Stamped with the latest change of what the event tells; a link that appears is one."""
    changes = [row.updated_at, row.session_updated_at]
    changes += [at for at in (row.place_updated_at, row.places_updated_at) if at is not None]
    is_confirmed = audience.status is PlaceStatus.CONFIRMED
    if audience.sees_link and is_confirmed and row.starts_at is not None:
        changes.append(row.starts_at - timedelta(minutes=row.join_from_minutes))
    reminds = (
        row.starts_at is not None
        and row.status is not OfferingStatus.CANCELLED
        and audience.status in {None, PlaceStatus.CONFIRMED}
    )
    return Own(
        sequence=row.sequence + (row.place_sequence or 0),
        changed_at=max(changes),
        alarm_minutes=telling.alarm_minutes if reminds else None,
    )


def _texts(
    found: Sequence[Any], audiences: Sequence[Audience], site: Site
) -> Iterable[EventText | None]:  # fmt: skip
    """The text of each, in order; what is missing is written now. None for a sitting that is just gone."""
    keys = [
        (row.uid, rows.versions_of(row), audience, site)
        for row, audience in zip(found, audiences, strict=True)
    ]
    kept = [TEXTS.get(key) for key in keys]
    missing = {row.id for row, text in zip(found, kept, strict=True) if text is None}
    facts = rows.sittings(missing)

    def written(number: int, audience: Audience, text: EventText | None) -> EventText | None:
        if text is not None or number not in facts:
            return text
        versions, sitting = facts[number]
        made = event_text(sitting, audience, site)
        TEXTS.put((sitting.held.uid, versions, audience, site), made)
        return made

    return [
        written(row.id, audience, text) for row, audience, text in zip(found, audiences, kept, strict=True)
    ]
