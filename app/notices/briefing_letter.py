"""The letter to who leads a session soon: when, where, who comes and from where, what happens when.

It names people: its reader may know who comes, and that is asked anew when it is sent.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from babel import Locale
from babel.dates import format_date
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.permissions import Actor, Permission, may, may_see_join_link
from app.domain.reminders import begins_at
from app.domain.timezones import city, local, zone_phrase
from app.facilitators.models import Facilitator
from app.journeys.models import Journey
from app.learning_sessions.models import Offering, OfferingFacilitator
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import briefing_rows as rows
from app.notices import times
from app.notices.about import way_in_words, where_is
from app.notices.briefing_rows import HELD_IN, Guest
from app.notices.changes_hearing import Hearing, hearing
from app.notices.language import Language
from app.notices.letters import Facts, Go, Hours, Letter, Line, Link, Part, Table, composed
from app.notices.pending import wait_for_changes
from app.notices.people import answers_to, choices_of, contact_of
from app.web.access import actor_of
from app.web.sittings import shown
from app.web.templating import address_of

MOST_NAMES, MOST_PLACES, MOST_PARTS = 40, 20, 20


@dataclass(frozen=True)
class Briefing:
    """What one reader is told of one sitting."""

    to: Hearing
    facilitator_id: int
    coming: list[Guest]
    cannot_come: int
    waiting: int
    now: datetime

    @property
    def offering(self) -> Offering:
        return self.to.offering

    @property
    def journey(self) -> Journey:
        return self.offering.learning_session.journey

    @property
    def title(self) -> str:
        """The learning session's."""
        return self.offering.learning_session.title

    @property
    def zone(self) -> str:
        """By whose clock the hours are told: the reader's, or the session's own where it meets."""
        own = self.offering.timezone
        is_there = self.offering.attendance is Attendance.IN_PERSON
        return own if is_there else self.to.reader.timezone or own


def about_briefing(payload: Mapping[str, Any]) -> Composed:
    """What a facilitator is told before they lead; silent where it is not held so, or not by them."""
    found = _true(payload, datetime.now(UTC))
    _, offering, told = found.to.language, found.offering, {"session": found.title}
    when = shown(offering, found.to.reader, found.now)
    letter = Letter(
        subject=_("You lead: {session}, {when}", when=times.in_subject(_, when), **told),
        greeting=_("Dear {name},", name=found.to.name),
        title=_("Who comes to “{session}”, which you lead", **told),
        parts=[Hours(times.reading(_, when)), *_parts(_, found)],
        why=_("You get this because you lead “{session}” ({journey}).", journey=found.journey.name, **told),
        answers=contact_of(found.journey),
        choices=choices_of(found.to.person) if found.to.person is not None else "",
    )
    return composed(letter, _, timezone=found.to.reader.timezone, reply_to=answers_to(found.journey))


def _true(payload: Mapping[str, Any], now: datetime) -> Briefing:
    """The sitting as it is, when it is still what the letter was queued for."""
    facilitator_id, offering_id = int(payload["facilitator_id"]), int(payload["offering_id"])
    to = hearing({"facilitator_id": facilitator_id, "offering_id": offering_id}, now)
    offering = to.offering
    wait_for_changes(offering.id, now)
    begins = begins_at(offering.starts_at, offering.first_on, offering.timezone)
    if offering.is_cancelled or offering.learning_session.journey.status not in HELD_IN:
        raise NoLongerNeeded("it is not held")
    if begins != datetime.fromisoformat(payload["begins_at"]):
        raise NoLongerNeeded("the sitting is at another time")
    if begins <= now:
        raise NoLongerNeeded("the sitting has begun")
    actor = _actor(facilitator_id)
    if actor.user_id != payload.get("user_id", actor.user_id):
        raise NoLongerNeeded("another account leads it now")
    if not may(actor, Permission.PARTICIPANTS_SEE, offering):
        raise NoLongerNeeded("they may not know who comes")
    coming, cannot_come = rows.guests_of(offering_id)
    waiting = rows.counts_of([offering_id])[offering_id].waiting
    return Briefing(to, facilitator_id, coming, cannot_come, waiting, now)


def _actor(facilitator_id: int) -> Actor:
    user = db.scalars(
        select(User).join(Facilitator, Facilitator.user_id == User.id).where(Facilitator.id == facilitator_id)
    ).one()
    return actor_of(user.id, user.is_administrator, user.is_organiser, user.email_confirmed_at is not None)


# Parts


def _parts(_: Language, found: Briefing) -> list[Part]:
    run_sheet = address_of("scheduling.run_sheet", offering_id=found.offering.id)
    one = found.offering.learning_session
    page = address_of("learning_sessions.show", slug=found.journey.slug, learning_session_slug=one.slug)
    return [
        Line(_how_many(_, len(found.coming)), is_strong=True),
        _facts(_, found),
        *_join_link(_, found),
        Go(_("Open your run sheet"), run_sheet),
        *_from_where(_, found),
        *_agenda(_, found),
        *_names(_, found),
        Link(_("The page of the session, with the list of who comes:"), page),
    ]


def _how_many(_: Language, number: int) -> str:
    if not number:
        return _("Nobody has a place yet.")
    return _.n("{number} person comes.", "{number} people come.", number)


