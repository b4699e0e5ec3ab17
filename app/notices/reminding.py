"""The letters that say a session is near, and that its hour is another than the last time.

They are true when they are sent, else they are not sent. How far away a session is is said as it is then.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.accounts.queries import fold_email
from app.domain.attendance import Way
from app.domain.hour_changes import HourChange, hour_change
from app.domain.permissions import Actor
from app.domain.reminders import Distance, Reminder, begins_at, distance, wanted
from app.domain.seats import PlaceStatus
from app.domain.timezones import city, local
from app.learning_sessions.models import Offering
from app.messages import queries as messages
from app.messages.composed import Composed, NoLongerNeeded
from app.messages.delivery import Postponed
from app.notices import queries, reminding_rows, times
from app.notices.about import About, because_held, facts, hours, open_session, ways_in
from app.notices.day_strip import weekday_in
from app.notices.language import Language
from app.notices.letters import Items, Letter, Line, Link, Part, composed
from app.notices.pending import wait_for_changes
from app.notices.people import (
    address_of_person,
    answers_to,
    choices_of,
    contact_of,
    language_for,
    without_account,
)
from app.toolkits import queries as toolkits
from app.web.templating import address_of

MOST_ITEMS = 6
HOUR_BEFORE = 60
"""Minutes: when the last reminder goes out, but to whom it brings a link that opens later."""


def about_reminder(payload: Mapping[str, Any]) -> Composed:
    """A reminder; silent when the place or the time is another, or its reader wants none."""
    about, reminder = _true(payload), Reminder(payload["what"])
    wishes = messages.recipient(fold_email(address_of_person(about.person)))
    own = wishes.reminders if wishes is not None else None
    wants = wanted(own, about.journey.reminders)
    if reminder not in wants:
        raise NoLongerNeeded("its reader wants no such reminder any more")
    comes_at = _link_comes_at(about)
    if reminder is Reminder.HOUR and comes_at is not None:
        raise Postponed(comes_at)
    _, offering = language_for(about.person), about.offering
    how_far = distance(about.now, _begins(offering), _clock_zone(about))
    change = _hour_change(about)
    parts: list[Part] = [hours(_, about)]
    if change is not None:
        parts += [Line(_hour_changed(_, change), is_strong=True), Line(_reason(_, change, about))]
    is_mailed = Reminder.HOUR in wants and _link_comes_at(about) is not None
    parts += [facts(_, about), *_ways_in(_, about, is_mailed), *_contents(_, about, reminder)]
    parts += _cannot_come(_, about, needs_account=_awaits_link(about) and not is_mailed)
    when = times.in_subject(_, about.shown)
    return _written(_, about, _subject(_, how_far, about, when), _title(_, how_far, about), parts)


def about_hour(payload: Mapping[str, Any]) -> Composed:
    """Says that the next session is at another hour for its reader; silent when it is not, or they left."""
    about = _true(payload)
    change = _hour_change(about)
    if change is None:
        raise NoLongerNeeded("its hour is the same as the last time")
    _ = language_for(about.person)
    before, after = _clocks(_, change)
    told = {"after": after, "before": before, "session": about.title}
    subject = _(
        "{after} for you, not {before}: {session}, {when}",
        when=times.in_subject(_, about.shown), **told,
    )  # fmt: skip
    title = _("“{session}” is at {after} for you, not {before}", **told)
    reason, stays = Line(_reason(_, change, about)), Line(_stays(_, change, about))
    parts = [reason, hours(_, about), stays, facts(_, about), open_session(_, about), *_cannot_come(_, about)]
    return _written(_, about, subject, title, parts)


def _written(_: Language, about: About, subject: str, title: str, parts: list[Part]) -> Composed:
    letter = Letter(
        subject=subject,
        greeting=_("Dear {name},", name=about.person.name),
        title=title,
        parts=parts,
        why=because_held(_, about),
        answers=contact_of(about.journey),
        choices=choices_of(about.person),
    )
    return composed(letter, _, timezone=about.person.timezone, reply_to=answers_to(about.journey))


# What is true


def _true(payload: Mapping[str, Any]) -> About:
    """The place, when it is still what the letter was queued for."""
    place, now = queries.place(int(payload["place_id"])), datetime.now(UTC)
    if place is None or place.status is not PlaceStatus.CONFIRMED or place.cannot_come_at is not None:
        raise NoLongerNeeded("they do not come any more")
    wait_for_changes(place.offering_id, now)
    if place.offering.is_cancelled:
        raise NoLongerNeeded("the sitting is cancelled")
    begins = _begins(place.offering)
    if begins != datetime.fromisoformat(payload["begins_at"]):
        raise NoLongerNeeded("the sitting is at another time")
    if begins <= now:
        raise NoLongerNeeded("the sitting has begun")
    return About(place, (), now, payload)


def _begins(offering: Offering) -> datetime:
    return begins_at(offering.starts_at, offering.first_on, offering.timezone)


def _clock_zone(about: About) -> str:
    """The zone by whose clock it is today or tomorrow: of the time that leads in the letter."""
    when = about.shown.when
    return when.lead.zone if when is not None else about.offering.timezone


def _hour_change(about: About) -> HourChange | None:
    promise = reminding_rows.held(about.offering)
    if promise is None or about.place.way is Way.IN_PERSON:
        return None
    before = reminding_rows.sitting_before(about.journey.id, about.person.id, promise.starts_at)
    return hour_change(before, promise, about.person.timezone) if before is not None else None


# Sentences


def _subject(_: Language, how_far: Distance, about: About, when: str) -> str:
    told = {"session": about.title, "when": when}
    if how_far.is_near and about.shown.when is not None:
        return _.n(
            "In {number} minute: {session}, {when}", "In {number} minutes: {session}, {when}",
            how_far.minutes, **told,
        )  # fmt: skip
    if how_far.days <= 0:
        return _("Today: {session}, {when}", **told)
    if how_far.days == 1:
        return _("Tomorrow: {session}, {when}", **told)
    return _.n(
        "In {number} day: {session}, {when}", "In {number} days: {session}, {when}", how_far.days, **told
    )


def _title(_: Language, how_far: Distance, about: About) -> str:
    told = {"session": about.title, "weekday": weekday_in(_, _day(about))}
    if how_far.is_near and about.shown.when is not None:
        return _.n(
            "“{session}” begins in {number} minute", "“{session}” begins in {number} minutes",
            how_far.minutes, **told,
        )  # fmt: skip
    if how_far.days <= 0 and about.shown.when is None:
        return _("“{session}” is today, {weekday}", **told)
    if how_far.days <= 0:
        return _.n(
            "“{session}” is today, in {number} hour", "“{session}” is today, in {number} hours",
            how_far.hours, **told,
        )  # fmt: skip
    if how_far.days == 1:
        return _("“{session}” is tomorrow, {weekday}", **told)
    return _.n(
        "“{session}” is in {number} day, on {weekday}", "“{session}” is in {number} days, on {weekday}",
        how_far.days, **told,
    )  # fmt: skip


def _day(about: About) -> date:
    return local(_begins(about.offering), _clock_zone(about)).date()


def _clocks(_: Language, change: HourChange) -> tuple[str, str]:
    """Before and now, with the weekday where that moves."""
    both = (change.before, change.after)
    if not change.moves_day:
        return f"{both[0]:%H:%M}", f"{both[1]:%H:%M}"
    before, after = (f"{weekday_in(_, one.date())} {one:%H:%M}" for one in both)
    return before, after


def _hour_changed(_: Language, change: HourChange) -> str:
    before, after = _clocks(_, change)
    return _("It is at {after} for you, not at {before} as the last time.", after=after, before=before)


def _reason(_: Language, change: HourChange, about: About) -> str:
    told = {"here": city(about.person.timezone), "there": city(about.offering.timezone)}
    if not change.own_changed:
        return _("The clocks in {here} change in between, those in {there} do not.", **told)
    if not change.reader_changed:
        return _("The clocks in {there} change in between, those in {here} do not.", **told)
    return _("The clocks in {here} and in {there} change in between, but not alike.", **told)


def _stays(_: Language, change: HourChange, about: About) -> str:
    own = f"{change.own_after:%H:%M}"
    return _("In {place} it stays {clock}.", place=city(about.offering.timezone), clock=own)


# Parts


def _awaits_link(about: About) -> bool:
    """Whether there is a link to join which they may not see yet."""
    return about.place.way is Way.ONLINE and bool(about.offering.join_url) and not about.link


def _link_comes_at(about: About) -> datetime | None:
    """When who has no account, and so no page that shows it, is sent the link they may not see yet."""
    starts_at, minutes = about.offering.starts_at, about.offering.join_from_minutes
    if about.has_account or starts_at is None or not minutes or not _awaits_link(about):
        return None
    return starts_at - timedelta(minutes=minutes)


def _ways_in(_: Language, about: About, is_mailed: bool) -> list[Part]:
    """How to get in; and while the link cannot be seen, when it comes."""
    parts = ways_in(_, about)
    if not _awaits_link(about):
        return parts
    minutes = about.offering.join_from_minutes
    if is_mailed:
        told = _.n(
            "We send the link to join to this address {number} minute before the start.",
            "We send the link to join to this address {number} minutes before the start.",
            min(minutes, HOUR_BEFORE),
        )
    else:
        told = _.n(
            "The link to join stands there from {number} minute before the start.",
            "The link to join stands there from {number} minutes before the start.",
            minutes,
        )
    return [*parts, Line(told)]


def _contents(_: Language, about: About, reminder: Reminder) -> list[Part]:
    """What happens, with its hours; and while there is time for it, what to read."""
    parts: list[Part] = []
    agenda = _agenda(about)
    if agenda:
        parts.append(Items(agenda, _("What happens")))
    if reminder is not Reminder.HOUR:
        reading = _reading(about)
        parts += [Items(reading, _("To read before"))] if reading else []
    return parts


def _agenda(about: About) -> tuple[tuple[str, str], ...]:
    offering, at, zone = about.offering, about.offering.starts_at, _clock_zone(about)
    lines = []
    for item in offering.agenda[:MOST_ITEMS]:
        lines.append((f"{local(at, zone):%H:%M} {item.title}" if at is not None else item.title, ""))
        at = at + timedelta(minutes=item.length_minutes) if at is not None else None
    return (*lines, ("…", about.page)) if len(offering.agenda) > MOST_ITEMS else tuple(lines)


def _reading(about: About) -> tuple[tuple[str, str], ...]:
    """What the toolkits have for this session; else the toolkits of the journey."""
    reader = Actor(participant_id=about.person.id, enrolled_in=frozenset({about.journey.id}))
    found = toolkits.entries_for_session(about.offering.learning_session_id, reader)
    if found:
        return tuple((one.title, _toolkit(one.toolkit_slug)) for one in found[:MOST_ITEMS])
    all_of_it = toolkits.of_journey(about.journey.id)
    return tuple((one.title, _toolkit(one.slug)) for one in all_of_it[:MOST_ITEMS])


def _toolkit(slug: str) -> str:
    return address_of("toolkits.show", slug=slug)


def _cannot_come(_: Language, about: About, needs_account: bool = False) -> list[Part]:
    """How to give the place back; for who has no account how to get one, where only that helps."""
    if about.has_account:
        release = address_of("enrolments.release", place_id=about.place.id)
        return [Link(_("You cannot come? Give your place back, so that somebody else can have it:"), release)]
    if not contact_of(about.journey):
        return without_account(_, about.person)
    said = _("You cannot come? Answer this letter, so that somebody else can have your place.")
    return [Line(said), *(without_account(_, about.person) if needs_account else [])]
