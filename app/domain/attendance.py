"""The ways of attending."""

from enum import StrEnum


class Attendance(StrEnum):
    """How an offering can be attended."""

    ONLINE = "online"
    IN_PERSON = "in-person"
    BOTH = "both"

    @property
    def label(self) -> str:
        return {"online": "online", "in-person": "in person", "both": "online and in person"}[self.value]

    @property
    def ways(self) -> tuple["Way", ...]:
        """The ways a place in such an offering can be held."""
        return (Way.ONLINE, Way.IN_PERSON) if self is Attendance.BOTH else (Way(self.value),)


class Way(StrEnum):
    """How one place is held."""

    ONLINE = "online"
    IN_PERSON = "in-person"

    @property
    def label(self) -> str:
        return "online" if self is Way.ONLINE else "in person"