def _facts(_: Language, found: Briefing) -> Facts:
    offering, by_way = found.offering, Counter(one.way for one in found.coming)
    told = [(_("Journey"), found.journey.title)]
    if offering.attendance is not Attendance.ONLINE:
        told.append((_("Where"), where_is(offering)))
    if offering.attendance is Attendance.BOTH:
        told.append((_("Coming online"), str(by_way[Way.ONLINE])))
        told.append((_("Coming in person"), str(by_way[Way.IN_PERSON])))
    told.append((_("Cannot come after all"), str(found.cannot_come or "")))
    told.append((_("Waiting for a place"), str(found.waiting or "")))
    told.append((_("Leading with you"), ", ".join(_others(found))))
    return Facts(tuple((name, value) for name, value in told if value))


def _others(found: Briefing) -> list[str]:
    """Who else leads, in the order of the page."""
    leading = db.execute(
        select(Facilitator.name, OfferingFacilitator.role)
        .join(OfferingFacilitator, OfferingFacilitator.facilitator_id == Facilitator.id)
        .where(OfferingFacilitator.offering_id == found.offering.id)
        .where(Facilitator.id != found.facilitator_id)
        .order_by(OfferingFacilitator.position)
    )
    return [f"{name} ({role})" if role else name for name, role in leading]


def _join_link(_: Language, found: Briefing) -> list[Part]:
    offering = found.offering
    if not offering.join_url or offering.attendance is Attendance.IN_PERSON:
        return []
    may_see = may_see_join_link(
        _actor(found.facilitator_id),
        journey_id=found.journey.id,
        offering_id=offering.id,
        starts_at=offering.starts_at,
        from_minutes=offering.join_from_minutes,
        now=found.now,
    )
    return [Link(_("The link to join:"), offering.join_url)] if may_see else []


def _from_where(_: Language, found: Briefing) -> list[Part]:
    """The countries and zones they come from, with their hour at the start; most people first."""
    starts_at = found.offering.starts_at
    counted = Counter((_country(_, one.country), one.timezone) for one in found.coming)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    table = [
        (country, _clock_there(_, starts_at, zone), str(count))
        for (country, zone), count in ordered[:MOST_PLACES]
    ]
    if not table:
        return []
    head = (_("Country"), _("Clock"), _("People"))
    parts: list[Part] = [Table(head, tuple(table), _("From where, and their clock at the start"))]
    if len(ordered) > MOST_PLACES:
        parts.append(Line(_("The run sheet has the others."), is_quiet=True))
    return parts


def _agenda(_: Language, found: Briefing) -> list[Part]:
    """What happens when, on the reader's clock and, where that reads otherwise, on the session's own."""
    offering = found.offering
    if not offering.agenda:
        return []
    starts_at, zones, lines = offering.starts_at, _zones(found), []
    at = starts_at
    for one in offering.agenda[:MOST_PARTS]:
        clocks = [_clock(_, at, zone, starts_at) for zone in zones] if at and starts_at else []
        lines.append((*(clocks or [str(one.length_minutes)]), one.title))
        at = at + timedelta(minutes=one.length_minutes) if at else None
    places = [_place(starts_at, zone) for zone in zones if starts_at]
    head = (*(places or [_("Minutes")]), _("Part"))
    return [Table(head, tuple(lines), _("What happens when"))]


def _zones(found: Briefing) -> tuple[str, ...]:
    """On whose clocks the agenda is told; none where no hours are known."""
    starts_at, own, mine = found.offering.starts_at, found.offering.timezone, found.zone
    if starts_at is None:
        return ()
    agree = local(starts_at, mine).utcoffset() == local(starts_at, own).utcoffset()
    return (own,) if agree else (mine, own)


def _names(_: Language, found: Briefing) -> list[Part]:
    if not found.coming:
        return []
    is_both = found.offering.attendance is Attendance.BOTH
    head = (_("Name"), _("Country"), *((_("Attending"),) if is_both else ()))
    table = [
        (
            one.name or _("A former participant"),
            _country(_, one.country),
            *((way_in_words(_, one.way),) if is_both else ()),
        )
        for one in found.coming[:MOST_NAMES]
    ]
    parts: list[Part] = [Table(head, tuple(table), _("Who comes"))]
    more = len(found.coming) - MOST_NAMES
    if more > 0:
        parts.append(Line(_.n("And {number} more person.", "And {number} more people.", more)))
    names = _("Names are for the journey’s organisers and this session’s facilitators only.")
    return [*parts, Line(names, is_quiet=True)]


# Words


def _country(_: Language, code: str | None) -> str:
    return str(Locale.parse(_.code).territories.get(code, code)) if code else _("not known")


def _clock_there(_: Language, starts_at: datetime | None, zone: str) -> str:
    """`Thu 18:00 Dhaka (UTC+6)`; the city alone where no hours are known."""
    if starts_at is None:
        return city(zone)
    return f"{_day(_, starts_at, zone)} {local(starts_at, zone):%H:%M} {_place(starts_at, zone)}"


def _place(at: datetime, zone: str) -> str:
    """`Dhaka (UTC+6)`."""
    name, phrase = city(zone), zone_phrase(local(at, zone))
    return name if name == phrase else f"{name} ({phrase})"


def _clock(_: Language, at: datetime, zone: str, starts_at: datetime) -> str:
    """`18:15`; with its weekday where that is not the first one's."""
    here = f"{local(at, zone):%H:%M}"
    same_day = local(at, zone).date() == local(starts_at, zone).date()
    return here if same_day else f"{_day(_, at, zone)} {here}"


def _day(_: Language, at: datetime, zone: str) -> str:
    """`Thu`, in the reader's language."""
    return format_date(local(at, zone).date(), "EEE", _.code)
