"""Forms of those who get into a journey, and of those who say how one gets in."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.domain.admission import LONGEST_ANSWER, Admission, Policy
from app.domain.attendance import Way
from app.domain.invitations import LONGEST_CODE
from app.domain.timezones import local
from app.domain.zone_directory import offer_text
from app.domain.zone_names import zones_with_countries
from app.enrolments.admitting import LONGEST_TEXT
from app.web.editing import EditForm
from app.web.forms import BaseForm
from app.web.number_field import NumberField
from app.web.wall_fields import Asked, IfSaid, WallField, WallForm
from app.web.zone_field import ZoneField

WAYS = [SelectChoice(value=way.value, label=way.label.capitalize()) for way in Way]
HOW_TO_ENTER = {
    Admission.OPEN: "Open to everybody: one press enrols",
    Admission.APPROVAL: "By approval: people ask, and you decide about each",
    Admission.INVITATION: "By invitation: with a code, an invited e-mail domain or an invited address",
}


def _way() -> RadioField:
    return RadioField(
        "How you attend where there is a choice",
        choices=WAYS,
        default=Way.ONLINE.value,
        invalid_choice_message="Choose how you attend.",
    )


def _most(count: int) -> Length:
    return Length(max=count, message=f"Use at most {count:,} characters.")


def _chosen(form: BaseForm) -> Way | None:
    return Way(form["way"].data) if "way" in form else None


class EnrolForm(BaseForm):
    """Asking to join a journey; holds only what its policy asks for."""

    answer = TextAreaField(
        "Your answer",
        [_most(LONGEST_ANSWER)],
        description="Only the organisers read it.",
        render_kw={"rows": 6},
    )
    code = StringField(
        "Your invitation code",
        [Optional(), _most(4 * LONGEST_CODE)],
        description="Capitals, blanks and hyphens do not matter. Leave it empty if your e-mail address was "
        "invited.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    wants_all = BooleanField("Take a place in every session, now and whenever one is added")
    way = _way()

    def fit(self, policy: Policy, has_choice: bool) -> None:
        """Keep what this journey asks for. `has_choice`: some sitting can be attended both ways."""
        if policy.asks:
            self.answer.label.text = policy.asks
            self.answer.flags.required = True
        else:
            del self.answer
        if policy.admission is not Admission.INVITATION:
            del self.code
        if not has_choice:
            del self.way

    def said(self) -> dict[str, Any]:
        """What a sound form says, as `entering.ask_to_join` takes it."""
        typed = {name: self[name].data or "" for name in ("answer", "code") if name in self}
        return typed | {"wants_all": bool(self.wants_all.data), "way": _chosen(self)}


class FollowForm(BaseForm):
    """Taking part in every session, or in chosen ones again."""

    wish = HiddenField(default="all")
    way = _way()

    @property
    def wants_all(self) -> bool:
        return bool(self.wish.data == "all")

    @property
    def chosen_way(self) -> Way | None:
        """None where there is no choice."""
        return _chosen(self)


class PolicyForm(WallForm, EditForm):
    """How one gets into a journey. `policy` is known once the form is sound."""

    admission = RadioField(
        "How people get in",
        choices=[SelectChoice(one.value, text) for one, text in HOW_TO_ENTER.items()],
        invalid_choice_message="Choose one of these.",
    )
    question = TextAreaField(
        "What you ask",
        [IfSaid(), _most(LONGEST_TEXT)],
        description="Shown to those who ask to join, with a field for their answer. Only where you approve; "
        "empty: nothing is asked.",
        render_kw={"rows": 3},
    )
    eligibility = TextAreaField(
        "For whom it is",
        [IfSaid(), _most(LONGEST_TEXT)],
        description="Stands on the page before anybody enrols; nobody is refused by it. Markdown works.",
        render_kw={"rows": 4},
    )
    opens = WallField("Enrolment opens", [IfSaid()])
    opens_fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    opens_asked = HiddenField()
    closes = WallField("Enrolment closes", [IfSaid()])
    closes_fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    closes_asked = HiddenField()
    zone = ZoneField(
        "In the time of",
        [IfSaid()],
        description="City, country or abbreviation. Both moments are read on the clocks there.",
    )
    most_people = NumberField(
        "Most people",
        [IfSaid()],
        description="So many can be enrolled at the same time. Leave empty for no limit. Nobody loses their "
        "enrolment to a smaller number.",
    )

    policy: Policy | None = None

    def find_policy(self) -> bool:
        """Work out the policy; what cannot be is said at its field."""
        self.policy = None
        if not self.zone.timezone and not self.zone.errors:
            self.wrong(self.zone, "Say in whose time: a city, a country or an abbreviation.")
        opens_at = self.instant_of(self._asked("opens"), self.zone.timezone)
        closes_at = self.instant_of(self._asked("closes"), self.zone.timezone)
        if self.errors:
            return False
        self.policy = Policy(
            timezone=self.zone.timezone,
            admission=Admission(self.admission.data),
            question=self.question.data or "",
            eligibility=self.eligibility.data or "",
            opens_at=opens_at,
            closes_at=closes_at,
            most_people=self.most_people.data,
        )
        return True

    def ask_about(self, policy: Policy) -> None:
        """Show which of two equal times the stored moments mean."""
        self.show_instant(policy.opens_at, self._asked("opens"), policy.timezone)
        self.show_instant(policy.closes_at, self._asked("closes"), policy.timezone)

    def _asked(self, name: str) -> Asked:
        return Asked(self[name], self[f"{name}_fold"], self[f"{name}_asked"])


def stored_policy(policy: Policy) -> Mapping[str, Any]:
    """A policy by the names of the fields that show it."""
    zone, known = policy.timezone, policy.timezone in zones_with_countries()
    return {
        "admission": policy.admission.value,
        "question": policy.question,
        "eligibility": policy.eligibility,
        "opens": _wall(policy, policy.opens_at),
        "closes": _wall(policy, policy.closes_at),
        "zone": offer_text(zone) if known else zone,
        "most_people": policy.most_people,
    }


def _wall(policy: Policy, instant: Any) -> Any:
    return local(instant, policy.timezone).replace(tzinfo=None, fold=0) if instant else None
