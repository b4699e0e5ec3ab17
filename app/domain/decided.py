"""What can be decided about a place, and under which rule: the words of the log."""

from enum import StrEnum


class Decided(StrEnum):
    """What was decided about a place."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    OFFER_DECLINED = "offer-declined"
    OFFER_LAPSED = "offer-lapsed"
    OFFER_WITHDRAWN = "offer-withdrawn"
    RELEASED = "released"
    CANNOT_COME = "cannot-come"
    SWAPPED = "swapped"
    """Given up for the twin sitting, in the step that seated its holder there."""
    UNSEATED = "unseated"
    """Put back into the line because the capacity was lowered."""
    APPROVED = "approved"
    APPROVAL_WITHDRAWN = "approval-withdrawn"
    DECLINED = "declined"
    NAMED = "named"
    """Given out of a reserved block."""
    DRAWN = "drawn"
    MOVED = "moved"
    """Put into the twin sitting by an organiser."""


class Ground(StrEnum):
    """Under which rule it was decided."""

    FIRST_COME = "first-come"
    LOTTERY = "lottery"
    BALANCED = "balanced"
    BLOCK = "block"
    APPROVAL = "approval"
    DEADLINE = "deadline"
    CAPACITY = "capacity"
    CANCELLATION = "cancellation"
    """The sitting was cancelled."""
    OWN_WISH = "own-wish"
    TWIN = "twin"
    """One seat per person and session."""
    ORGANISER = "organiser"
    LEFT = "left"
    """The person left the journey."""
    ACCOUNT_CLOSED = "account-closed"
