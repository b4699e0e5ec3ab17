"""Showing a page as somebody else would see it: for this one answer, which must not write."""

from flask import g

from app.domain.permissions import Actor
from app.web.reader import Reader


def show_as(actor: Actor, reader: Reader) -> None:
    """Let templates and rules take the one who asks for this actor and this reader.

    Call it after the permission was checked, in a view that answers GET only.
    """
    g.actor, g.reader = actor, reader
