"""Reading the event stream as a page does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx


class Events:
    """An open stream; `next()` waits for the next event, (id, name, data)."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next(self) -> tuple[str, str, Any] | None:
        """The next event; None when the stream has ended."""
        number, name = "", "message"
        for line in self._lines:
            key, _, value = line.partition(": ")
            if key == "id":
                number = value
            elif key == "event":
                name = value
            elif key == "data":
                return number, name, json.loads(value)
        return None

    def line(self) -> dict[str, Any] | None:
        """The next line of the conversation."""
        while event := self.next():
            if event[1] == "message":
                return event[2]
        return None

    def state(self, **wanted: bool) -> dict[str, bool]:
        """The next state in which all of `wanted` holds."""
        while event := self.next():
            if event[1] == "state" and all(event[2][k] == v for k, v in wanted.items()):
                return event[2]
        raise AssertionError(f"the stream ended before {wanted}")


@contextmanager
def stream(client: httpx.Client, cursor: int = 0, **headers: str) -> Iterator[Events]:
    accept = {"Accept": "text/event-stream", **headers}
    url = f"/api/chat/events?cursor={cursor}"
    with client.stream("GET", url, headers=accept) as response:
        yield Events(response)
