"""What tests of places find ready."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from app.config import Settings


@pytest.fixture
def racing(real_database: Engine, settings: Settings) -> Settings:
    """The settings of an application on a database of the test's own, for real processes."""
    return replace(settings, database_url=real_database.url.render_as_string(hide_password=False))
