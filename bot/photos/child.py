"""The process in which a file from outside is decoded: `python -m bot.photos.child`.

It reads a line of JSON (the crop, or null) and the file, and writes a line of JSON and a new JPEG.
Before it reads a byte it has taken away from itself what it does not need: it can open no file and
no connection, start no process, write nothing to a disk, and use 512 MB and five seconds of
processor time (knowledge: security, T15).
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
LAST_FILE = 3  # input, output and errors are 0 to 2


def main() -> None:
    _bound(resource.RLIMIT_AS, MEMORY)
    _bound(resource.RLIMIT_CPU, CPU_SECONDS)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    own_status = Path("/proc/self/status").open()  # noqa: SIM115 - read at the end
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads would take the memory's bound

    from bot.photos.examining import Examiner

    examiner = Examiner()
    _bound(resource.RLIMIT_NPROC, 0)
    _bound(resource.RLIMIT_NOFILE, LAST_FILE)

    crop = json.loads(sys.stdin.buffer.readline())
    report = examiner.examine(sys.stdin.buffer.read(), crop)
    head = {
        "problems": [[problem.kind, problem.values] for problem in report.problems],
        "warnings": [[warning.kind, warning.values] for warning in report.warnings],
        "width": report.width,
        "height": report.height,
        "face": report.face,
        "frame": report.frame,
        "not_white": report.not_white,
        "memory": _most_memory(own_status.read()),
    }
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + (report.picture or b""))


def _most_memory(status: str) -> int:
    """The most memory that this process held, in bytes. (`ru_maxrss` would not do: it begins with
    what the parent held.)"""
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _bound(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    main()
