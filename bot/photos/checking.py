"""Checks a photo in a process of its own: the only way in from other rooms.

Whatever the file does to a decoder happens in a child (`child.py`) that is bounded in memory, in
processor time and in what it may open, and that dies without harm. At most two run at once.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from bot.photos.limits import MAX_BYTES
from bot.photos.report import Box, PhotoProblem, PhotoReport, refused

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-E", "-s", "-B", "-m", "bot.photos.child")
AT_ONCE = 2
MAX_SECONDS = 20.0  # on the clock; processor time is bounded in the child
MAX_ANSWER = 16 * 1024 * 1024

_children = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="photo")


class Ended(NamedTuple):
    """What a child wrote, and its exit status (negative: the signal that killed it)."""

    answer: bytes
    status: int


async def check_photo(raw: bytes, crop: Box | None = None) -> PhotoReport:
    """Check a file that came from outside, or the part `crop` of its upright picture.

    Never raises on account of the file: one that harms or holds up the child gives a report with
    the problem `unreadable`.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_children, check_photo_now, raw, crop)


def check_photo_now(raw: bytes, crop: Box | None = None) -> PhotoReport:
    """The same, in this thread."""
    if crop is not None and not crop.fits():
        raise ValueError("the crop does not lie inside the picture")
    if len(raw) > MAX_BYTES:
        return refused("too_heavy", megabytes=-(-len(raw) // 2**20))
    try:
        return _read(_run_child(raw, crop))
    except (ValueError, KeyError, TypeError):  # not what our child would say: it is taken over
        return refused("unreadable")


def _run_child(raw: bytes, crop: Box | None = None) -> Ended:
    """Let a child check the file, and wait for its end.

    The child reads everything before it writes, so one after the other cannot block both.
    """
    child = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin and child.stdout
    too_long = threading.Timer(MAX_SECONDS, child.kill)
    too_long.start()
    try:
        with suppress(BrokenPipeError), child.stdin as pipe:
            pipe.write(json.dumps(crop).encode() + b"\n" + raw)
        with child.stdout as pipe:
            answer = pipe.read(MAX_ANSWER)
        return Ended(answer, child.wait())
    finally:
        too_long.cancel()


def _read(ended: Ended) -> PhotoReport:
    """The report out of a child's answer: a line of JSON, then the picture."""
    if ended.status != 0:
        return refused("unreadable")
    head, _, picture = ended.answer.partition(b"\n")
    found: dict[str, Any] = json.loads(head)
    return PhotoReport(
        problems=_problems(found["problems"]),
        warnings=_problems(found["warnings"]),
        picture=picture or None,
        width=found["width"],
        height=found["height"],
        face=found["face"] and Box(*found["face"]),
        frame=found["frame"] and Box(*found["frame"]),
        not_white=tuple(Box(*box) for box in found["not_white"]),
        memory=found["memory"],
    )


def _problems(found: list[Any]) -> tuple[PhotoProblem, ...]:
    return tuple(PhotoProblem(kind, values) for kind, values in found)
