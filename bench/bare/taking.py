"""The floor of taking a place: a bare route that locks, counts and inserts. No sign-in, no queue, no mail."""

from datetime import UTC, datetime

from flask import Flask, request
from sqlalchemy import Engine, MetaData, Table, event, func, insert, select

from bench.bare.application import db


def add_taking(app: Flask, engine: Engine) -> None:
    """POST /bare/<offering>: a place for the person in the header, confirmed while there is room."""
    metadata = MetaData()
    metadata.reflect(engine, only=("offerings", "places"))
    offerings, places = metadata.tables["offerings"], metadata.tables["places"]
    if engine.dialect.name == "sqlite":
        _lock_at_the_beginning(engine)
    app.add_url_rule(
        "/bare/<int:number>", "take", lambda number: _take(offerings, places, number), methods=["POST"]
    )


def _take(offerings: Table, places: Table, number: int) -> tuple[str, int]:
    its_row = select(offerings.c.capacity_online, offerings.c.learning_session_id)
    offering = db.execute(its_row.where(offerings.c.id == number).with_for_update()).one()
    confirmed = (places.c.offering_id == number) & (places.c.status == "confirmed")
    taken = db.scalar(select(func.count()).select_from(places).where(confirmed)) or 0
    status = "confirmed" if taken < offering.capacity_online else "waiting"
    now = datetime.now(UTC)
    db.execute(
        insert(places).values(
            participant_id=int(request.headers["X-Person"]),
            offering_id=number,
            learning_session_id=offering.learning_session_id,
            way="online",
            status=status,
            queue_number=taken + 1,
            requested_at=now,
            confirmed_at=now if status == "confirmed" else None,
            updated_at=now,
            sequence=0,
        )
    )
    db.commit()
    return status, 201


def _lock_at_the_beginning(engine: Engine) -> None:
    """SQLite: read and write under one lock, as one must; waiting for it is left to its own timeout."""

    @event.listens_for(engine, "connect")
    def _plain(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 60000")
        connection.execute("PRAGMA synchronous = normal")  # as ours: what is lost in a power cut is the same

    @event.listens_for(engine, "begin")
    def _immediate(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE")
