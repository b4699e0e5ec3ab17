"""The form of a sitting's rule: how places are given, and what becomes of one that is given back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice

from app.domain.place_rules import Balance, Giving, RuleKind
from app.domain.timezones import local
from app.enrolments.ruling import NewRule
from app.web.editing import EditForm
from app.web.number_field import NumberField
from app.web.wall_fields import Asked, IfSaid, WallField, WallForm, show

KINDS = {
    RuleKind.FIRST_COME: "First come, first served: in the order of the requests",
    RuleKind.LOTTERY: "Lottery: everybody who asks before the draw has the same chance",
    RuleKind.BALANCED: "Balanced: for some time nobody’s country or group gets more than a share",
}
GIVINGS = {
    Giving.AT_ONCE: "At once: the next in line has the place and is told",
    Giving.OFFER: "As an offer: the next in line has some hours to accept it",
}
BALANCES = {Balance.COUNTRY: "Countries", Balance.STAKEHOLDER_GROUP: "Stakeholder groups"}
CHOOSE = "Choose one of these."


class RuleForm(WallForm, EditForm):
    """`new_rule()` is what a sound form says. Moments are wall times of the sitting's zone."""

    first_on_page: ClassVar[tuple[str, ...]] = (
        "kind", "draw", "draw_fold", "balance", "share", "until", "until_fold", "giving", "offer_hours",
        "needs_approval", "cancel_hours",
    )  # fmt: skip
    field_of = {  # noqa: RUF012  # read, never changed
        "draw_at": "draw", "share_percent": "share", "balanced_until_at": "until",
    }  # fmt: skip

    kind = RadioField(
        "How places are given",
        choices=[SelectChoice(one.value, text) for one, text in KINDS.items()],
        invalid_choice_message=CHOOSE,
    )
    draw = WallField("The draw", [IfSaid()])
    draw_fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    draw_asked = HiddenField()
    balance = RadioField(
        "Kept in balance",
        choices=[SelectChoice(one.value, text) for one, text in BALANCES.items()],
        default=Balance.COUNTRY.value,
        invalid_choice_message=CHOOSE,
    )
    share = NumberField(
        "Percent of the places for each, at most",
        [IfSaid()],
        description="25 of 30 places are 8: what is left over is rounded up.",
    )
    until = WallField("Balanced until", [IfSaid()])
    until_fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    until_asked = HiddenField()
    giving = RadioField(
        "Who waits gets a freed place",
        choices=[SelectChoice(one.value, text) for one, text in GIVINGS.items()],
        default=Giving.AT_ONCE.value,
        invalid_choice_message=CHOOSE,
    )
    offer_hours = NumberField(
        "Hours to accept",
        [IfSaid()],
        default=48,
        description="1 to 720. An offer ends at the start at the latest.",
    )
    needs_approval = BooleanField("Organisers decide about each request")
    cancel_hours = NumberField(
        "Hours before the start until which a place can be given up freely",
        [IfSaid()],
        default=0,
        description="0 to 720; 0 is until the start. After that people can still say that they can’t come, "
        "which is noted as such.",
    )
    use = HiddenField()

    timezone = ""
    """Of the sitting."""
    draw_at: datetime | None = None
    until_at: datetime | None = None

    def know(self, timezone: str, held: NewRule) -> None:
        """In which zone moments are read, and what is stored."""
        self.timezone, self.held = timezone, held
        if not self.is_submitted():
            self.show_instant(held.draw_at, self._draw, timezone)
            self.show_instant(held.balanced_until_at, self._until, timezone)

    @property
    def asks(self) -> bool:
        """Whether a button was pressed that only mends a field."""
        return bool(self.use.data)

    @property
    def status(self) -> int:
        """200 for such a button too: nothing was to be saved."""
        return 200 if self.asks and not self.complaints else super().status

    def answer(self) -> None:
        """Put what the button offers into its field."""
        name, _, value = (self.use.data or "").partition(" ")
        try:
            wall = datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # a wall time
        except ValueError:
            return
        if self.is_genuine() and name in ("draw", "until"):
            show(self[name], wall)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for name in self._not_asked():
            self[name].errors = ()
        if self.kind.data == RuleKind.LOTTERY:
            self.draw_at = self.instant_of(self._draw, self.timezone)
        if self.kind.data == RuleKind.BALANCED:
            self.until_at = self.instant_of(self._until, self.timezone)
        return not self.complaints

    def new_rule(self) -> NewRule:
        """What a sound form says; hours for offers stay where none are made. Nothing is read of fields that
        belong to another choice: what stands in them was not looked at.
        """
        giving, is_balanced = Giving(self.giving.data), self.kind.data == RuleKind.BALANCED
        hours = (self.offer_hours.data or 0) if giving is Giving.OFFER else self.held.offer_hours
        return NewRule(
            kind=RuleKind(self.kind.data),
            draw_at=self.draw_at,
            balance=Balance(self.balance.data) if is_balanced else None,
            share_percent=self.share.data if is_balanced else None,
            balanced_until_at=self.until_at,
            giving=giving,
            offer_hours=hours,
            needs_approval=bool(self.needs_approval.data),
            cancel_hours=self.cancel_hours.data or 0,
        )

    @property
    def _draw(self) -> Asked:
        return Asked(self.draw, self.draw_fold, self.draw_asked)

    @property
    def _until(self) -> Asked:
        return Asked(self.until, self.until_fold, self.until_asked)

    def _not_asked(self) -> list[str]:
        names: list[str] = []
        if self.kind.data != RuleKind.LOTTERY:
            names += ["draw", "draw_fold"]
        if self.kind.data != RuleKind.BALANCED:
            names += ["balance", "share", "until", "until_fold"]
        if self.giving.data != Giving.OFFER:
            names.append("offer_hours")
        return names


def stored_fields(rule: NewRule, timezone: str) -> Mapping[str, Any]:
    """What is stored, by the names of the fields that show it."""

    def wall(instant: datetime | None) -> datetime | None:
        return local(instant, timezone).replace(tzinfo=None, fold=0) if instant else None

    return {
        "kind": rule.kind.value,
        "draw": wall(rule.draw_at),
        "balance": (rule.balance or Balance.COUNTRY).value,
        "share": rule.share_percent,
        "until": wall(rule.balanced_until_at),
        "_moments": [str(rule.draw_at), str(rule.balanced_until_at)],
        "giving": rule.giving.value,
        "offer_hours": rule.offer_hours,
        "needs_approval": rule.needs_approval,
        "cancel_hours": rule.cancel_hours,
    }
