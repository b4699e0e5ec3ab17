"""What the domain refuses: each error carries a sentence for the reader and the field it belongs to."""


class DomainError(Exception):
    """A rule said no. `message` is shown to the reader as it stands; `field` names the form field, if one is
    to blame.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Refused(DomainError):
    """The rule does not allow this act, whoever asks."""


class NotOpen(Refused):
    """The thing exists and can be read, but nobody can join it now."""


class NotConfirmed(Refused):
    """It needs an account whose address has been confirmed; with that it may be done."""

    def __init__(self, field: str | None = None) -> None:
        super().__init__("Confirm your e-mail address first: open the link in our letter to it.", field)


class AlreadyTaken(DomainError):
    """Another row holds this address, name or place."""


class Stale(DomainError):
    """Somebody else changed the thing since this copy of it was read."""


class NotFound(DomainError):
    """There is no such thing, or this reader may not know that there is."""
