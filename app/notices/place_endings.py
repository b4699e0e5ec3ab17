"""What somebody is told whose place, wait or request has ended, or is decided anew."""

from app.domain.decided import Decided
from app.domain.seats import PlaceStatus
from app.enrolments.models import EnrolmentStatus
from app.messages.composed import NoLongerNeeded
from app.notices import queries
from app.notices.about import (
    About,
    Said,
    because_asked,
    because_had,
    hours,
    open_session,
    pages,
    quoted,
)
from app.notices.language import Language
from app.notices.letters import Line, Part


def lapsed(_: Language, about: About) -> Said:
    """An offer was not accepted in time."""
    told: list[Part] = [Line(_what_became_of_it(_, about)), *_cancelled(_, about), hours(_, about)]
    if about.can_be_asked_for:
        again = _("If you still want to come, ask again on the page; you join the end of the line.")
        told.append(Line(again))
    return Said(
        subject=_("The offer of a place has ended"),
        title=_("The offer of a place in “{session}” has ended", session=about.title),
        parts=[*told, open_session(_, about), *pages(_, about)],
        why=because_asked(_, about),
    )


def _what_became_of_it(_: Language, about: About) -> str:
    """Of the offer: where somebody takes the place, or can take it, that too."""
    if not about.can_be_asked_for:
        return _("It was not accepted in time.")
    if _has_gone_on(about):
        return _("It was not accepted in time, and went on in line.")
    return _("It was not accepted in time, and somebody else can have the place.")


def _has_gone_on(about: About) -> bool:
    """Whether the next in line got the place when it was given up."""
    return about.last is not None and queries.went_to_next(about.place, about.last.decided_at)


def _cancelled(_: Language, about: About) -> list[Part]:
    return [Line(_("This sitting is cancelled."))] if about.offering.is_cancelled else []


def declined(_: Language, about: About) -> Said:
    """The organisers say no, to a request or to a place that was given already."""
    if about.before is PlaceStatus.REQUESTED:
        subject = _("Your request for a place is declined")
        title = _("Your request for a place in “{session}” is declined", session=about.title)
    else:
        subject = _("You have no place any more")
        title = _("You have no place in “{session}” any more", session=about.title)
    said = Line(_("The organisers of “{journey}” have decided so. They wrote:", journey=about.journey.title))
    return _ended(_, about, subject, title, said)


def removed(_: Language, about: About) -> Said:
    """The organisers have taken them out."""
    match about.before:
        case PlaceStatus.CONFIRMED:
            subject = _("You have no place any more")
            title = _("You have no place in “{session}” any more", session=about.title)
        case PlaceStatus.OFFERED:
            subject = _("The offer of a place is taken back")
            title = _("The offer of a place in “{session}” is taken back", session=about.title)
        case PlaceStatus.WAITING:
            subject = _("You are not waiting any more")
            title = _("You are out of the line for “{session}”", session=about.title)
        case _other:
            subject = _("Your request for a place has ended")
            title = _("Your request for a place in “{session}” has ended", session=about.title)
    said = Line(_("The organisers of “{journey}” have decided so. They wrote:", journey=about.journey.title))
    return _ended(_, about, subject, title, said)


def unnamed(_: Language, about: About) -> Said:
    """A group has taken a place back."""
    told: list[Part] = [
        Line(_("The group that had given you the place has taken it back for somebody else of the group.")),
        hours(_, about),
        Line(_("You stay enrolled, and can ask for a place as everybody does.")),
    ]
    return Said(
        subject=_("You have no place any more"),
        title=_("You have no place in “{session}” any more", session=about.title),
        parts=[*told, open_session(_, about), *pages(_, about)],
        why=because_had(_, about),
    )


def back_to_request(_: Language, about: About) -> Said:
    """A yes was taken back."""
    told: list[Part] = [
        Line(
            _(
                "The organisers of “{journey}” have taken back that you can have a place. Your request "
                "stands, and we write to you when they have decided.",
                journey=about.journey.title,
            )
        ),
        *quoted(_, about.note),
        hours(_, about),
        open_session(_, about),
        *pages(_, about),
    ]
    return Said(
        subject=_("The organisers decide anew about your place"),
        title=_("The organisers decide anew about your place in “{session}”", session=about.title),
        parts=told,
        why=because_asked(_, about),
    )


