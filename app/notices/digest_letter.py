"""The letter to an organiser about what is new in their journeys when it is sent. It names nobody."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.timezones import local
from app.journeys.models import Journey
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import digest_rows as rows
from app.notices import times
from app.notices.digest_rows import JourneyNews, Organiser, SittingNews
from app.notices.language import Language, language_of
from app.notices.letters import Go, Items, Letter, Line, Part, composed
from app.web.reader import Reader
from app.web.sittings import shown
from app.web.templating import address_of, site_url

MOST_JOURNEYS, MOST_LINES = 12, 6

Item = tuple[str, str]


def about_digest(payload: Mapping[str, Any]) -> Composed:
    """What is new for one organiser; silent where all of it is done already, or they decide no more."""
    now, number = datetime.now(UTC), int(payload["user_id"])
    me = next(iter(rows.organisers(0, number)), None)
    if me is None:
        raise NoLongerNeeded("they decide in no journey any more")
    news = rows.news(me.journey_ids, datetime.fromisoformat(payload["after"]), now)
    if not news:
        raise NoLongerNeeded("nothing is new any more")
    _ = language_of(me.address)
    morning = datetime.fromisoformat(payload["morning"])
    letter = Letter(
        subject=_("New in your journeys: {moment}", moment=times.point(_, morning, me.timezone)),
        greeting=_("Dear {name},", name=me.name),
        title=_("What is new in the journeys you organise"),
        parts=_parts(_, me, news, now),
        why=_("You get this because you decide about the people of these journeys."),
        choices=site_url("/me/messages"),
    )
    return composed(letter, _, timezone=me.timezone)


def _parts(_: Language, me: Organiser, news: Mapping[int, JourneyNews], now: datetime) -> list[Part]:
    journeys = rows.journeys(news)
    parts: list[Part] = []
    for journey in journeys[:MOST_JOURNEYS]:
        desk = address_of("journeys.manage", slug=journey.slug)
        items = _items(_, me, journey, news[journey.id], now)
        rest = [(_("There is more on the desk."), desk)] if len(items) > MOST_LINES else []
        parts.append(Items((*items[:MOST_LINES], *rest), journey.title))
    more = len(journeys) - MOST_JOURNEYS
    if more > 0:
        told = _.n("{number} more journey has news.", "{number} more journeys have news.", more)
        parts.append(Line(told))
    return [*parts, Go(_("Open your desk"), site_url("/organise/"))]


def _items(_: Language, me: Organiser, journey: Journey, new: JourneyNews, now: datetime) -> list[Item]:
    roster = address_of("enrolments.roster", slug=journey.slug)
    items: list[Item] = []
    if new.asked is not None:
        oldest = _day(_, new.asked.oldest, me)
        told = _.n(
            "{number} request to join waits for you, since {day}.",
            "{number} requests to join wait for you, the first since {day}.",
            new.asked.number, day=oldest,
        )  # fmt: skip
        items.append((told, f"{roster}?status=requested"))
    for one in new.sittings:
        items += _about_sitting(_, me, one, now)
    if new.dead:
        told = _.n(
            "{number} message could not be delivered.", "{number} messages could not be delivered.", new.dead
        )
        items.append((told, site_url(f"/organise/journeys/{journey.slug}/messages?state=dead")))
    if new.refused:
        told = _.n(
            "The address of {number} person takes no mail any more.",
            "The addresses of {number} people take no mail any more.",
            new.refused,
        )
        items.append((told, site_url(f"/organise/journeys/{journey.slug}/messages")))
    return items


def _about_sitting(_: Language, me: Organiser, one: SittingNews, now: datetime) -> list[Item]:
    roster = address_of("enrolments.offering_roster", offering_id=one.offering.id)
    when = times.in_subject(_, shown(one.offering, Reader(me.timezone), now))
    told = {"session": one.offering.learning_session.title, "when": when}
    items: list[Item] = []
    if one.asked is not None:
        said = _.n(
            "{number} request for a place in “{session}”, {when}, waits for you, since {day}.",
            "{number} requests for a place in “{session}”, {when}, wait for you, the first since {day}.",
            one.asked.number, day=_day(_, one.asked.oldest, me), **told,
        )  # fmt: skip
        items.append((said, f"{roster}?status=requested"))
    if one.waiting:
        items.append((_waiting(_, one, told), f"{roster}?status=waiting"))
    if one.lapsed:
        said = _.n(
            "{number} offer of a place in “{session}”, {when}, was not accepted in time.",
            "{number} offers of a place in “{session}”, {when}, were not accepted in time.",
            one.lapsed, **told,
        )  # fmt: skip
        items.append((said, roster))
    return items


def _waiting(_: Language, one: SittingNews, told: Mapping[str, str]) -> str:
    if one.free is None:
        return _.n(
            "{number} person waits now for “{session}”, {when}.",
            "{number} people wait now for “{session}”, {when}.",
            one.waiting, **told,
        )  # fmt: skip
    if one.free == 0:
        return _.n(
            "{number} person waits now for “{session}”, {when}; no place is free.",
            "{number} people wait now for “{session}”, {when}; no place is free.",
            one.waiting, **told,
        )  # fmt: skip
    return _.n(
        "{number} person waits now for “{session}”, {when}; free places: {free}.",
        "{number} people wait now for “{session}”, {when}; free places: {free}.",
        one.waiting, free=one.free, **told,
    )  # fmt: skip


def _day(_: Language, at: datetime, me: Organiser) -> str:
    """The day of an instant where the reader is."""
    day = local(at, me.timezone).date()
    return times.span_of_days(_, day, day)
