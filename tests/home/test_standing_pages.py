import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.database import db
from app.domain.timezones import zone_data_version
from app.web.redirects import local_path


@pytest.mark.parametrize(("path", "heading"), [("/privacy", "Privacy"), ("/accessibility", "Accessibility")])
def test_standing_pages_are_there_for_everybody(client, path, heading, query_counter):
    with query_counter() as counted:
        page = client.get(path)
    assert page.status_code == 200
    assert f"<h1>{heading}</h1>" in page.text
    assert counted.statements == []


def test_health_says_what_is_well(client):
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok", "database": "ok", "migrations": "at head", "zone_data": zone_data_version(),
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_says_that_migrations_are_behind(client):
    db.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert (answer.json["status"], answer.json["database"], answer.json["migrations"]) == (
        "failing",
        "ok",
        "behind",
    )


def test_health_says_that_the_database_is_gone(client, app, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("SELECT", {}, Exception("no route to postgresql://secret@host"))

    monkeypatch.setattr(db, "connection", gone)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json["database"] == "unreachable"
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", [None, "", "x", "//x", "/\\x", "https://x", "/\x00", "/a b"])
def test_only_local_paths_are_local(path):
    assert local_path(path, "/otherwise") == "/otherwise"
    assert local_path("/ok?x=//y", "/otherwise") == "/ok?x=//y"
