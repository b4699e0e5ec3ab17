"""The words to a focal person about the places reserved for their group."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.enrolments.blocks import block as reserved_block
from app.enrolments.models import ReservedBlock
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import times
from app.notices.about import way_in_words
from app.notices.language import Language
from app.notices.letters import Facts, Go, Hours, Letter, Line, composed
from app.notices.pending import wait_for_changes
from app.notices.people import answers_to, choices_of, contact_of, language_for, reader_of
from app.participants.models import Participant
from app.web.sittings import shown
from app.web.templating import address_of

BLOCK_RESERVED = "block-reserved"


def about_block(payload: Mapping[str, Any]) -> Composed:
    """The letter to the focal person; silent once the places went back or somebody else names the people."""
    block, now = reserved_block(int(payload["block_id"])), datetime.now(UTC)
    if block is None or block.focal is None or not block.stands_at(now):
        raise NoLongerNeeded("the places went back, or nobody names the people")
    wait_for_changes(block.offering_id, now)
    if block.offering.is_cancelled:
        raise NoLongerNeeded("the sitting is cancelled")
    journey, _ = block.offering.learning_session.journey, language_for(block.focal)
    return composed(
        _letter(_, block, block.focal, now), _, timezone=block.focal.timezone, reply_to=answers_to(journey)
    )


def _letter(_: Language, block: ReservedBlock, focal: Participant, now: datetime) -> Letter:
    learning_session = block.offering.learning_session
    journey, times_shown = learning_session.journey, shown(block.offering, reader_of(focal), now)
    what = _.n("{number} place is reserved for {group}", "{number} places are reserved for {group}",
               block.places, group=block.name)  # fmt: skip
    release = times.point(_, block.release_at, focal.timezone)
    return Letter(
        subject=f"{what}: {learning_session.title}, {times.in_subject(_, times_shown)}",
        greeting=_("Dear {name},", name=focal.name),
        title=_.n(
            "{number} place in “{session}” is reserved for {group}",
            "{number} places in “{session}” are reserved for {group}",
            block.places, session=learning_session.title, group=block.name,
        ),
        parts=[
            Line(_("You say who has them.")),
            Hours(times.reading(_, times_shown)),
            Facts(((_("Journey"), journey.title), (_("They attend"), way_in_words(_, block.way)))),
            Line(_("Places that have no name by {moment} go back to everybody.", moment=release)),
            Go(_("Name people"), address_of("enrolments.group", block_id=block.id)),
            Line(_("There you can also swap names, or copy a link to send to the group.")),
        ],
        why=_("You get this because you name the people of {group}.", group=block.name),
        answers=contact_of(journey),
        choices=choices_of(focal),
    )  # fmt: skip
