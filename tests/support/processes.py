"""The service's real processes, started on a database and a port of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from bot.model import ROOT
from bot.opening import open_database
from bot.settings import Settings
from bot.store import Database, Heartbeat

START_SECONDS = 90


class Service:
    """Front, engine and sender as `python -m bot serve` runs them, one by one to start and kill."""

    command: tuple[str, ...] = (sys.executable, "-m", "bot.part")

    def __init__(self, settings: Settings, logs: Path, **environ: str) -> None:
        """`environ`: more settings of the processes, beside those of `settings`."""
        self.settings = settings
        self._environ = environ
        self.url = settings.public_url
        self._logs = logs
        self._parts: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *parts: str) -> None:
        """Start parts without waiting for them."""
        for part in parts:
            with (self._logs / f"{part}.log").open("ab") as log:
                self._parts[part] = subprocess.Popen(
                    [*self.command, part],
                    cwd=ROOT,
                    env={**environment(self.settings), **self._environ},
                    stdout=log,
                    stderr=log,
                )

    def wait_ready(self) -> None:
        """Until /readyz says that the engine understands."""
        self._wait("/readyz")

    def wait_up(self) -> None:
        self._wait("/healthz")

    def wait_desk(self) -> None:
        self._until(lambda: _answers(f"{self.settings.desk_url}/healthz"), "the desk did not start")

    def wait_beat(self) -> None:
        """Until the engine that was started last has beaten, whatever the front does."""
        database = open_database(self.settings)
        try:
            self._until(lambda: _beats(database, self.pid("engine")), "the engine did not beat")
        finally:
            database.close()

    def kill(self, part: str) -> None:
        """kill -9, as a crash would."""
        process = self._parts.pop(part)
        process.kill()
        process.wait()

    def engine_process(self) -> int:
        """The process id of whichever engine has beaten last."""
        database = open_database(self.settings)
        with database.read() as session:
            beat = session.get(Heartbeat, "engine")
        database.close()
        assert beat is not None
        return int(beat.process)

    def pid(self, part: str) -> int:
        return self._parts[part].pid

    def stop(self) -> None:
        for process in self._parts.values():
            process.terminate()
        for process in self._parts.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        self._parts.clear()

    def _wait(self, path: str) -> None:
        self._until(lambda: _answers(self.url + path), f"{path} did not answer 200")

    def _until(self, done: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            for part, process in self._parts.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{part} ended: {self.log(part)[-2000:]}")
            if done():
                return
            time.sleep(0.1)
        raise TimeoutError(f"{otherwise}: {self.log('engine')[-2000:]}")

    def log(self, part: str) -> str:
        path = self._logs / f"{part}.log"
        return path.read_text() if path.exists() else ""


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _beats(database: Database, process: int) -> bool:
    with database.read() as session:
        beat = session.get(Heartbeat, "engine")
        return beat is not None and beat.process == process


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PASSAGE_")}
    return {
        **kept,
        "PASSAGE_HOME": str(settings.home),
        "PASSAGE_DATABASE_URL": settings.database_url,
        "PASSAGE_PORT": str(settings.port),
        "PASSAGE_PUBLIC_URL": settings.public_url,
        "PASSAGE_DESK_PORT": str(settings.desk_port),
        "PASSAGE_DESK_URL": settings.desk_url,
        "PASSAGE_SECRET_KEY": settings.secret_key,
        "PASSAGE_SECRET_KEY_PREVIOUS": settings.previous_secret_key,
        "PASSAGE_PROXIES": str(settings.proxies),
        "PASSAGE_DEMO": "1" if settings.demo else "",
        "PASSAGE_MODELS": str(ROOT / "models"),
        "PASSAGE_MAIL_AT_ONCE": str(settings.mail_at_once),
        "PASSAGE_MAIL_PER_SECOND": str(settings.mail_per_second),
        "PASSAGE_LOG_LEVEL": os.environ.get("PASSAGE_LOG_LEVEL", ""),
        "SMTP_URL": settings.smtp_url,
    }
