"""The real engine and its turn worker in this process, on a database in a folder of its own."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog

from bot.model import ROOT, check_model
from bot.store import Database
from tests.campaigns.outcome import Outcome
from tests.conftest import KEYS, make_settings

Campaign = Callable[[Any, Any, Database], Awaitable[Outcome]]  # engine, worker, their database


def with_engine(campaign: Campaign) -> Outcome:
    """Run `await campaign(engine, worker, database)`."""
    # Rasa would write every step of every turn.
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    lean_rasa()
    from bot.engine.agent import Engine
    from bot.engine.worker import Worker

    with tempfile.TemporaryDirectory(prefix="passage-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'passage.db'}", KEYS)
        database.migrate()
        engine = Engine(check_model(ROOT / "models"), database)
        worker = Worker(make_settings(Path(folder), database.url), database, engine)
        try:
            return asyncio.run(_awaited(campaign, engine, worker, database))
        finally:
            database.close()


def lean_rasa() -> None:
    """Before anything of Rasa is imported; later it would be too late."""
    if "rasa.core.agent" not in sys.modules and "tensorflow" not in sys.modules:
        from bot.engine import lean

        lean.install()


async def _awaited(campaign: Campaign, *parts: Any) -> Outcome:
    return await campaign(*parts)
