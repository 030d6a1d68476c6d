"""Threads of one process take turns, in the order in which they came.

SQLite has one writer at a time and no queue: who waits looks again after 1, 2, 5 ... 100 ms, and
whoever comes just then goes first. Among the threads of a busy front that made a text message wait
for seconds, and some in vain.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """`taken()` waits at most `seconds`; then it goes on without its turn, and SQLite decides."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_free = True

    @contextmanager
    def taken(self) -> Iterator[None]:
        has_turn = self._take()
        try:
            yield
        finally:
            if has_turn:
                self._pass_on()

    def _take(self) -> bool:
        mine = threading.Event()
        with self._lock:
            if self._is_free:
                self._is_free = False
                return True
            self._waiting.append(mine)
        if mine.wait(self._seconds):
            return True
        with self._lock:
            if mine.is_set():  # just now
                return True
            self._waiting.remove(mine)
            return False

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_free = True
