"""The messages of one journey on the desk of its organisers."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.moments import moment
from app.domain.permissions import Permission
from app.enrolments.roster.unreached import MOST, unreached_in
from app.enrolments.views.loading import OfJourney
from app.journeys.models import Journey
from app.journeys.views.loading import journey_at
from app.messages import queries as messages
from app.messages.models import MessageState, OutboxMessage
from app.notices.blueprint import bp
from app.notices.outbox_rows import Asked
from app.notices.outbox_shown import Sight, row_of, tally
from app.notices.outbox_texts import said_by
from app.notices.outbox_views import (
    asked_for,
    letter,
    number_in,
    page_of,
    retried,
    retry_many,
    settings,
    sight,
    unkept,
    values_of,
)
from app.notices.outbox_words import answer_in_words
from app.web.access import can, requires


@dataclass(frozen=True)
class Told(OfJourney):
    """A message with the journey it belongs to, by which it is decided who may look."""

    message: OutboxMessage


def message_of_journey(slug: str, number: int) -> Told | None:
    """The message of this number, where it belongs to the journey: account letters belong to none."""
    journey = journey_at(slug, number=number)
    message = messages.by_id(number) if number < 2**31 else None
    if journey is None or message is None or message.scope != scope_of(journey):
        return None
    return Told(journey, message)


def scope_of(journey: Journey) -> str:
    """What the messages of a journey are marked with."""
    return f"journey:{journey.id}"


def sight_of(journey: Journey) -> Sight:
    """Who decides about its people sees addresses, as on the roster; nobody here sees links that act."""
    return sight(sees_addresses=can(Permission.JOURNEY_ROSTER, journey), sees_links=False)


@bp.get("/organise/journeys/<slug>/messages")
@requires(Permission.JOURNEY_PEOPLE, of=journey_at)
def journey_messages(journey: Journey) -> ResponseReturnValue:
    """What its people were told and will be told, the latest first, and whom no mail reaches."""
    seen_by = sight_of(journey)
    asked = asked_for(scope_of(journey))
    if not seen_by.sees_addresses:
        asked = Asked(asked.state, "", asked.scope)
    counts = messages.counts_of(scope_of(journey))
    rows, older = page_of(asked)
    here = url_for("notices.journey_messages", slug=journey.slug)
    return render_template(
        "outbox/journey.html",
        journey=journey,
        rows=[row_of(one, seen_by) for one in rows],
        older=url_for("notices.journey_messages", slug=journey.slug, **values_of(asked), before=older)
        if older
        else "",
        is_first=number_in("before") is None,
        asked=asked,
        tally=tally(counts),
        total=sum(counts.values()),
        here=here,
        unreached=_unreached(journey, seen_by),
        most=MOST,
    )


def _unreached(journey: Journey, seen_by: Sight) -> list[tuple[str, str, str, str]]:
    """(name, address, what the mail server said, since when)"""
    return [
        (
            one.name,
            one.address if seen_by.sees_addresses else "",
            answer_in_words(one.code, one.reason, seen_by.sees_addresses, False),
            moment(one.since, seen_by.timezone).text,
        )
        for one in unreached_in(journey.id)
    ]


@bp.get("/organise/journeys/<slug>/messages/<int:number>")
@requires(Permission.JOURNEY_PEOPLE, of=message_of_journey)
def journey_message(told: Told) -> ResponseReturnValue:
    """One message to one person of the journey."""
    seen_by = sight_of(told.journey)
    said = said_by(told.message, settings()).masked(seen_by.sees_addresses)
    return unkept(
        render_template(
            "outbox/journey_message.html",
            journey=told.journey,
            row=row_of(told.message, seen_by),
            said=said,
            sees_links=False,
        )
    )


@bp.get("/organise/journeys/<slug>/messages/<int:number>/letter")
@requires(Permission.JOURNEY_PEOPLE, of=message_of_journey)
def journey_letter(told: Told) -> ResponseReturnValue:
    """Its HTML as a page of its own, in which nothing runs."""
    seen_by = sight_of(told.journey)
    return letter(said_by(told.message, settings()).masked(seen_by.sees_addresses).html)


@bp.post("/organise/journeys/<slug>/messages/<int:number>/retry")
@requires(Permission.JOURNEY_ROSTER, of=message_of_journey)
def retry_journey_message(told: Told) -> ResponseReturnValue:
    """Send one that was not delivered after all."""
    return retried(
        told.message, url_for("notices.journey_message", slug=told.journey.slug, number=told.message.id)
    )


@bp.route("/organise/journeys/<slug>/messages/retry", methods=["GET", "POST"])
@requires(Permission.JOURNEY_ROSTER, of=journey_at)
def retry_journey_messages(journey: Journey) -> ResponseReturnValue:
    """All of the journey that were not delivered and are asked for; asks first."""
    asked = Asked(MessageState.DEAD, asked_for().words, scope_of(journey))
    back = url_for("notices.journey_messages", slug=journey.slug, **values_of(asked))
    return retry_many(asked, back, "outbox/journey_retry.html", journey=journey)
