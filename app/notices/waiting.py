"""What somebody is told who waits for a place: where they stand in line, and by which rule it moves."""

from app.domain.decided import Decided
from app.domain.place_rules import Balance, Giving, Rule, RuleKind
from app.domain.seat_reasons import Line as Queue
from app.domain.seat_reasons import Share
from app.learning_sessions.place_panel import line_of
from app.messages.composed import NoLongerNeeded
from app.notices import times
from app.notices.about import (
    About,
    Said,
    because_asked,
    facts,
    hours,
    open_session,
    pages,
    panel,
    place_facts,
    quoted,
)
from app.notices.language import Language
from app.notices.letters import Line, Part


def waiting(_: Language, about: About) -> Said:
    """They have asked and wait; or lost a place to fewer places, and are in line again; or a lottery is drawn
    and gave them none.

    Raises NoLongerNeeded where another letter tells how they wait now: one that was written before the draw,
    or about a draw that is not the last that was decided.
    """
    is_drawn = about.last is not None and about.last.what is Decided.DRAWN
    if is_drawn is not bool(about.payload.get("drawn")):
        raise NoLongerNeeded("how they wait has changed since")
    read = place_facts(about)
    found = panel(about, read)
    if found.awaits_draw:
        subject = _("You take part in the lottery")
        title = _("You take part in the lottery for “{session}”", session=about.title)
    elif is_drawn:
        subject = _("The lottery is drawn; you are waiting for a place")
        title = _("The lottery for “{session}” is drawn; you are waiting for a place", session=about.title)
    else:
        subject = _("You are waiting for a place")
        title = _("You are waiting for a place in “{session}”", session=about.title)
    rule: list[Part] = []
    if found.own is not None:
        sentences = why(_, found.rule, line_of(about.offering, found.own, read, about.now), about)
        rule = [Line(sentence) for sentence in sentences]
    return Said(
        subject=subject,
        title=title,
        parts=[
            *_how(_, about), *rule, hours(_, about), facts(_, about), open_session(_, about),
            *pages(_, about),
        ],
        why=because_asked(_, about),
    )  # fmt: skip


def _how(_: Language, about: About) -> list[Part]:
    """How it came that they wait, where it was not by asking."""
    match about.last.what if about.last is not None else None:
        case Decided.UNSEATED:
            return [
                Line(
                    _(
                        "There are fewer places than there were, and yours is one of those that ended. You "
                        "are in line again, before those who asked after you."
                    )
                )
            ]
        case Decided.DRAWN:
            return [Line(_("The lottery is drawn, and did not give you a place."))]
        case Decided.APPROVED:
            return [Line(_("The organisers have approved your request.")), *quoted(_, about.note)]
        case _other:
            return []


def why(_: Language, rule: Rule, line: Queue, about: About) -> list[str]:
    """Where they stand, by which rule the line moves, and what comes then."""
    if not line.takes_places:
        return [_("Places are not given any more; nobody moves up.")]
    if not rule.gives_places():
        return [_draw(_, rule, about)]
    found = [
        _(
            "You are number {position} of {in_line} in the line.",
            position=line.position,
            in_line=line.in_line,
        )
    ]
    found += _order(_, rule, line, about)
    if rule.giving is Giving.AT_ONCE:
        found.append(_("A freed place is yours at once when it is your turn, and we write to you."))
    else:
        found.append(
            _.n(
                "When it is your turn we offer you a freed place, and you have {number} hour to accept it.",
                "When it is your turn we offer you a freed place, and you have {number} hours to accept it.",
                rule.offer_hours,
            )
        )
    if line.holds_twin:
        found.append(_("Until then you keep your place in the other sitting; a place here takes its stead."))
    return found


def _draw(_: Language, rule: Rule, about: About) -> str:
    return _(
        "The lottery is drawn on {moment}. Everybody who asked by then takes part; asking earlier would not "
        "help, and you need do nothing more.",
        moment=times.point(_, rule.draw_at or about.now, about.person.timezone),
    )


def _order(_: Language, rule: Rule, line: Queue, about: About) -> list[str]:
    """The rule in a sentence or two."""
    if rule.kind is RuleKind.LOTTERY:
        return [_("The line follows the lottery, then the requests made after it.")]
    if rule.kind is RuleKind.FIRST_COME or line.share is None:
        return [_("First come, first served.")]
    told = [_share(_, rule, line.share)]
    if rule.balanced_until is not None:
        until = times.point(_, rule.balanced_until, about.person.timezone)
        told.append(_("This holds until {moment}.", moment=until))
    if line.share.is_full:
        told.append(_("While that is so, you can be passed over."))
    else:
        told.append(_("Within that, first come, first served."))
    return told


def _share(_: Language, rule: Rule, share: Share) -> str:
    facts_of = {
        "taken": share.taken, "quota": share.quota, "capacity": share.capacity, "group": share.group,
    }  # fmt: skip
    if rule.balance is Balance.STAKEHOLDER_GROUP:
        if not share.group:
            return _(
                "Places are kept in balance between stakeholder groups: people of whom none is known have "
                "{taken} of the {quota} they can have, of {capacity}.",
                **facts_of,
            )
        return _(
            "Places are kept in balance between stakeholder groups: “{group}” has {taken} of the {quota} it "
            "can have, of {capacity}.",
            **facts_of,
        )
    if not share.group:
        return _(
            "Places are kept in balance between countries: people of whom none is known have {taken} of the "
            "{quota} they can have, of {capacity}.",
            **facts_of,
        )
    return _(
        "Places are kept in balance between countries: {group} has {taken} of the {quota} it can have, of "
        "{capacity}.",
        **facts_of,
    )
