"""What somebody is told who has a place, or is offered one. Each is written from how things stand."""

from collections.abc import Sequence

from app.domain.decided import Decided
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.notices import queries, times
from app.notices.about import (
    About,
    Said,
    because_asked,
    because_held,
    facts,
    hours,
    pages,
    quoted,
    rule_of,
    shown_to,
    ways_in,
)
from app.notices.invited import asks_for_answers
from app.notices.language import Language
from app.notices.letters import Go, Line, Link, Part
from app.web.templating import address_of


def confirmed(_: Language, about: About) -> Said:
    """A place asked for, or accepted, is theirs."""
    return Said(
        subject=_("You have a place"),
        title=_("You have a place in “{session}”", session=about.title),
        parts=_of_a_seat(_, about, []),
        why=because_held(_, about),
    )


def promoted(_: Language, about: About) -> Said:
    """Who waited has a place: a seat is free, a request approved, or a lottery drawn."""
    approved = about.at_once.get(Decided.APPROVED)
    if approved is not None:
        subject = _("Your request is approved and a place is yours")
        how = _("The organisers have approved your request; there is nothing you need to do.")
    elif Decided.DRAWN in about.at_once:
        subject = _("The lottery is drawn and a place is yours")
        how = _("The lottery is drawn, and you have a place; there is nothing you need to do.")
    else:
        subject = _("A place has become free and is yours")
        how = _("It was your turn in the line; there is nothing you need to do.")
    told = [Line(how), *quoted(_, approved.note if approved is not None else "")]
    return Said(
        subject=subject,
        title=_("A place in “{session}” is yours", session=about.title),
        parts=_of_a_seat(_, about, told),
        why=because_held(_, about),
    )


def moved(_: Language, about: About) -> Said:
    """An organiser has put them into another sitting."""
    told = [Line(_("The organisers have moved you. Your place is now here:"))]
    return Said(
        subject=_("Your place is now in another sitting"),
        title=_("Your place in “{session}” is in another sitting now", session=about.title),
        parts=_of_a_seat(_, about, told, after=quoted(_, about.note)),
        why=because_held(_, about),
    )


def named(_: Language, about: About) -> Said:
    """A group has given them one of its places."""
    group = about.place.block.name if about.place.block is not None else ""
    told = [
        Line(
            _(
                "“{group}” has given you one of its places. You are enrolled with it; there is nothing you "
                "need to do.",
                group=group,
            )
        )
    ]
    return Said(
        subject=_("You have a place"),
        title=_("You have a place in “{session}”", session=about.title),
        parts=_of_a_seat(_, about, told),
        why=_(
            "You get this because “{group}” has named you for a place in “{session}” ({journey}).",
            group=group, session=about.title, journey=about.journey.name,
        ),
    )  # fmt: skip


def offered(_: Language, about: About) -> Said:
    """A place is kept for them until they accept it."""
    ends_at = about.place.offer_ends_at or about.now
    until = times.point(_, ends_at, about.person.timezone)
    link = address_of("enrolments.accept", place_id=about.place.id)
    parts: list[Part] = [
        Line(_("It is your turn in the line. The place is kept for you until {moment}.", moment=until)),
        hours(_, about),
        facts(_, about),
    ]
    if about.has_account:
        parts += [Go(_("Accept or decline the place"), link)]
    else:
        needs = _(
            "A place can be accepted only with an account. Sign up with this address, {address}, and "
            "confirm it:",
            address=about.person.email,
        )
        then = _("After that, accept or decline the place")
        parts += [Link(needs, address_of("participants.sign_up")), Go(then, link)]
    if asks_for_answers() and about.calendar is not None:
        parts.append(Line(_("A “yes” in your calendar accepts the place too, and a “no” declines it.")))
    parts.append(Line(_("If you do not accept it by then, somebody else can have it.")))
    parts += _twins_to_give_up(_, about)
    parts += pages(_, about) if about.has_account else []
    return Said(
        subject=_("A place is offered to you"),
        title=_("A place in “{session}” is offered to you", session=about.title),
        parts=parts,
        why=because_asked(_, about),
    )


def _of_a_seat(
    _: Language, about: About, told: Sequence[Part], after: Sequence[Part] = ()
) -> list[Part]:  # fmt: skip
    """What every letter to who has a seat says: when, where, and what can be done."""
    return [
        *told, hours(_, about), facts(_, about), *after, *_twins_given_up(_, about),
        *ways_in(_, about), *_in_calendars(_, about), _giving_up(_, about), *pages(_, about),
    ]  # fmt: skip


def _in_calendars(_: Language, about: About) -> list[Part]:
    if about.calendar is None:
        return []
    if asks_for_answers():
        said = _("The invitation with this mail puts it into your calendar. A “no” there gives it up.")
    else:
        said = _("The invitation with this mail puts it into your calendar.")
    return [Line(said)]


def _giving_up(_: Language, about: About) -> Line:
    rule, starts_at = rule_of(about), about.offering.starts_at
    if rule.cancel_hours and starts_at is not None and not rule.is_late(starts_at, about.now):
        freely = times.point(_, rule.late_from(starts_at), about.person.timezone)
        return Line(
            _(
                "You can give the place up freely until {moment}. After that you can still say that you "
                "can’t come, and that is recorded.",
                moment=freely,
            )
        )
    return Line(_("If you can’t come, say so on the page, so that somebody else can have the place."))


def _twins_given_up(_: Language, about: About) -> list[Part]:
    """The sittings that were given up for this place, in the step that gave it."""
    last = about.last
    if last is None:
        return []
    gone = queries.swapped_out(about.place.participant_id, about.place.learning_session_id, last.decided_at)
    return [Line(_("Given up for it: your place on {when}.", when=_line_of(_, about, twin))) for twin in gone]


def _twins_to_give_up(_: Language, about: About) -> list[Part]:
    """The sittings that would be given up for this place."""
    held = queries.live_twins(about.place, PlaceStatus.CONFIRMED)
    return [
        Line(
            _(
                "Accepting it gives up, in the same step, your place in the other sitting: {when}.",
                when=_line_of(_, about, twin),
            )
        )
        for twin in held
    ]


def _line_of(_: Language, about: About, twin: Place) -> str:
    times_of_twin = shown_to(about.person, twin.offering, twin.way, about.now)
    return times.in_line(_, times_of_twin)
