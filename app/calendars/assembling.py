"""Putting a calendar together: narrow rows, texts that were written before, and a person's own lines."""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.calendars import rows
from app.calendars.facts import About, Audience, Heads, Hearer, Own, Sitting
from app.calendars.ical import EventText, Site, calendar, event, event_text
from app.calendars.texts import Kept
from app.domain.attendance import Way
from app.domain.permissions import STRANGER, Actor, may_see_join_link
from app.domain.seats import PlaceStatus

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


@dataclass(frozen=True, slots=True)
class Assembled:
    """A calendar as bytes, and the first moment at which time alone makes it another; None: never."""

    body: bytes
    until: datetime | None = None


def assemble(
    about: About, scope: rows.Scope, of: int | None, telling: Telling, site: Site, now: datetime
) -> Assembled:
    """The calendar. One query, and two more when texts are missing, whatever its length."""
    found = [row for row in rows.told(scope, of, now) if _is_wanted(row, telling, now)]
    audiences = _Audiences(telling, site, now)
    keys = []
    for row in found:
        mark = audiences.mark_of(row)
        keys.append((row.uid, *rows.versions_of(row), mark))
    texts = TEXTS.get_all(keys)
    missing = {row.id for row, text in zip(found, texts, strict=True) if text is None}
    if missing:
        texts = _written(found, keys, texts, audiences, rows.sittings(missing))
    body = calendar(
        about,
        [
            event(text, _own(row, key[-1], telling, audiences))
            for row, key, text in zip(found, keys, texts, strict=True)
            if text is not None
        ],
    )
    return Assembled(body, _until(found, now))


def _until(found: Sequence[Any], now: datetime) -> datetime | None:
    """When the next join link appears to its holder, or the next tombstone or offer ends."""
    moments = [_opens_at(row) for row in found if row.link_starts_at is not None and row.place_status]
    moments += [rows.told_until(row) for row in found if row.is_cancelled]
    moments += [row.offer_ends_at for row in found if row.offer_ends_at is not None]
    return min((one for one in moments if one > now), default=None)


def _opens_at(row: Any) -> datetime:
    opens: datetime = row.link_starts_at - timedelta(minutes=row.join_from_minutes)
    return opens


_NOT_YET_HELD = {PlaceStatus.REQUESTED.value, PlaceStatus.WAITING.value, PlaceStatus.OFFERED.value}


def _is_wanted(row: Any, telling: Telling, now: datetime) -> bool:
    if row.is_cancelled and not telling.shows_cancelled:
        return False
    if row.place_status in _NOT_YET_HELD and not telling.shows_waiting:
        return False
    if row.offer_ends_at is not None and row.offer_ends_at <= now:
        return False
    actor = telling.actor
    if not row.is_draft or telling.shows_drafts:
        return True
    return actor.is_administrator or row.journey_id in actor.organises


class _Audiences:
    """The audiences of one calendar, each made once, by a short mark."""

    def __init__(self, telling: Telling, site: Site, now: datetime) -> None:
        self.site = site
        self._telling = telling
        self._now = now
        self._marks: dict[Hashable, bytes] = {}
        self._by_mark: dict[bytes, Audience] = {}

    def __getitem__(self, mark: bytes) -> Audience:
        return self._by_mark[mark]

    def mark_of(self, row: Any) -> bytes:
        """The mark of the audience that the row is told to."""
        told = (row.place_status, row.way, self._sees_link(row), row.online, row.in_person, row.waiting)
        mark = self._marks.get(told)
        if mark is None:
            audience = self._audience(*told)
            mark = hashlib.blake2b(repr((audience, self.site)).encode(), digest_size=12).digest()
            self._marks[told], self._by_mark[mark] = mark, audience
        return mark

    def _audience(
        self, status: str | None, way: str | None, sees_link: bool, online: int | None, in_person: int,
        waiting: int,
    ) -> Audience:  # fmt: skip
        return Audience(
            hearer=self._telling.hearer,
            status=PlaceStatus(status) if status else None,
            way=Way(way) if way else None,
            sees_link=sees_link,
            leads=self._telling.leads,
            heads=None if online is None else Heads(online, in_person, waiting),
        )

    def _sees_link(self, row: Any) -> bool:
        actor = self._telling.actor
        if actor is STRANGER or not row.has_link:
            return False
        return may_see_join_link(
            actor,
            journey_id=row.journey_id,
            offering_id=row.id,
            starts_at=row.link_starts_at,
            from_minutes=row.join_from_minutes,
            now=self._now,
        )


def _own(row: Any, mark: bytes, telling: Telling, audiences: _Audiences) -> Own:
    """Stamped with the latest change of what the event tells; a link that appears to a holder is one."""
    stamp: str = row.stamp
    audience = audiences[mark]
    holds = audience.status is PlaceStatus.CONFIRMED
    if holds and audience.sees_link and row.link_starts_at is not None:
        stamp = max(stamp, _opens_at(row).isoformat(" ", "seconds")[:19])
    reminds = row.is_timed and not row.is_cancelled and (holds or audience.status is None)
    return Own(
        row.sequence,
        f"{stamp[:4]}{stamp[5:7]}{stamp[8:10]}T{stamp[11:13]}{stamp[14:16]}{stamp[17:19]}Z",
        telling.alarm_minutes if reminds else None,
    )


def _written(
    found: Sequence[Any], keys: Sequence[Any], texts: Sequence[EventText | None], audiences: _Audiences,
    facts: Mapping[int, tuple[tuple[int, ...], Sitting]],
) -> list[EventText | None]:  # fmt: skip
    """The texts with those that were missing, which are kept. None for a sitting that is just gone."""
    filled = list(texts)
    for place, (row, key) in enumerate(zip(found, keys, strict=True)):
        if filled[place] is None and row.id in facts:
            versions, sitting = facts[row.id]
            mark = key[-1]
            made = event_text(sitting, audiences[mark], audiences.site)
            TEXTS.put((sitting.held.uid, *versions, mark), made)
            filled[place] = made
    return filled
