"""The log of decisions in the words of organisers: what became of somebody, and who decided it."""

from app.domain.decided import Decided, Ground
from app.domain.seat_story import by_rule
from app.domain.seats import PlaceStatus


def logged(what: Decided, ground: Ground, before: PlaceStatus | None, after: PlaceStatus) -> str:
    """What happened: a few words about the person it happened to."""
    return (
        _BY_GROUND.get((what, ground)) or _BY_STATUS.get((what, before)) or _ASKED.get((what, after))
        or LOGGED[what]
    )  # fmt: skip


def under(ground: Ground) -> str:
    """Under which rule it was decided, in a few words."""
    return _THEIRS.get(ground) or by_rule(ground)


def decided_by(what: Decided, ground: Ground, name: str) -> str:
    """Who decided: somebody by name, the person, the draw, or the rule alone."""
    if name:
        return name
    if ground in (Ground.OWN_WISH, Ground.LEFT, Ground.ACCOUNT_CLOSED) or what is Decided.ASKED:
        return "themselves"
    if ground is Ground.ORGANISER:
        return "an organiser whose account is closed"
    return "the draw" if what is Decided.DRAWN else "the rule"


LOGGED: dict[Decided, str] = {
    Decided.ASKED: "Asked, and joined the line",
    Decided.CONFIRMED: "Asked, and has the place",
    Decided.OFFERED: "Was offered a place",
    Decided.ACCEPTED: "Accepted the offer",
    Decided.OFFER_DECLINED: "Declined the offer",
    Decided.OFFER_LAPSED: "Let the offer lapse",
    Decided.OFFER_WITHDRAWN: "Lost the offer, and is in line again",
    Decided.RELEASED: "Gave the place up",
    Decided.CANNOT_COME: "Said “I can’t come”",
    Decided.SWAPPED: "Gave it up for the other sitting",
    Decided.UNSEATED: "Was put back into the line",
    Decided.APPROVED: "Was approved",
    Decided.APPROVAL_WITHDRAWN: "Lost the approval",
    Decided.DECLINED: "Was declined",
    Decided.NAMED: "Was named by the group",
    Decided.DRAWN: "Was drawn",
    Decided.MOVED: "Was moved here from the other sitting",
}
"""By what was decided, as a filter says it."""

_THEIRS = {
    Ground.OWN_WISH: "Their own wish",
    Ground.LEFT: "They left the journey",
    Ground.ACCOUNT_CLOSED: "They closed their account",
}
_BY_GROUND = {
    (Decided.CONFIRMED, Ground.BLOCK): "Was named by the group",
    (Decided.RELEASED, Ground.BLOCK): "Taken out by the group",
    (Decided.RELEASED, Ground.ORGANISER): "Was taken out",
    (Decided.RELEASED, Ground.LEFT): "Left the journey",
    (Decided.RELEASED, Ground.ACCOUNT_CLOSED): "Closed the account",
    (Decided.SWAPPED, Ground.ORGANISER): "Was moved to the other sitting",
}
_BY_STATUS: dict[tuple[Decided, PlaceStatus | None], str] = {
    (Decided.RELEASED, PlaceStatus.WAITING): "Left the line",
    (Decided.RELEASED, PlaceStatus.REQUESTED): "Withdrew the request",
    (Decided.CONFIRMED, PlaceStatus.WAITING): "Moved up, and has the place",
}
_ASKED = {(Decided.ASKED, PlaceStatus.REQUESTED): "Asked; the organisers decide"}
