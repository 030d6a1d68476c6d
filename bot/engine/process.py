"""The engine's process: starts lean, checks the model, answers until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import warnings

import structlog
from sqlalchemy import delete

from bot.engine import lean
from bot.logs import configure_logs
from bot.model import check_model
from bot.opening import open_database
from bot.settings import Settings
from bot.store import Database, Heartbeat

log = structlog.get_logger()


def run_engine(settings: Settings) -> None:
    """Serve turns until SIGTERM or SIGINT."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    configure_logs("engine")
    warnings.simplefilter("ignore")  # of Rasa and its libraries; ours fail the tests
    model = check_model(settings.model_dir)
    database = open_database(settings)
    lean.install()
    # After the stand-ins are in place: these import rasa.
    from bot.engine.agent import Engine
    from bot.engine.worker import Worker

    configure_logs("engine")  # importing rasa sets up logging its own way
    worker = Worker(settings, database, Engine(model, database))
    log.info("engine.ready")
    try:
        asyncio.run(_serve(worker))
    finally:
        _say_not_ready(database)
        database.close()


def _say_not_ready(database: Database) -> None:
    """An engine that is gone must not look ready by its last beat."""
    with database.write() as session:
        session.execute(delete(Heartbeat).where(Heartbeat.process == os.getpid()))


async def _serve(worker: object) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)  # type: ignore[attr-defined]
    await worker.run()  # type: ignore[attr-defined]
