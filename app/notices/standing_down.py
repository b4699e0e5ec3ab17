"""Telling who was briefed for a sitting, and leads it no more, that they need not come."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from app.accounts.models import User
from app.database import db, writing
from app.domain.reminders import begins_at
from app.facilitators.models import Facilitator
from app.learning_sessions.models import OfferingFacilitator
from app.messages.bulk import Letter as Queued
from app.messages.bulk import queue_all
from app.messages.composed import Composed, NoLongerNeeded
from app.messages.models import MessageState, OutboxMessage
from app.notices import queries, times
from app.notices.briefing_rows import STOOD_DOWN
from app.notices.language import language_of
from app.notices.letters import Go, Hours, Letter, Line, Part, composed
from app.notices.pending import wait_for_changes
from app.notices.people import answers_to, choices_of, contact_of, reader_of
from app.participants import queries as participants
from app.scheduling.announcing import is_soon
from app.web.reader import Reader
from app.web.sittings import shown
from app.web.templating import address_of


class Briefed(NamedTuple):
    """The last that somebody was told of a sitting they lead, and that they have been sent."""

    message_id: int
    name: str
    scope: str | None
    order_key: str | None
    payload: Mapping[str, Any]
    expires_at: datetime | None

    @property
    def leading(self) -> tuple[int, int]:
        """The sitting, and the account that leads it."""
        return self.payload["offering_id"], self.payload["user_id"]


def queue_stood_down(kind: str, since: datetime, now: datetime) -> int:
    """Write to everybody who was sent a message of this kind since then, about a sitting ahead, and leads it
    no more, unless they were told so already; how many.

    Ends the transaction in hand, and commits. Its queries are three, however many lead.
    """
    briefed = _briefed(kind, since, now)
    if not briefed:
        db.rollback()
        return 0
    still = _who_lead({one.payload["offering_id"] for one in briefed})
    gone = [one for one in briefed if one.leading not in still]
    addresses = _addresses({one.payload["user_id"] for one in gone})
    db.rollback()
    letters = [_letter(one, addresses[one.leading[1]]) for one in gone if one.leading[1] in addresses]
    if not letters:
        return 0
    with writing():
        return queue_all(STOOD_DOWN, letters, now)


def _briefed(kind: str, since: datetime, now: datetime) -> list[Briefed]:
    rows = db.execute(
        select(
            OutboxMessage.id, OutboxMessage.to_name, OutboxMessage.scope, OutboxMessage.order_key,
            OutboxMessage.payload, OutboxMessage.expires_at, OutboxMessage.kind, OutboxMessage.state,
        )
        .where(OutboxMessage.created_at > since, OutboxMessage.kind.in_((kind, STOOD_DOWN)))
        .where(OutboxMessage.expires_at > now, OutboxMessage.state != MessageState.EXPIRED)
        .order_by(OutboxMessage.id)
    )  # fmt: skip
    last: dict[tuple[int, int], Briefed] = {}
    for *facts, which, state in rows:
        one = Briefed(*facts)
        if which == STOOD_DOWN:
            last.pop(one.leading, None)
        elif state is MessageState.SENT and "user_id" in one.payload:
            last[one.leading] = one
    return list(last.values())


def _who_lead(offering_ids: Collection[int]) -> set[tuple[int, int]]:
    rows = db.execute(
        select(OfferingFacilitator.offering_id, Facilitator.user_id)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(OfferingFacilitator.offering_id.in_(offering_ids))
    )
    return {(offering_id, user_id) for offering_id, user_id in rows if user_id is not None}


def _addresses(user_ids: Collection[int]) -> dict[int, str]:
    rows = db.execute(select(User.id, User.email).where(User.id.in_(user_ids)))
    return dict(rows.all())


def _letter(one: Briefed, address: str) -> Queued:
    offering_id, user_id = one.leading
    return Queued(
        to_address=address,
        to_name=one.name,
        payload={
            "facilitator_id": one.payload["facilitator_id"],
            "user_id": user_id,
            "offering_id": offering_id,
        },
        order_key=one.order_key,
        unique_key=f"stood-down:{one.message_id}",
        scope=one.scope,
        expires_at=one.expires_at,
    )


def about_stood_down(payload: Mapping[str, Any]) -> Composed:
    """What somebody is told who does not lead any more; silent where they do again, or it is over."""
    now, offering = datetime.now(UTC), queries.offering(int(payload["offering_id"]))
    user = db.get(User, int(payload["user_id"]))
    if offering is None or user is None:
        raise NoLongerNeeded("the sitting or the account is gone")
    if (offering.id, user.id) in _who_lead({offering.id}):
        raise NoLongerNeeded("they lead it after all")
    wait_for_changes(offering.id, now)
    journey, person = offering.learning_session.journey, participants.of_user(user.id)
    if begins_at(offering.starts_at, offering.first_on, offering.timezone) <= now:
        raise NoLongerNeeded("the sitting has begun")
    page = db.get(Facilitator, int(payload["facilitator_id"]))
    reader = reader_of(person) if person is not None else Reader(page.timezone if page is not None else None)
    _, when = language_of(user.email), shown(offering, reader, now)
    told = {"session": offering.learning_session.title}
    parts: list[Part] = [Line(_("You need not come: the organisers have taken you off this sitting."))]
    if offering.is_cancelled:
        parts.append(Line(_("This sitting is cancelled.")))
    link = address_of(
        "learning_sessions.show", slug=journey.slug, learning_session_slug=offering.learning_session.slug
    )
    letter = Letter(
        subject=_("You no longer lead: {session}, {when}", when=times.in_subject(_, when), **told),
        greeting=_("Dear {name},", name=person.name if person is not None else user.name),
        title=_("You no longer lead “{session}”", **told),
        parts=[*parts, Hours(times.reading(_, when)), Go(_("Open the session"), link)],
        why=_("You get this because you were to lead “{session}” ({journey}).", journey=journey.name, **told),
        answers=contact_of(journey),
        choices=choices_of(person) if person is not None else "",
    )
    made = composed(letter, _, timezone=reader.timezone, reply_to=answers_to(journey))
    return replace(made, is_urgent=is_soon(offering.starts_at, offering.first_on, offering.timezone, now))
