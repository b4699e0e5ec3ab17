"""What came of an act for many people, and how far it has come while the worker is at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, make_response, render_template
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.enrolments import queries
from app.enrolments.blueprint import bp
from app.enrolments.roster import listing, runs
from app.enrolments.roster.listing import Entry
from app.enrolments.roster.offered import rule_of
from app.enrolments.roster.runs import MOST_TOLD, Run
from app.enrolments.views.loading import OfJourney
from app.enrolments.views.renewing import SECONDS_BETWEEN_LOOKS, renew
from app.enrolments.views.rosters.where import Where, of_journey, of_offering
from app.journeys.views.loading import journey_at
from app.learning_sessions.models import Offering
from app.web import clock
from app.web.access import requires
from app.web.reader import reader
from app.web.sittings import shown

WORDS = {
    "confirmed": ("confirmed", "have a place now and have been told"),
    "offered": ("offered a place", "have until the deadline of their offer to take it"),
    "waiting": ("waiting", "have joined the line and have been told"),
    "requested": ("to be decided about again", "have no approval any more and have been told"),
    "declined": ("declined", "have been told, with your reason"),
    "released": ("taken out", "have been told, with your reason"),
    "moved": ("moved", "have a place in the other sitting and have been told"),
    "active": ("enrolled", "are in and have been told"),
    "left": ("removed", "are out of the journey, and their coming places are free"),
    "written": ("written to", "get the message each alone"),
    "no-address": ("not reached", "have given no address"),
    "refuses": ("refused by mail servers", "have an address that takes no mail"),
    "muted": ("without such mail", "have switched off what organisers write"),
    "same": ("unchanged", "were so already"),
}
"""What became of people → in few words, and in a sentence after their number."""


@bp.get("/organise/offerings/<int:offering_id>/roster/runs/<int:run_id>")
@requires(Permission.OFFERING_ROSTER, of=lambda offering_id, run_id: _offering_of(offering_id, run_id))
def offering_roster_run(found: "OfOffering") -> ResponseReturnValue:
    return _page(of_offering(found.offering), found.run_id)


@bp.get("/organise/journeys/<slug>/roster/runs/<int:run_id>")
@requires(Permission.JOURNEY_ROSTER, of=lambda slug, run_id: _journey_of(slug, run_id))
def roster_run(found: "RunOfJourney") -> ResponseReturnValue:
    return _page(of_journey(found.journey), found.run_id)


@dataclass(frozen=True)
class OfOffering:
    """A run of a sitting, as permission rules see it."""

    offering: Offering
    run_id: int

    @property
    def id(self) -> int:
        return self.offering.id

    @property
    def learning_session(self) -> object:
        return self.offering.learning_session


@dataclass(frozen=True)
class RunOfJourney(OfJourney):
    """A run of a journey."""

    run_id: int


def _offering_of(offering_id: int, run_id: int) -> OfOffering | None:
    offering = queries.offering(offering_id)
    return OfOffering(offering, run_id) if offering is not None else None


def _journey_of(slug: str, run_id: int) -> RunOfJourney | None:
    journey = journey_at(slug, run_id=run_id)
    return RunOfJourney(journey, run_id) if journey is not None else None


def _page(where: Where, run_id: int) -> ResponseReturnValue:
    found = runs.run(run_id)
    if found is None or not _is_of(found, where):
        abort(404)
    offering = where.offering
    page = make_response(
        render_template(
            "enrolments/roster_run.html",
            where=where,
            journey=where.journey,
            offering=offering,
            sitting=shown(offering, reader(), clock.now()) if offering is not None else None,
            run=found,
            words=WORDS,
            refused=_refused(where, found),
            people={what: _names(where, ids) for what, ids in found.became.items() if what != "same"},
            undo=_undo(where, found),
            seconds_between_looks=SECONDS_BETWEEN_LOOKS,
        )
    )
    if not found.is_over:
        renew(page)
    page.headers["Cache-Control"] = "no-store"
    return page


def _is_of(found: Run, where: Where) -> bool:
    offering_id = where.offering.id if where.offering is not None else None
    return found.journey_id == where.journey.id and found.offering_id == offering_id


def _names(where: Where, ids: Sequence[int]) -> list[Entry]:
    return listing.entries(where.roster, ids[:MOST_TOLD])


def _refused(where: Where, found: Run) -> list[tuple[str, list[Entry]]]:
    """(why, who)"""
    by_id = {one.id: one for one in _names(where, [number for _, ids in found.refusals for number in ids])}
    return [(why, [by_id[number] for number in ids if number in by_id]) for why, ids in found.refusals]


def _undo(where: Where, found: Run) -> str:
    """Where an approval that was just given can be withdrawn again; empty where that cannot be done."""
    rests = where.offering is None or rule_of(where.offering.id).needs_approval
    ids = [number for what, numbers in found.became.items() if what != "same" for number in numbers]
    changed = sum(count for what, count in found.counts.items() if what not in ("same", "refused"))
    if found.act != "approve" or not found.is_over or not rests or not ids or len(ids) != changed:
        return ""
    return where.url("act", do="withdraw", who=",".join(map(str, ids)))
