"""The floors of a calendar feed: one indexed lookup; hand-written strings; the icalendar package, afresh.

All three from the same rows that a feed is made of. The strings are joined without folding or care.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort
from icalendar import Calendar, Event, vCalAddress
from sqlalchemy import Engine, MetaData, Select, select

from bench.bare.application import db

TABLES = ("feeds", "participants", "places", "offerings", "learning_sessions", "journeys")


def add_calendars(app: Flask, engine: Engine) -> None:
    """GET /bare/lookup/…, /bare/strings/…, /bare/icalendar/…, each with the hash of a feed's token."""
    metadata = MetaData()
    metadata.reflect(engine, only=TABLES)
    feeds = metadata.tables["feeds"]
    by_hash, events = select(feeds.c.id, feeds.c.user_id), _events(metadata)

    def lookup(token: str) -> Response:
        found = db.execute(by_hash.where(feeds.c.token_hash == token)).first()
        return Response(status=304) if found else abort(404)

    def rows(token: str) -> Iterable[Any]:
        return db.execute(events.where(feeds.c.token_hash == token)).all()

    app.add_url_rule("/bare/lookup/<token>", "lookup", lookup)
    app.add_url_rule("/bare/strings/<token>", "strings", lambda token: _answer(_joined(rows(token))))
    app.add_url_rule("/bare/icalendar/<token>", "icalendar", lambda token: _answer(_built(rows(token))))


def _events(metadata: MetaData) -> Select[*tuple[Any, ...]]:
    feeds, people, places, offerings, sittings, journeys = (metadata.tables[name] for name in TABLES)
    return (
        select(
            offerings.c.uid, offerings.c.status, offerings.c.timezone, offerings.c.starts_wall,
            offerings.c.starts_at, offerings.c.ends_at, offerings.c.join_url, offerings.c.join_from_minutes,
            offerings.c.sequence, offerings.c.created_at, offerings.c.updated_at, sittings.c.title,
            sittings.c.summary, sittings.c.slug, journeys.c.title.label("journey"),
            journeys.c.slug.label("journey_slug"), people.c.timezone.label("zone"),
            places.c.status.label("standing"), places.c.way, places.c.sequence.label("raised"),
            places.c.updated_at.label("moved_at"),
        )
        .join_from(feeds, people, people.c.user_id == feeds.c.user_id)
        .join(places, places.c.participant_id == people.c.id)
        .join(offerings, offerings.c.id == places.c.offering_id)
        .join(sittings, sittings.c.id == offerings.c.learning_session_id)
        .join(journeys, journeys.c.id == sittings.c.journey_id)
        .order_by(offerings.c.id)
    )  # fmt: skip


def _answer(body: str | bytes) -> Response:
    return Response(body, content_type="text/calendar; charset=utf-8")


def _joined(rows: Iterable[Any]) -> str:
    events = "".join(_string(row) for row in rows)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bare//EN\r\n{events}END:VCALENDAR\r\n"


def _string(row: Any) -> str:
    changed = f"{max(row.updated_at, row.moved_at):%Y%m%dT%H%M%SZ}"
    return (
        "BEGIN:VEVENT\r\n"
        f"UID:{row.uid}\r\nDTSTAMP:{changed}\r\nLAST-MODIFIED:{changed}\r\n"
        f"CREATED:{row.created_at:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:{row.sequence + row.raised}\r\n"
        f"DTSTART:{row.starts_at:%Y%m%dT%H%M%SZ}\r\nDTEND:{row.ends_at:%Y%m%dT%H%M%SZ}\r\n"
        f"SUMMARY:{_escaped(row.title)}\r\nSTATUS:CONFIRMED\r\nURL:{_page(row)}\r\n"
        f"DESCRIPTION:{_escaped(_description(row))}\r\nLOCATION:Online\r\n"
        f"CATEGORIES:{_escaped(row.journey)}\r\n"
        f'ORGANIZER;CN="{row.journey}":mailto:meridian@example.org\r\n'
        "END:VEVENT\r\n"
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _page(row: Any) -> str:
    return f"https://learn.example.org/journeys/{row.journey_slug}/sessions/{row.slug}/"


def _description(row: Any) -> str:
    """As long as a feed's: both wall times, the summary, how to join, where to look."""
    own = row.starts_at.replace(tzinfo=UTC).astimezone(ZoneInfo(row.zone))
    ends = own + (row.ends_at - row.starts_at)
    wall_ends: datetime = row.starts_wall + timedelta(hours=1)
    return (
        f"You hold a place: {row.way}.\n\n"
        f"Your time: {own:%A %d %B %Y, %H:%M}–{ends:%H:%M} ({row.zone})\n"
        f"The session’s own time: {row.starts_wall:%A %d %B %Y, %H:%M}–{wall_ends:%H:%M} ({row.timezone})\n\n"
        f"{row.summary}\n\nThe join link is on the session page from {row.join_from_minutes} minutes.\n\n"
        f"Session page: {_page(row)}\n\nJourney: {row.journey}"
    )


def _built(rows: Iterable[Any]) -> bytes:
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Bare//EN")
    for row in rows:
        made.add_component(_event(row))
    body: bytes = made.to_ical()
    return body


def _event(row: Any) -> Event:
    made, changed = Event(), max(row.updated_at, row.moved_at).replace(tzinfo=UTC)
    made.add("uid", row.uid)
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("created", row.created_at.replace(tzinfo=UTC))
    made.add("sequence", row.sequence + row.raised)
    made.add("dtstart", row.starts_at.replace(tzinfo=UTC))
    made.add("dtend", row.ends_at.replace(tzinfo=UTC))
    made.add("summary", row.title)
    made.add("status", "CONFIRMED")
    made.add("url", _page(row))
    made.add("description", _description(row))
    made.add("location", "Online")
    made.add("categories", [row.journey])
    organiser = vCalAddress("mailto:meridian@example.org")
    organiser.params["CN"] = row.journey
    made.add("organizer", organiser)
    return made
