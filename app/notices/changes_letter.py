"""The letter about a change: its parts, for who has a place, who waits, who leads, who names people."""

from dataclasses import replace

from app.accounts.models import User
from app.database import db
from app.domain.difference import What
from app.domain.seats import PlaceStatus
from app.messages.composed import CalendarObject, Composed
from app.notices import changes_words as words
from app.notices import queries, times
from app.notices.changes_instead import instead
from app.notices.changes_known import Changed
from app.notices.day_strip import strip
from app.notices.invited import calendar_of
from app.notices.language import Language
from app.notices.letters import Change, Facts, Go, Hours, Letter, Line, Link, Part, Quote, Reading
from app.notices.letters import composed as as_composed
from app.notices.people import answers_to, choices_of, contact_of, without_account
from app.web.sittings import Shown, hours_of
from app.web.templating import address_of


def written(found: Changed) -> Composed:
    """The whole letter; urgent when the sitting is near."""
    to, _ = found.to, found.to.language
    journey = found.offering.learning_session.journey
    named = found.offering.learning_session.title
    shape = found.difference.shape if found.difference is not None else None
    when, other = _in_subject(_, found), found.has_other_ways
    letter = Letter(
        subject=words.subject(_, found.what, shape, named, when, has_other_ways=other),
        greeting=_("Dear {name},", name=to.name),
        title=words.title(_, found.what, shape, named, has_other_ways=other),
        parts=_parts(_, found),
        why=_why(_, found),
        answers=contact_of(journey),
        choices=choices_of(to.person) if to.person is not None else "",
    )
    made = as_composed(
        letter, _, timezone=to.reader.timezone, reply_to=answers_to(journey), calendar=_calendar(found)
    )
    return replace(made, is_urgent=found.is_near)


def _parts(_: Language, found: Changed) -> list[Part]:
    if found.what is What.CANCELLED:
        return _of_a_cancellation(_, found)
    return [
        *_what_changes(_, found),
        Line(_kept(_, found), is_strong=True),
        _times(_, found),
        *_places(_, found),
        *_day(_, found),
        *_said(_, found),
        *_what_to_do(_, found),
    ]


def _of_a_cancellation(_: Language, found: Changed) -> list[Part]:
    was = _reading(_, found.shown_before, found, found.before)
    return [
        Line(_("It does not take place. It was planned for {when}.", when=was.in_one_line)),
        *_said(_, found),
        *instead(_, found),
        Line(_noted(_, found)),
        Go(_("Open the session"), _page(found)),
        *_account(_, found),
    ]


def _what_changes(_: Language, found: Changed) -> list[Part]:
    said = []
    if found.what is What.ZONE_RULES:
        said.append(words.rules_of_clocks(_, found.after))
    if found.difference is not None:
        said += words.for_me(_, found.difference, found.before, found.after)
    elif found.what is What.RESTORED:
        said.append(_("It was cancelled, and takes place after all at the hour that was planned."))
    elif found.what is What.RELOCATED:
        said.append(_("The hour stays the same."))
    return [Line(one) for one in said]


def _times(_: Language, found: Changed) -> Part:
    now = _reading(_, found.shown, found, found.after)
    if found.difference is None:
        return Hours(now)
    before = _reading(_, found.shown_before, found, found.before)
    if before.in_one_line == now.in_one_line:
        return Hours(now)
    return Change(_("Before"), replace(before, also=""), _("Now"), now)


def _reading(_: Language, shown: Shown, found: Changed, stand: object) -> Reading:
    side = found.before if stand is found.before else found.after
    told = times.reading(_, shown)
    return told if shown.when is not None else replace(told, day=words.days_of(_, side))


def _in_subject(_: Language, found: Changed) -> str:
    return times.in_subject(_, found.shown_before if found.what is What.CANCELLED else found.shown)


def _places(_: Language, found: Changed) -> list[Part]:
    """Where it meets, before and now, for who minds; both sides as organisers wrote them."""
    if found.before.place == found.after.place or not found.to.minds_venue:
        return []
    before, now = words.place_in(_, found.before), words.place_in(_, found.after)
    if found.has_other_ways:
        return [Facts(((_("Before"), before), (_("Now"), now)))]
    told = [(_("Where it was"), before), (_("Where it is now"), now)]
    venue = found.offering.venue
    if venue is not None and venue.address and venue.address not in now and not found.after.is_cancelled:
        told.append((_("Address"), ", ".join(part for part in (venue.address, venue.city) if part)))
    return [Facts(tuple(told))]


