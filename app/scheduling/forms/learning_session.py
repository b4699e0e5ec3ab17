"""The forms of a learning session: what it is called and about; a new one may be dated at once."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from app.accounts.forms import one_line
from app.domain.slugs import LONGEST as LONGEST_SLUG
from app.journeys.forms import DIRECTIONS, language_options, options, text
from app.journeys.models import Theme
from app.learning_sessions.models import LearningSession
from app.scheduling.forms.sitting import SittingFields
from app.scheduling.forms.when import DATING, UNDATED
from app.web.checkboxes import CheckboxesField
from app.web.editing import EditForm
from app.web.forms import BaseForm
from app.web.number_field import NumberField

LONGEST_TITLE = 200
NOT_BLANK = "Give the session a title."


class TitleField(StringField):
    """A title: needed, on one line, at most LONGEST_TITLE characters."""

    def __init__(self, label: str = "Title", **options_: Any) -> None:
        limit = Length(max=LONGEST_TITLE, message=f"Use at most {LONGEST_TITLE} characters.")
        super().__init__(label, [one_line, limit], **options_)

    def pre_validate(self, form: Any) -> None:
        if not (self.data or "").strip():
            raise ValidationError(NOT_BLANK)


class LearningSessionFields(BaseForm):
    """What a session says of itself, besides its dates."""

    title = TitleField(render_kw={"autocomplete": "off"})
    summary = text("Summary", "One paragraph, plain text: what lists show.", 1_000)
    content = text("About this session", "Markdown works: **bold**, lists, links.", 20_000)
    themes = CheckboxesField("Themes", coerce=int)
    language = SelectField("Language", default="en")
    text_direction = RadioField("Direction of its text", choices=options(DIRECTIONS), default="ltr")
    slug = StringField(
        "Address",
        [Optional(), Length(max=LONGEST_SLUG, message=f"Use at most {LONGEST_SLUG} characters.")],
        description="The end of its address: small letters a to z, figures and hyphens. Empty: made from the "
        "title.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    preview = HiddenField()

    def know_themes(self, themes: Sequence[Theme], language: str = "") -> None:
        """What can be chosen."""
        self.theme_of = {one.id: one for one in themes}
        self.themes.choices = [(one.id, one.title) for one in themes]
        self.language.choices = language_options(language)

    def about(self) -> dict[str, Any]:
        """What the form says, as the operations take it."""
        return {
            "title": self.title.data or "",
            "summary": " ".join((self.summary.data or "").split()),
            "content": self.content.data or "",
            "themes": [self.theme_of[number] for number in self.themes.data or ()],
            "language": self.language.data,
            "text_direction": self.text_direction.data,
            "slug": self.slug.data or None,
        }


TEXTS = ("title", "summary", "content", "themes", "language", "text_direction", "slug")


class LearningSessionForm(LearningSessionFields, EditForm):
    """Changing what a session says; another address leaves a redirect."""

    first_on_page = TEXTS

    @property
    def status(self) -> int:
        return (422 if self.complaints else 200) if self.preview.data else super().status


class NewLearningSessionForm(LearningSessionFields, SittingFields):
    """A new session, dated at once or not."""

    first_on_page = (*TEXTS, *SittingFields.first_on_page)

    dating = RadioField(
        "What is known of the date",
        choices=options({UNDATED: "No date yet: people can say that they would come"} | DATING),
        default=UNDATED,
        invalid_choice_message="Choose one of these.",
    )

    @property
    def asks(self) -> bool:
        return super().asks or bool(self.preview.data)

    def answer(self) -> None:
        if self.preview.data:
            self.is_genuine()
        else:
            super().answer()


def stored_texts(learning_session: LearningSession) -> dict[str, Any]:
    """A session's own words by field name."""
    one = learning_session
    return {
        "title": one.title,
        "summary": one.summary,
        "content": one.content,
        "themes": [theme.id for theme in one.themes],
        "language": one.language,
        "text_direction": one.text_direction,
        "slug": one.slug,
    }


class OrderForm(BaseForm):
    """One session, one step."""

    learning_session = NumberField("Session")
    to = SelectField("Where to", choices=options({"up": "Up", "down": "Down"}))
