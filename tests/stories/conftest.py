"""The stories, loaded once per engine into a database of their own; each test sees it fresh."""

import pytest

from app.database import bind, db, make_engine, writing
from seeds import load, people
from tests.factories import NOW


@pytest.fixture(scope="session")
def story_engine(app, databases):
    """A database with every story, loaded on the day NOW. No passwords, so that nothing slow is hashed."""
    engine = make_engine(databases.migrated())
    previous = db.session_factory.kw.get("bind")
    bind(engine)
    with writing():
        load.load_people({sign_in.email: "no password" for sign_in in people.SIGN_INS}, NOW)
        for story in load.STORIES.values():
            load.load_story(story, NOW)
    db.remove()
    db.configure(bind=previous)
    yield engine
    engine.dispose()


@pytest.fixture
def everything(story_engine):
    """`db` on the loaded stories; what a test changes is gone after it."""
    previous = db.session_factory.kw.get("bind")
    connection = story_engine.connect()
    outer = connection.begin()
    bind(connection)
    db.configure(join_transaction_mode="create_savepoint")
    yield db
    db.remove()
    outer.rollback()
    connection.close()
    db.configure(bind=previous, join_transaction_mode="conditional_savepoint")
