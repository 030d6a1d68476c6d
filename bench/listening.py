"""A trained model in a process of its own, as the service has it, that is asked lines and says what
each cost. Two models in one process would pay for each other's threads."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from bot.logs import configure_logs
from tests.understanding.lines import DevLine, Heard, ask

_SPAWN = multiprocessing.get_context("spawn")


class Listener:
    """Loads the model on entering, ends its process on leaving; `in_order` as in the service."""

    def __init__(self, model: Path, in_order: bool) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_listen, args=(model, in_order, theirs), daemon=True)

    def __enter__(self) -> Listener:
        # As in the service (bot/engine/process.py); NumPy reads it when the new process loads it.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self._process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._pipe.send(None)
        self._process.join()

    def ask(self, lines: Sequence[DevLine]) -> list[Heard]:
        """What it says to each; `seconds` is the CPU time of its whole process for a line."""
        self._pipe.send(list(lines))
        said: list[Heard] = self._pipe.recv()
        return said


def _listen(model: Path, in_order: bool, pipe: Connection) -> None:
    # As in the service; without it Rasa's debug line of each message is drawn and printed.
    configure_logs("bench")
    from bot.engine.reading_only import load_to_read

    agent = load_to_read(model, in_order)
    # One loop run for all lines: beginning one costs as much as half a message.
    loop = asyncio.new_event_loop()
    while lines := pipe.recv():
        pipe.send(loop.run_until_complete(ask(agent, lines)))
