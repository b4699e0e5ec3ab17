"""What is said with a decision about many people, and what is written to them."""

from collections.abc import Collection, Iterable

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.domain.merge_fields import what_is_wrong
from app.domain.text import is_plain_line
from app.enrolments.entering import LONGEST_NOTE
from app.enrolments.roster.acts import Act
from app.learning_sessions.models import Offering
from app.web.forms import BaseForm

LONGEST_SUBJECT = 150
LONGEST_MESSAGE = 10_000
FIELDS_SAY = {
    "name": "their name", "journey": "the title of the journey", "session": "that of the session",
    "time": "when it is, in their own time", "place": "online, or where",
}  # fmt: skip
"""What can be merged into a message → what it says."""

_short = Length(max=LONGEST_NOTE, message=f"Use at most {LONGEST_NOTE:,} characters.")


class NoteForm(BaseForm):
    """A decision that needs no reason."""

    text = TextAreaField(
        "A note to them", [Optional(), _short],
        description="It stands with the decision; each of them can read it.", render_kw={"rows": 3},
    )  # fmt: skip


class ReasonForm(BaseForm):
    """A decision whose reason the people read."""

    text = TextAreaField(
        "Why", [DataRequired("Say why: each of them reads it."), _short],
        description="Each of them reads it in the message that tells them.", render_kw={"rows": 3},
    )  # fmt: skip


class MoveForm(NoteForm):
    """Into which sitting."""

    to = RadioField("Into which sitting", [DataRequired("Choose a sitting.")], coerce=str)

    def offer(self, sittings: Iterable[tuple[Offering, str]]) -> None:
        """The sittings that can be chosen, with what each is called."""
        self.to.choices = [SelectChoice(value=str(one.id), label=label) for one, label in sittings]
        if self.to.data is None and len(self.to.choices) == 1:
            self.to.data = self.to.choices[0].value


class MessageForm(BaseForm):
    """What is written to the people of a roster."""

    subject = StringField(
        "Subject",
        [
            DataRequired("Give it a subject: it is what people see first."),
            Length(max=LONGEST_SUBJECT, message=f"Use at most {LONGEST_SUBJECT} characters."),
        ],
        render_kw={"autocomplete": "off"},
    )
    text = TextAreaField(
        "Message",
        [
            DataRequired("Write something: a message without words is not sent."),
            Length(max=LONGEST_MESSAGE, message=f"Use at most {LONGEST_MESSAGE:,} characters."),
        ],
        render_kw={"rows": 10},
    )
    fields: Collection[str] = ()

    def offer(self, fields: Collection[str]) -> None:
        """The names of the fields that can be merged."""
        self.fields = fields
        told = ", ".join(f"{{{name}}} ({FIELDS_SAY[name]})" for name in fields)
        self.text.description = (
            "Plain text. It begins by greeting the person by name, and ends with your name. These words in "
            f"braces, here and in the subject, become what each person reads: {told}. For a brace itself "
            "write {{ or }}."
        )

    def validate_subject(self, field: StringField) -> None:
        if not is_plain_line(field.data or ""):
            raise ValidationError("Keep the subject to one line without control characters.")
        self._can_be_merged(field)

    def validate_text(self, field: TextAreaField) -> None:
        self._can_be_merged(field)

    def _can_be_merged(self, field: StringField) -> None:
        if wrong := what_is_wrong(field.data or "", self.fields):
            raise ValidationError(wrong)


def form_for(act: Act) -> NoteForm | ReasonForm | MoveForm:
    """The form that an act asks for."""
    forms: dict[str, type[NoteForm | ReasonForm | MoveForm]] = {"reason": ReasonForm, "sitting": MoveForm}
    return forms.get(act.wants, NoteForm)()
