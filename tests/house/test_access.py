import pytest
from flask import Flask

from app.domain.permissions import Permission
from app.web import access


def test_every_view_declares_a_permission(app: Flask):
    declared = {
        endpoint: getattr(view, "__permission__", None)
        for endpoint, view in app.view_functions.items()
        if endpoint != "static"
    }
    assert declared
    assert [
        endpoint for endpoint, permission in declared.items() if not isinstance(permission, Permission)
    ] == []


def test_a_view_that_declares_nothing_stops_the_start():
    app = Flask("other")
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(RuntimeError, match="open declares no permission"):
        access.check_views(app)
