"""Where else somebody can go whose sitting is cancelled: its twins with room, else the next session."""

from app.notices import times
from app.notices.changes_known import Changed
from app.notices.language import Language
from app.notices.letters import Items, Part
from app.scheduling.instead import Instead, instead_of
from app.web.sittings import shown
from app.web.templating import address_of

MOST = 3


def instead(_: Language, found: Changed) -> list[Part]:
    """The list, each in the reader's time and with the page on which a place is taken; nothing for none."""
    if found.to.place is None:
        return []
    one = found.offering.learning_session
    others = instead_of({one.id: one.journey_id}, found.to.place.participant_id, found.now, found.offering.id)
    offered = others.get(one.id, [])[:MOST]
    if not offered:
        return []
    if offered[0].is_twin and all(other.gives_at_once for other in offered):
        heading = _("You can take a place in another sitting of this session:")
    elif offered[0].is_twin:
        heading = _("You can ask for a place in another sitting of this session:")
    else:
        heading = _("The next session of the journey with room is:")
    return [Items(tuple(_item(_, other, found) for other in offered), heading)]


def _item(_: Language, other: Instead, found: Changed) -> tuple[str, str]:
    when = times.reading(_, shown(other, found.to.reader, found.now)).in_one_line
    page = address_of("learning_sessions.show", slug=other.journey_slug, learning_session_slug=other.slug)
    if other.gives_at_once:
        return (when if other.is_twin else _("“{session}”: {when}", session=other.title, when=when)), page
    if other.has_full_share:
        return _waiting(_, other, when), page
    if other.is_twin:
        return _("{when}; the organisers or a lottery decide about places", when=when), page
    told = _(
        "“{session}”: {when}; the organisers or a lottery decide about places", session=other.title, when=when
    )
    return told, page


def _waiting(_: Language, other: Instead, when: str) -> str:
    """Where a balance lets who asks wait, though there are free places."""
    if other.is_twin:
        return _(
            "{when}; places are kept in balance between countries or groups, and you would wait in line",
            when=when,
        )
    return _(
        "“{session}”: {when}; places are kept in balance between countries or groups, and you would wait in "
        "line",
        session=other.title, when=when,
    )  # fmt: skip
