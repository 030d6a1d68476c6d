"""A service of its own on a fresh state folder, for the benches."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.agents.demo import load_demo_agents
from bot.cases.demo import load_demo
from bot.opening import open_database
from bot.settings import Settings
from tests.conftest import make_settings
from tests.support.processes import Service, free_port


@contextmanager
def fresh_service() -> Iterator[Service]:
    """Front, engine and sender not yet started; the database holds the demo."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = bench_settings(home)
        database = open_database(settings)
        database.migrate()
        load_demo(database)
        load_demo_agents(database)
        database.close()
        service = Service(settings, home)
        try:
            yield service
        finally:
            service.stop()


def bench_settings(home: Path) -> Settings:
    port, desk = free_port(), free_port()
    return make_settings(
        home,
        f"sqlite:///{home / 'passage.db'}",
        port=port,
        public_url=f"http://localhost:{port}",
        desk_port=desk,
        desk_url=f"http://localhost:{desk}",
        proxies=1,
    )
