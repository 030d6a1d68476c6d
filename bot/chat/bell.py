"""A bell between processes of one machine: "there is something new in the database".

It only shortens waiting; the truth is in the database and everyone looks there from time to time
anyway, so a lost ring costs a moment and never a message.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path


class Bell:
    """A Unix datagram socket in the state folder. One process listens, any process rings."""

    def __init__(self, home: Path, name: str) -> None:
        self._path = home / f"{name}.bell"
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake the listener, if there is one."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            with contextlib.suppress(OSError):
                sender.sendto(b"!", str(self._path))

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to listen in this process."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(str(self._path))
        listener.setblocking(False)
        loop.add_reader(listener.fileno(), self._heard, listener)

    def _heard(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while listener.recv(1):
                pass
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, at most `seconds`."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        self._event.clear()