def released(_: Language, about: About) -> Said:
    """They have given it up themselves: what was done, and how they come back."""
    subject, title = _given_up(_, about)
    told: list[Part] = []
    if about.payload.get("by_calendar"):
        told.append(Line(_("Your calendar answered “no” to the invitation, and so this was done.")))
    if about.last is not None and about.last.what is Decided.CANNOT_COME:
        told.append(
            Line(_("The time to give a place up freely had passed, so it is noted that you can’t come."))
        )
    return Said(
        subject=subject,
        title=title,
        parts=[
            *told, *_for_others(_, about), *_cancelled(_, about), hours(_, about), open_session(_, about),
            *_again(_, about), *pages(_, about),
        ],
        why=because_had(_, about),
    )  # fmt: skip


def _for_others(_: Language, about: About) -> list[Part]:
    """Who can have the place now; nothing where everybody can, or nobody, or there was none."""
    had_one = about.before in (PlaceStatus.CONFIRMED, PlaceStatus.OFFERED)
    if not had_one or about.offering.is_cancelled:
        return []
    if _has_gone_on(about):
        return [Line(_("The place goes to the next in line."))]
    if about.has_limit and about.can_be_asked_for:
        return [Line(_("Somebody else can have the place now."))]
    return []


def _again(_: Language, about: About) -> list[Part]:
    """How they come back, where they can."""
    if not about.can_be_asked_for:
        return []
    if not about.has_limit:
        return [Line(_("If you change your mind, ask again on the page."))]
    return [Line(_("If you change your mind, ask again on the page; you join the end of the line."))]


def _given_up(_: Language, about: About) -> tuple[str, str]:
    """Subject and heading, by what they had."""
    if about.last is not None and about.last.what is Decided.CANNOT_COME:
        return (
            _("You said that you can’t come"),
            _("You said that you can’t come to “{session}”", session=about.title),
        )
    match about.before:
        case PlaceStatus.CONFIRMED:
            return (
                _("You have given up your place"),
                _("You have given up your place in “{session}”", session=about.title),
            )
        case PlaceStatus.OFFERED:
            return (
                _("You have declined the place"),
                _("You have declined the place offered to you in “{session}”", session=about.title),
            )
        case PlaceStatus.WAITING:
            return (
                _("You are not waiting any more"),
                _("You are out of the line for “{session}”", session=about.title),
            )
        case _other:
            return (
                _("You have withdrawn your request"),
                _("You have withdrawn your request for a place in “{session}”", session=about.title),
            )


def left_calendar(_: Language, about: About) -> Said:
    """An entry leaves the calendar: the place was swapped, moved, or went with the enrolment."""
    if about.calendar is None:
        raise NoLongerNeeded("there is nothing to take out of a calendar")
    return Said(
        subject=_("Out of your calendar"),
        title=_("One sitting of “{session}” leaves your calendar", session=about.title),
        parts=[
            Line(_why_it_leaves(_, about)),
            hours(_, about),
            Line(_("This mail takes the entry out. There is nothing else you need to do.")),
            open_session(_, about),
        ],
        why=because_had(_, about),
    )


def _why_it_leaves(_: Language, about: About) -> str:
    """In a sentence, by what the enrolment is now: it may be another since the place ended with it."""
    if about.last is not None and about.last.what is Decided.SWAPPED:
        return _(
            "You have a place in another sitting of “{session}” instead of this one:", session=about.title
        )
    enrolment, journey = queries.enrolment(about.journey.id, about.person.id), about.journey.title
    match enrolment.status if enrolment is not None else EnrolmentStatus.LEFT:
        case EnrolmentStatus.ACTIVE:
            return _("You are enrolled in “{journey}”, but your place here has ended:", journey=journey)
        case EnrolmentStatus.REQUESTED:
            return _(
                "Your request to join “{journey}” is with the organisers, and your place here has ended:",
                journey=journey,
            )
        case _other:
            return _("Your enrolment in “{journey}” has ended, and with it your place here:", journey=journey)


def _ended(_: Language, about: About, subject: str, title: str, said: Line) -> Said:
    return Said(
        subject=subject,
        title=title,
        parts=[said, *quoted(_, about.note), hours(_, about), open_session(_, about), *pages(_, about)],
        why=because_had(_, about),
    )
