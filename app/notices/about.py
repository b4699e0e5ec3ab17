"""What the letters about one place have in common: the facts, and the parts made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from app.domain.attendance import Way
from app.domain.decided import Decided
from app.domain.permissions import Actor, may_see_join_link
from app.domain.place_rules import FIRST_COME, Rule
from app.domain.seats import PlaceStatus
from app.enrolments import queries as enrolments
from app.enrolments.models import Place, PlaceDecision
from app.enrolments.standing import capacity_and_confirmed, is_held
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.place_panel import PlaceFacts, PlacesShown, in_balance, places_shown
from app.messages.composed import CalendarObject, Composed
from app.notices import times
from app.notices.invited import calendar_of
from app.notices.language import Language
from app.notices.letters import Facts, Go, Hours, Letter, Link, Part, Quote
from app.notices.letters import composed as as_composed
from app.notices.people import answers_to, choices_of, contact_of, reader_of, without_account
from app.participants.models import Participant
from app.web.sittings import Shown, shown
from app.web.templating import address_of


@dataclass(frozen=True)
class About:
    """A place, as its holder is told of it."""

    place: Place
    log: Sequence[PlaceDecision]
    now: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> Participant:
        return self.place.participant

    @property
    def offering(self) -> Offering:
        return self.place.offering

    @property
    def journey(self) -> Journey:
        return self.offering.learning_session.journey

    @property
    def title(self) -> str:
        """The learning session's."""
        return self.offering.learning_session.title

    @cached_property
    def shown(self) -> Shown:
        return shown_to(self.person, self.offering, self.place.way, self.now)

    @property
    def last(self) -> PlaceDecision | None:
        """The last decision."""
        return self.log[-1] if self.log else None

    @property
    def note(self) -> str:
        """What was written to them with the last decision."""
        return self.log[-1].note if self.log else ""

    @property
    def before(self) -> PlaceStatus | None:
        """What the place was before the last decision."""
        return self.log[-1].status_before if self.log else None

    @property
    def at_once(self) -> dict[Decided, PlaceDecision]:
        """What was decided in the same step as the last."""
        last = self.last
        return {one.what: one for one in self.log if last is not None and one.decided_at == last.decided_at}

    @property
    def was_taken(self) -> bool:
        """Whether it was theirs, or offered to them, at any time."""
        return any(one.status_before is not None and one.status_before.is_taken for one in self.log)

    @cached_property
    def calendar(self) -> CalendarObject | None:
        """What goes with the letter for the calendar."""
        return calendar_of(self.place, self.was_taken, self.now)

    @property
    def has_account(self) -> bool:
        return self.person.user_id is not None

    @property
    def has_limit(self) -> bool:
        """Whether only so many can attend their way."""
        return capacity_and_confirmed(self.offering, self.place.way)[0] is not None

    @property
    def can_be_asked_for(self) -> bool:
        """Whether anybody can ask for a place there now."""
        opens_at, closes_at = self.offering.registration_opens_at, self.offering.registration_closes_at
        is_open = (opens_at is None or opens_at <= self.now) and (closes_at is None or self.now < closes_at)
        return is_open and self.journey.status is JourneyStatus.OPEN and is_held(self.offering, self.now)

    @property
    def link(self) -> str:
        """To join, where they attend online and may see it now; else empty."""
        offering = self.offering
        is_theirs = self.place.status is PlaceStatus.CONFIRMED and self.place.way is Way.ONLINE
        is_open = may_see_join_link(
            Actor(participant_id=self.person.id, confirmed_in=frozenset({offering.id} if is_theirs else ())),
            journey_id=self.journey.id,
            offering_id=offering.id,
            starts_at=offering.starts_at,
            from_minutes=offering.join_from_minutes,
            now=self.now,
        )
        return offering.join_url if is_open else ""

    @property
    def page(self) -> str:
        """Of the learning session."""
        slug = self.offering.learning_session.slug
        return address_of("learning_sessions.show", slug=self.journey.slug, learning_session_slug=slug)


def shown_to(person: Participant, offering: Offering, way: Way, now: datetime) -> Shown:
    """The times of a sitting for one person, who attends it so."""
    return shown(offering, reader_of(person), now, way is Way.IN_PERSON)


