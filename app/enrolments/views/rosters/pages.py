"""A roster: everybody, found and put in order, 50 on a page."""

from dataclasses import dataclass
from math import ceil

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.enrolments.blueprint import bp
from app.enrolments.roster import listing, shown
from app.enrolments.roster.asked import SORTS, Asked
from app.enrolments.roster.listing import PAGE, Counts
from app.enrolments.roster.places import positions
from app.enrolments.roster.runs import AT_ONCE
from app.enrolments.roster.unreached import unreached_among
from app.enrolments.views.loading import Target, offering_at
from app.enrolments.views.rosters.choosing import acts_at, named_filters
from app.enrolments.views.rosters.files import zones_offered
from app.enrolments.views.rosters.where import Where, of_journey, of_offering
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.learning_sessions.models import Offering
from app.web import clock
from app.web.access import requires
from app.web.reader import reader
from app.web.sittings import shown as sitting_shown


@bp.get("/organise/offerings/<int:offering_id>/roster")
@requires(Permission.LEARNING_SESSION_DESK, of=offering_at)
def offering_roster(target: Target) -> ResponseReturnValue:
    """Everybody who holds, waits for, asks for or had a place in a sitting."""
    return _page(of_offering(target))


@bp.get("/organise/journeys/<slug>/roster")
@requires(Permission.JOURNEY_PEOPLE, of=journey_at)
def roster(journey: Journey) -> ResponseReturnValue:
    """Everybody who is, was or asks to be enrolled in a journey."""
    return _page(of_journey(journey))


@dataclass(frozen=True)
class Part:
    """Which part of the list the page shows; `first` and `last` count from 1."""

    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        return PAGE * (self.number - 1) + 1

    @property
    def last(self) -> int:
        return min(PAGE * self.number, self.total)


def _page(where: Where) -> ResponseReturnValue:
    asked = Asked.of(request.args)
    counts = listing.counts(where.roster)
    part, entries = _found(where, asked, counts)
    return render_template(
        "enrolments/roster.html",
        where=where,
        journey=where.journey,
        offering=where.offering,
        sitting=sitting_shown(where.offering, reader(), clock.now()) if where.offering is not None else None,
        asked=asked,
        counts=counts,
        named=named_filters(where, asked, counts),
        part=part,
        lines=_lines(where, entries),
        unreached=unreached_among([one.participant_id for one in entries]),
        sorts=_sorts(where),
        acts=acts_at(where, counts) if where.keeps else {},
        at_once=AT_ONCE,
        zones=zones_offered(where),
        instead=_instead(where, asked, counts) if not entries else [],
    )


def _found(where: Where, asked: Asked, counts: Counts) -> tuple[Part, list[listing.Entry]]:
    """The page asked for. Words are looked for once, in a pass that also says how many people have them."""
    if asked.q:
        ids = listing.ids_of(where.roster, asked)
        part = _part(len(ids))
        return part, listing.entries(where.roster, ids[part.first - 1 : part.last])
    part = _part(listing.matching(where.roster, asked, counts))
    return part, listing.page_of(where.roster, asked, part.number) if part.total else []


def _part(total: int) -> Part:
    """The page asked for, or the last one there is."""
    text = request.args.get("page", "1")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    pages = max(1, ceil(total / PAGE))
    return Part(min(max(1, wanted), pages), pages, total)


def _lines(where: Where, entries: list[listing.Entry]) -> list[shown.Line]:
    offering: Offering | None = where.offering
    zone = reader().timezone or (offering.timezone if offering is not None else where.journey.timezone)
    now = clock.now()
    if offering is None:
        return shown.lines(where.roster, entries, {}, zone, now)
    in_line = positions(offering.id, entries)
    return shown.lines(where.roster, entries, in_line, zone, now, offering.starts_at, offering.timezone)


def _sorts(where: Where) -> dict[str, str]:
    """What the list can be sorted by, as the heads of its columns say it."""
    since = "Since"
    return dict(zip(SORTS, ("Status", "Name", "Organisation", "Country", since), strict=True))


def _instead(where: Where, asked: Asked, counts: Counts) -> list[tuple[str, int]]:
    """Where nobody matches: (filter, how many match without it), of those that would help."""
    found = [(name, listing.matching(where.roster, asked.without(name), counts)) for name, _ in asked.chosen]
    return [(name, people) for name, people in found if people]
