"""Forms of accounts, and the checks of text that other forms share."""

from typing import Any

from wtforms import EmailField, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, StopValidation

from app.accounts.password_rules import LEAST, MOST
from app.domain.emails import EMAIL as EMAIL
from app.domain.emails import LONGEST_EMAIL as LONGEST_EMAIL
from app.domain.emails import can_be_email
from app.domain.text import is_plain_line
from app.web.forms import BaseForm

LONGEST_NAME = 200

PASSWORD_HINT = f"At least {LEAST} characters. A few words are stronger than a riddle."


def one_line(_form: Any, field: Any) -> None:
    """Text without line ends, other control characters and overrides of the direction of writing."""
    if not is_plain_line(field.data or ""):
        raise ValidationError("Use one line of ordinary characters.")


def an_email(_form: Any, field: Any) -> None:
    """Something that can be an e-mail address; whether it is one only a letter to it can tell."""
    if not can_be_email(field.data or ""):
        raise StopValidation("Write an e-mail address such as efua@example.org.")


def said(sentence: str) -> list[Any]:
    """The field must be filled in; `sentence` asks for it."""
    return [InputRequired(sentence)]


def name_field(hint: str = "As you want organisers and facilitators to see it.") -> Any:
    return StringField(
        "Name",
        [
            *said("Give your name."),
            not_blank("Give your name."),
            Length(max=LONGEST_NAME, message="Use at most 200 characters."),
            one_line,
        ],
        description=hint,
        render_kw={"autocomplete": "name"},
    )


def not_blank(sentence: str) -> Any:
    """Blanks alone are nothing."""

    def check(_form: Any, field: Any) -> None:
        if not (field.data or "").strip():
            raise StopValidation(sentence)

    return check


def email_field(autocomplete: str) -> Any:
    return EmailField(
        "E-mail",
        [
            *said("Give your e-mail address."),
            an_email,
            Length(max=LONGEST_EMAIL, message="This is longer than any e-mail address."),
        ],
        render_kw={
            "autocomplete": autocomplete,
            "inputmode": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )


def new_password_field(label: str) -> Any:
    """Length and strength are judged by `password_rules.check`, so that they are worded in one place."""
    return PasswordField(
        label,
        said("Choose a password."),
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "minlength": LEAST, "maxlength": MOST},
    )


def old_password_field(label: str, hint: str = "") -> Any:
    return PasswordField(
        label,
        [*said("Give your password."), Length(max=MOST, message="No password here is that long.")],
        description=hint,
        render_kw={"autocomplete": "current-password"},
    )


class SignInForm(BaseForm):
    email = email_field("username")
    password = old_password_field("Password")
    next = HiddenField()


class ForgottenForm(BaseForm):
    """Asking for a new password."""

    email = email_field("username")
    next = HiddenField()


class NewPasswordForm(BaseForm):
    """A new password for who has forgotten the old one."""

    password = new_password_field("New password")


class LetterForm(BaseForm):
    """Having the letter written that asks for confirmation; only a button is seen of it."""

    next = HiddenField()


class PasswordForm(BaseForm):
    """A new password, against the old one."""

    old_password = old_password_field("Password now")
    password = new_password_field("New password")