@dataclass(frozen=True)
class Said:
    """The words of one letter: the subject without the time, which is put behind it."""

    subject: str
    title: str
    parts: Sequence[Part]
    why: str


def written(_: Language, about: About, said: Said) -> Composed:
    """The letter, with what every letter about a place has, and its calendar object."""
    letter = Letter(
        subject=f"{said.subject}{_.colon} {about.title}, {times.in_subject(_, about.shown)}",
        greeting=_("Dear {name},", name=about.person.name),
        title=said.title,
        parts=said.parts,
        why=said.why,
        answers=contact_of(about.journey),
        choices=choices_of(about.person),
    )
    return as_composed(
        letter, _, timezone=about.person.timezone, reply_to=answers_to(about.journey),
        calendar=about.calendar,
    )  # fmt: skip


# Parts


def hours(_: Language, about: About) -> Hours:
    """When it is, large."""
    return Hours(times.reading(_, about.shown))


def facts(_: Language, about: About) -> Facts:
    """The journey, how they attend, and where."""
    told = [(_("Journey"), about.journey.title), (_("You attend"), way_in_words(_, about.place.way))]
    where = where_is(about.offering) if about.place.way is Way.IN_PERSON else ""
    return Facts((*told, (_("Where"), where)) if where else tuple(told))


def where_is(offering: Offering) -> str:
    """`Training centre, 12 Ridge Road, Accra`; empty without a venue."""
    venue = offering.venue
    return ", ".join(part for part in (venue.name, venue.address, venue.city) if part) if venue else ""


def way_in_words(_: Language, way: Way) -> str:
    return _("online") if way is Way.ONLINE else _("in person")


def quoted(_: Language, note: str) -> list[Part]:
    """What organisers wrote with a decision, if they did."""
    return [Quote(note, _("The organisers"))] if note else []


def open_session(_: Language, about: About) -> Go:
    return Go(_("Open the session"), about.page)


def ways_in(_: Language, about: About) -> list[Part]:
    """The link to join, once they may see it, and the page; until then the page, where it will stand."""
    if not about.link:
        return [open_session(_, about)]
    return [Go(_("Join the session"), about.link), Link(_("The page of the session:"), about.page)]


def pages(_: Language, about: About) -> list[Part]:
    """Where one reads how it came about; how to get an account, for who has none."""
    if not about.has_account:
        return without_account(_, about.person)
    return [Link(_("How this came about:"), address_of("enrolments.my_place", place_id=about.place.id))]


def because_held(_: Language, about: About) -> str:
    """Why one gets it, who has a place."""
    return _(
        "You get this because you have a place in “{session}” ({journey}).",
        session=about.title, journey=about.journey.name,
    )  # fmt: skip


def because_asked(_: Language, about: About) -> str:
    """The same, for who has none."""
    return _(
        "You get this because you asked for a place in “{session}” ({journey}).",
        session=about.title, journey=about.journey.name,
    )  # fmt: skip


def because_had(_: Language, about: About) -> str:
    """The same, for who had one."""
    return _(
        "You get this because you had a place in “{session}” ({journey}), or asked for one.",
        session=about.title, journey=about.journey.name,
    )  # fmt: skip


# The rule and the line


def rule_of(about: About) -> Rule:
    """The rule by which the sitting gives its places."""
    stated = enrolments.rules_of([about.offering.id]).get(about.offering.id)
    return stated.rule if stated is not None else FIRST_COME


def place_facts(about: About) -> PlaceFacts:
    """What was read of the places of the sitting, for this person."""
    offering, place = about.offering, about.place
    rules = enrolments.rules_of([offering.id])
    kept = in_balance([offering], rules, about.now)
    balanced = {number: (about.journey.id, balance) for number, balance in kept.items()}
    return PlaceFacts(
        own=enrolments.own_places_in(place.participant_id, place.learning_session_id),
        waiting={},
        offered={},
        rules=rules,
        shares=enrolments.shares_of(place.participant_id, balanced),
        takes_places=about.journey.status is JourneyStatus.OPEN,
    )


def panel(about: About, read: PlaceFacts) -> PlacesShown:
    """The same as the page of the session tells it."""
    return places_shown(about.offering, read, about.person.timezone, about.now)
