"""Answers by mail: the page with the button that a mail asks for, and what organisers see of all answers."""

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.calendars import heard
from app.calendars.addressing import attendee_of, is_question, question_in
from app.calendars.blueprint import bp
from app.calendars.heard import Line
from app.calendars.models import ReplyOutcome
from app.calendars.receiving import give_up_as_asked, sequence_of
from app.calendars.views.answers import settings, unkept
from app.domain.errors import Refused
from app.domain.moments import Moment, moment
from app.domain.permissions import Permission
from app.enrolments import queries as enrolments
from app.enrolments.models import Place
from app.enrolments.standing import is_over
from app.learning_sessions.models import Offering
from app.web import clock
from app.web.access import requires
from app.web.forms import ActionForm
from app.web.reader import Reader
from app.web.sittings import shown

ANSWERS = {
    "accepted": "Accepted",
    "declined": "Declined",
    "tentative": "Perhaps",
    "delegated": "Sends somebody else",
    "counter": "Proposed another time",
    "other": "Something else",
    "": "Nothing that could be read",
}
OUTCOMES = {
    ReplyOutcome.ACTED: "Done",
    ReplyOutcome.NOTHING: "Nothing to do",
    ReplyOutcome.ASKED: "Asked back",
    ReplyOutcome.RECORDED: "Kept",
    ReplyOutcome.STALE: "Too old",
    ReplyOutcome.REFUSED: "Refused",
    ReplyOutcome.UNREADABLE: "Unreadable",
}
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class AskedOf:
    """The question behind a link: the place, and its calendar number when it was asked."""

    place: Place
    sequence: int

    @property
    def is_open(self) -> bool:
        """Whether the place is still what it was, and can still be given up."""
        place, offering = self.place, self.place.offering
        is_same = sequence_of(place, offering) == self.sequence
        return is_same and place.status.is_taken and not is_over(offering, clock.now())


@dataclass(frozen=True)
class Row:
    """A reply as organisers read it."""

    line: Line
    at: Moment
    answer: str
    outcome: str


def _asked(token: str) -> AskedOf | None:
    asked = question_in(token)
    place = heard.place_of(asked.place_id) if asked is not None else None
    who = attendee_of(place) if place is not None else None
    if asked is None or place is None or who is None or not is_question(asked, place, who, settings()):
        return None
    return AskedOf(place, asked.sequence)


@bp.route("/replies/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC, of=_asked)
def give_up(asked: AskedOf) -> ResponseReturnValue:
    """What would be given up, and the button that does it; the link is the only credential."""
    place, form = asked.place, ActionForm()
    offering = place.offering
    learning_session = offering.learning_session
    if form.validate_on_submit():
        try:
            give_up_as_asked(place, asked.sequence, clock.now())
        except Refused as refusal:
            flash(str(refusal), "warn")
        else:
            flash("Your place is given up. Thank you for saying so.", "ok")
        slug = learning_session.journey.slug
        here = url_for("learning_sessions.show", slug=slug, learning_session_slug=learning_session.slug)
        return _secret(redirect(here, 303))
    person = place.participant
    whose = Reader(person.timezone, person.works_from, person.works_until, frozenset(person.days_off.split()))
    page = render_template(
        "calendars/replies/give_up.html",
        form=form,
        place=place,
        is_open=asked.is_open,
        learning_session=learning_session,
        journey=learning_session.journey,
        times=shown(offering, whose, clock.now(), place.way == "in-person"),
    )
    return _secret((page, form.status))


@bp.get("/organise/offerings/<int:offering_id>/replies")
@requires(Permission.OFFERING_ROSTER, of=enrolments.offering)
def replies(offering: Offering) -> ResponseReturnValue:
    """What calendar programs answered to the invitations to a sitting, the newest first."""
    found, older = heard.replies_in(offering.id, _before())
    return render_template(
        "calendars/replies/index.html",
        offering=offering,
        learning_session=offering.learning_session,
        journey=offering.learning_session.journey,
        rows=[_row(one, offering) for one in found],
        kept_days=heard.KEPT.days,
        asks_for_replies=bool(settings().reply_to),
        older=url_for("calendars.replies", offering_id=offering.id, before=older) if older else None,
    )


def _row(one: Line, offering: Offering) -> Row:
    reply = one.reply
    answer = ANSWERS.get(reply.answer, ANSWERS["other"])
    return Row(one, moment(reply.received_at, offering.timezone), answer, OUTCOMES[reply.outcome])


def _before() -> int | None:
    text = request.args.get("before", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
    return number if 0 <= number <= LARGEST else None


def _secret(answer: ResponseReturnValue) -> Response:
    response = unkept(answer)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
