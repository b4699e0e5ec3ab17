"""From a template to the words of a message."""

from typing import Any

from flask import render_template

from app.messages.composed import Composed, Words


def composed(kind: str, **facts: Any) -> Composed:
    """First line of the template: the subject; the rest after a blank line: the text."""
    subject, _, text = render_template(f"mail/{kind}.txt", **facts).partition("\n")
    words = Words(text.strip() + "\n")
    return Composed(subject.strip(), lambda _stop: words)
