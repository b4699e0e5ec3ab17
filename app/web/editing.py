"""Forms that edit what others may edit too: whoever saves second sees both versions and loses nothing.

A form carries the fingerprint of what its fields held when it was opened. If what is stored has another one
by now, somebody saved in between: the form comes back with both versions (409), and saving it again, now in
the knowledge of the other, overwrites.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from flask import request
from wtforms import Field, HiddenField

from app.domain.errors import Stale
from app.web.forms import BaseForm
from app.web.methods import SAFE_METHODS

STALE = "Somebody else saved this while you had it open. Both versions stand below; nothing of yours is lost."


@dataclass(frozen=True)
class Difference:
    """A field that is stored otherwise than it was typed, both in words."""

    label: str
    field_id: str
    stored: str
    typed: str


class EditForm(BaseForm):
    """A form opened on stored values: texts, numbers, dates, booleans and lists of these, by field name."""

    seen = HiddenField()

    @classmethod
    def opened_on(cls, stored: Mapping[str, Any], **options: Any) -> Self:
        """The form filled from `stored`, or from the request when it comes back."""
        form = cls(data=dict(stored), **options)
        if request.method in SAFE_METHODS:
            form.seen.data = fingerprint(stored)
        return form

    def refuse_if_changed(self, stored: Mapping[str, Any]) -> None:
        """Raises Stale when what is stored is not what the form was opened on.

        `stored` must have been read after the row was locked. The form then knows the `differences`, and the
        next time it is sent it overwrites what is stored now.
        """
        self.differences: list[Difference] = []
        now = fingerprint(stored)
        if self.seen.data == now:
            return
        self.differences = [
            Difference(field.label.text, field.id, said(field, stored[field.name]), said(field, field.data))
            for field in self
            if field.name in stored and _plain(stored[field.name]) != _plain(field.data)
        ]
        self.seen.data = now
        self.is_stale = bool(self.differences)
        if self.is_stale:
            raise Stale(STALE)

    is_stale = False
    differences: list[Difference] = []  # noqa: RUF012  # replaced, never changed

    @property
    def status(self) -> int:
        """The status of the page that shows this form: 200, 422 when refused, 409 when stale."""
        return 409 if self.is_stale else super().status


def fingerprint(stored: Mapping[str, Any]) -> str:
    """A short sum of values, the same for None and an empty text, which a form cannot tell apart."""
    plain = {name: _plain(value) for name, value in stored.items()}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def said(field: Field, value: Any) -> str:
    """A value as people read it: the label of a choice, one line for each row of a list."""
    if isinstance(value, Mapping):
        return " · ".join(str(one) for one in value.values() if one not in (None, "", False))
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, (said(field, one) for one in value)))
    labels = {str(key): str(label) for key, label in _choices(field)}
    if isinstance(value, bool):
        return "yes" if value else "no"
    return labels.get(str(value), "" if value is None else str(value))


def _choices(field: Field) -> list[tuple[Any, Any]]:
    try:
        return [(one[0], one[1]) for one in field.iter_choices()]
    except (AttributeError, NotImplementedError, TypeError):
        return []


def _plain(value: Any) -> Any:
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items() if name != "csrf_token"}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value).replace("\r\n", "\n").strip()
