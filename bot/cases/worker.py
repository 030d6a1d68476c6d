"""The reading half of an import in a process of its own: one core reads, the other one writes.

`python -m bot.cases.worker FILE POSITION LINES` writes pickled batches to its standard output and
None at the end. The pipe holds about one batch, so it is never more than two ahead.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.cases.errors import CannotImport
from bot.cases.source import Batch, Source, read_batches

# Below this a second process costs more than it saves.
SMALL_BYTES = 4_000_000
# Records are many small objects without cycles; looking for cycles at the usual rate (every 700
# objects) takes as long as all the rest.
RARELY = 100_000
PIPE_BYTES = 1 << 20  # what Linux gives without asking the administrator
_ROOT = Path(__file__).parents[2]


@contextmanager
def open_batches(source: Source, position: int, lines: int) -> Iterator[Iterator[Batch]]:
    """The batches from `position` on, read here when few, else by a worker process.

    Raises:
        CannotImport: the worker ended too early.
    """
    if source.size - position < SMALL_BYTES:
        yield read_batches(source.path, position, lines)
        return
    with _worker(source.path, position, lines) as process:
        yield _received(process)


@contextmanager
def _worker(path: Path, position: int, lines: int) -> Iterator[subprocess.Popen[bytes]]:
    search = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cases.worker", str(path.resolve()), str(position), str(lines)],
        stdout=subprocess.PIPE,
        pipesize=PIPE_BYTES,
        env={**os.environ, "PYTHONPATH": search},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _received(process: subprocess.Popen[bytes]) -> Iterator[Batch]:
    assert process.stdout is not None
    while True:
        try:
            batch = pickle.load(process.stdout)
        except (EOFError, pickle.UnpicklingError):
            raise CannotImport("worker_ended", status=process.wait()) from None
        if batch is None:
            return
        yield batch


def main() -> None:
    # Ctrl-C reaches both processes; the writing one decides, and this one ends with its pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    gc.set_threshold(RARELY)
    path, position, lines = sys.argv[1:]
    for batch in read_batches(Path(path), int(position), int(lines)):
        pickle.dump(batch, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()
    pickle.dump(None, sys.stdout.buffer)


if __name__ == "__main__":
    main()
