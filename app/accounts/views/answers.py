"""How pages of accounts answer: a form once more, and what no cache keeps."""

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from app.accounts.attempts import TooMany
from app.domain.errors import DomainError
from app.web.forms import BaseForm

HOME = "/me/"
PROFILE = "/me/profile"


def again(
    template: str, form: BaseForm, error: DomainError | None = None, **facts: object
) -> ResponseReturnValue:
    """The form's page: at first 200, refused 422, and 429 with the time to wait when there were too many."""
    if error is not None:
        form.refuse(error)
    html = render_template(template, form=form, **facts)
    if isinstance(error, TooMany):
        return html, 429, {"Retry-After": str(error.seconds)}
    return html, form.status


def unkept(answer: ResponseReturnValue) -> Response:
    """An answer at a secret address: no cache keeps it, and no other page hears where one came from."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
