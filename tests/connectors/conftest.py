"""A front for each test, on the database the whole suite's conftest gives."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.settings import Settings
from bot.store import Database
from tests.conftest import KEYS, make_settings
from tests.connectors.serving import Front, StandIn, running_front


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """SQLite only: the services below are tested on both databases in their own rooms."""
    shutil.copy(sqlite_template, tmp_path / "test.db")
    found = Database(f"sqlite:///{tmp_path / 'test.db'}", KEYS)
    yield found
    found.close()


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    return make_settings(tmp_path, database.url)


@pytest.fixture
def front(settings: Settings, database: Database) -> Iterator[Front]:
    with running_front(settings, database) as found:
        yield found


@pytest.fixture
def engine(database: Database) -> Iterator[StandIn]:
    with StandIn(database) as found:
        yield found


@pytest.fixture
def client(front: Front) -> Iterator[httpx.Client]:
    """A program with a cookie jar that says where it comes from, as browsers do."""
    with httpx.Client(base_url=front.url, headers={"Origin": front.url}, timeout=30) as found:
        yield found