def _day(_: Language, found: Changed) -> list[Part]:
    """The reader's day, where it is known and the time is another."""
    span, zone = found.after.span, found.zone
    if span is None or not found.to.knows_hours or found.difference is None:
        return []
    hours = hours_of(found.to.reader)
    unkind = words.unkind_hours(_, found.after, zone, hours)
    return [*([Line(unkind, is_strong=True)] if unkind else []), strip(_, span, zone, hours)]


def _said(_: Language, found: Changed) -> list[Part]:
    """The organiser's own words."""
    explained = [one for one in found.steps if one.note and not one.after.is_cancelled]
    if found.what is What.CANCELLED:
        reason = found.offering.cancellation_note
        explained = [one for one in found.steps if one.note and one.note == reason]
    if not explained:
        return []
    note, by_id = explained[-1].note, explained[-1].by_id
    by = db.get(User, by_id) if by_id is not None else None
    return [Quote(note, _("{name}, organiser", name=by.name) if by is not None else _("The organisers"))]


def _kept(_: Language, found: Changed) -> str:
    """That nothing else changes for them."""
    if found.to.leads:
        return _("You lead this session.")
    if found.to.block is not None:
        return _("The places of “{group}” are kept.", group=found.to.block.name)
    place = found.to.place
    match place.status if place is not None else None:
        case PlaceStatus.CONFIRMED:
            return _("Your place is kept.")
        case PlaceStatus.OFFERED if place is not None and place.offer_ends_at is not None:
            until = times.point(_, place.offer_ends_at, found.to.reader.timezone or found.zone)
            return _("The place that you are offered stays on offer until {moment}.", moment=until)
        case PlaceStatus.REQUESTED:
            return _("Your request stands; the organisers decide about it.")
        case _other:
            return _("Your place in the line is kept.")


def _noted(_: Language, found: Changed) -> str:
    """What becomes of what they have in a sitting that is cancelled."""
    if found.to.leads:
        return _("You need not lead it. Should it take place after all, we write to you.")
    if found.to.block is not None:
        return _(
            "The places of “{group}” stay noted, should it take place after all.", group=found.to.block.name
        )
    status = found.to.place.status if found.to.place is not None else None
    if status is PlaceStatus.CONFIRMED:
        return _("Your place stays noted. Should it take place after all, we write to you.")
    return _("Your request stays noted. Should it take place after all, we write to you.")


def _what_to_do(_: Language, found: Changed) -> list[Part]:
    to = found.to
    parts: list[Part] = [Go(_("Open the session"), _page(found))]
    if to.leads:
        return [
            *parts,
            Link(_("Your run sheet:"), address_of("scheduling.run_sheet", offering_id=found.offering.id)),
        ]
    if to.block is not None:
        return [
            *parts,
            Link(_("The places of your group:"), address_of("enrolments.group", block_id=to.block.id)),
        ]
    if to.place is None or to.person is None or to.person.user_id is None:
        return [*parts, *_account(_, found)]
    give_up = address_of("enrolments.release", place_id=to.place.id)
    if to.place.status.is_taken:
        told = _("Does that not suit you? Say you can’t come, and somebody else can have the place:")
    else:
        told = _("Does that not suit you? Give up what you asked for:")
    return [*parts, Link(told, give_up)]


def _account(_: Language, found: Changed) -> list[Part]:
    person = found.to.person
    if person is None or person.user_id is not None or found.to.place is None:
        return []
    return without_account(_, person)


def _page(found: Changed) -> str:
    one = found.offering.learning_session
    return address_of("learning_sessions.show", slug=one.journey.slug, learning_session_slug=one.slug)


def _calendar(found: Changed) -> CalendarObject | None:
    """The update of the entry, or what takes it out, for who is invited; an offer ends with the sitting."""
    place = found.to.place
    if place is None:
        return None
    had_offer = found.what is What.CANCELLED and queries.ever_taken(place.id)
    return calendar_of(place, had_offer, found.now)


def _why(_: Language, found: Changed) -> str:
    one = found.offering.learning_session
    facts = {"session": one.title, "journey": one.journey.name}
    if found.to.leads:
        return _("You get this because you lead “{session}” ({journey}).", **facts)
    if found.to.block is not None:
        return _(
            "You get this because you name the people of “{group}” for “{session}” ({journey}).",
            group=found.to.block.name, **facts,
        )  # fmt: skip
    if found.to.place is not None and found.to.place.status is PlaceStatus.CONFIRMED:
        return _("You get this because you have a place in “{session}” ({journey}).", **facts)
    return _("You get this because you asked for a place in “{session}” ({journey}).", **facts)
