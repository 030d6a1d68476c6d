"""Runs the service: front, engine, sender and desk as processes, restarted when they die.

The front is first, so that people can write while the engine still loads; what they write waits in
the inbox.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from types import FrameType

from bot.settings import Settings, SettingsError

# A part that dies at once is not restarted in a tight loop.
PAUSE_SECONDS = 1.0
STOP_SECONDS = 10.0
UP_SECONDS = 5.0


def check_ports(settings: Settings) -> None:
    """Refuse to start where another program already listens: each part that cannot would be started
    again for ever, and the other program answer meanwhile.

    Raises:
        SettingsError
    """
    names = {"PASSAGE_PORT": settings.port}
    if settings.desk_url:
        names["PASSAGE_DESK_PORT"] = settings.desk_port
    for name, port in names.items():
        if _listens(settings.host, port):
            raise SettingsError(settings.language, "port_taken", name=name, port=port)


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


class Supervisor:
    """Keeps the started parts running until SIGTERM or SIGINT."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._interrupt)

    def start(self, part: str) -> None:
        # A session of its own: Ctrl-C in the terminal reaches us only, and we end them in order.
        command = [sys.executable, "-m", "bot.part", part]
        self._running[part] = subprocess.Popen(command, start_new_session=True)

    def wait_until_up(self, host: str, port: int) -> None:
        """Until something listens there, so that the front has both cores to start with; at most
        UP_SECONDS, because the rest must start whatever happens to the front."""
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            if _listens(host, port):
                return
            time.sleep(0.05)

    def run(self) -> None:
        """Restart what dies, for ever."""
        while True:
            time.sleep(0.2)
            for part, process in list(self._running.items()):
                if process.poll() is not None:
                    sys.stderr.write(f"{part} ended with status {process.returncode}: restarted\n")
                    time.sleep(PAUSE_SECONDS)
                    self.start(part)

    def stop(self) -> None:
        """End all parts, asking first."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()

    @staticmethod
    def _interrupt(_number: int, _frame: FrameType | None) -> None:
        # Unwinds whatever is going on (training, sleeping) down to the `finally` that stops us.
        raise SystemExit(0)
