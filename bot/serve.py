"""Runs the service: front, engine and sender as processes of their own, restarted when they die.

The front is first, so that people can write while the engine still loads; what they write waits in
the inbox.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

import structlog

PARTS = ("front", "sender", "engine")
# A part that dies at once is not restarted in a tight loop.
PAUSE_SECONDS = 1.0
STOP_SECONDS = 10.0

log = structlog.get_logger()


class Supervisor:
    """Keeps the given parts running until SIGTERM or SIGINT."""

    def __init__(self, parts: Sequence[str] = PARTS) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._parts = parts
        self._stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for part in self._parts:
            self._start(part)
        while not self._stopping:
            time.sleep(0.2)
            self._restart_dead()
        self._end_all()

    def _start(self, part: str) -> None:
        # A session of its own: Ctrl-C in the terminal reaches us only, and we end them in order.
        command = [sys.executable, "-m", "bot", "part", part]
        self._running[part] = subprocess.Popen(command, start_new_session=True)

    def _restart_dead(self) -> None:
        for part, process in list(self._running.items()):
            if process.poll() is not None and not self._stopping:
                log.error("part.died", part=part, status=process.returncode)
                time.sleep(PAUSE_SECONDS)
                self._start(part)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _end_all(self) -> None:
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
