"""The log of a sitting's decisions, on the desk."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dates import short_day
from app.domain.decided import Decided
from app.domain.log_words import LOGGED, decided_by, logged, under
from app.domain.permissions import Permission
from app.domain.seat_story import standing
from app.domain.timezones import abbreviation, city, local
from app.enrolments import decision_log
from app.enrolments.blueprint import bp
from app.enrolments.decision_log import Asked, Entry
from app.enrolments.views.loading import Target, offering_at
from app.web import clock
from app.web.access import requires
from app.web.reader import reader
from app.web.sittings import shown

LARGEST = 2**31 - 1
LONGEST = 200


@dataclass(frozen=True)
class Line:
    """One decision as the page shows it."""

    entry: Entry
    day: str
    clock: str
    what: str
    rule: str
    before: str
    after: str
    by: str


@bp.get("/organise/offerings/<int:offering_id>/decisions")
@requires(Permission.LEARNING_SESSION_DESK, of=offering_at)
def decisions(target: Target) -> ResponseReturnValue:
    """Every decision about every place, the newest first."""
    offering = target.offering
    asked = _asked()
    found = decision_log.page_of(offering.id, asked)
    only = decision_log.name_of(asked.place_id, offering.id) if asked.place_id is not None else None
    kept = {"who": asked.who or None, "place": asked.place_id, "what": asked.what}

    def here(**more: Any) -> str:
        return url_for("enrolments.decisions", offering_id=offering.id, **kept | more)

    return render_template(
        "enrolments/decisions.html",
        offering=offering,
        learning_session=offering.learning_session,
        journey=target.journey,
        times=shown(offering, reader(), clock.now()),
        lines=[_line(one, offering.timezone) for one in found.entries],
        zone=f"{city(offering.timezone)} ({offering.timezone})",
        asked=asked,
        only=only,
        everything=LOGGED,
        of_one=lambda entry: url_for("enrolments.decisions", offering_id=offering.id, place=entry.place_id),
        newer=here(after=found.newer) if found.newer is not None else None,
        older=here(before=found.older) if found.older is not None else None,
        newest=here(),
    )


def _asked() -> Asked:
    """What is asked for; what makes no sense is not asked."""
    what = request.args.get("what", "")
    who = request.args.get("who", "").replace("\0", "").strip()[:LONGEST]
    return Asked(
        who=who,
        place_id=_number("place"),
        what=Decided(what) if what in {one.value for one in Decided} else None,
        before=_number("before"),
        after=_number("after"),
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
    return number if 0 <= number <= LARGEST else None


def _line(one: Entry, timezone: str) -> Line:
    at = local(one.decided_at, timezone)
    return Line(
        entry=one,
        day=short_day(at.date(), year=True),
        clock=f"{at:%H:%M:%S} {abbreviation(at)}".strip(),
        what=logged(one.what, one.ground, one.status_before, one.status_after),
        rule=under(one.ground),
        before=standing(one.status_before, one.position_before),
        after=standing(one.status_after, one.position_after),
        by=decided_by(one.what, one.ground, one.by),
    )
