"""The whole service with the demo in it, started once for every conversation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from bot.cases.demo import load_demo
from bot.cases.generating import demo_people
from bot.opening import open_database
from tests.conftest import make_settings
from tests.support.processes import Service, free_port


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("service")
    port = free_port()
    settings = make_settings(
        home,
        f"sqlite:///{home / 'passage.db'}",
        port=port,
        public_url=f"http://localhost:{port}",
        proxies=1,
    )
    database = open_database(settings)
    database.migrate()
    load_demo(database)
    database.close()
    running = Service(settings, home)
    running.start("front", "engine", "sender")
    try:
        running.wait_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def people() -> dict[str, dict[str, Any]]:
    """The people of the demo by their own first given name, without accents."""
    found: dict[str, dict[str, Any]] = {}
    for person in demo_people():
        name = unicodedata.normalize("NFKD", person["name"].split()[0].lower())
        entry = {**person, "number": person["application_number"]}
        found.setdefault(name.encode("ascii", "ignore").decode(), entry)
    return found
