"""A person at the page, without a browser: talks to the chat's API and reads the lines."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE_SECONDS = 30


class Applicant:
    """One conversation. `lines` holds everything seen so far, in order."""

    def __init__(self, url: str, language: str) -> None:
        self.language = language
        self.lines: list[dict[str, Any]] = []
        # Each person from an address of their own: the service runs with one trusted proxy.
        address = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
        headers = {"Origin": url, "X-Forwarded-For": address}
        self._client = httpx.Client(base_url=url, timeout=30, headers=headers)
        self._seen = 0  # lines up to here were looked at by `expect`
        opened = self._client.post("/api/chat/conversations", json={"language": language})
        opened.raise_for_status()

    def close(self) -> None:
        self._client.close()

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self._client.post(f"/api/chat/{path}", json=body)

    def type(self, text: str) -> None:
        """Send a message."""
        answer = self.post("messages", {"client_id": uuid.uuid4().hex, "text": text})
        assert answer.status_code == 202, answer.text

    def choose(self, label: str) -> None:
        """Press the newest button with this label."""
        choices = [c for line in self.lines for c in line.get("choices", [])]
        found = [c["id"] for c in choices if c["label"] == label]
        assert found, f"no button {label!r} among {[c['label'] for c in choices]}"
        answer = self.post("messages", {"client_id": uuid.uuid4().hex, "choice": found[-1]})
        assert answer.status_code == 202, answer.text

    def identify(self, details: dict[str, str]) -> httpx.Response:
        return self.post("identify", details)

    def send_photo(self, photo: bytes, member: str) -> httpx.Response:
        kind = {"Content-Type": "image/jpeg"}
        url = f"/api/chat/photo?member={member}"
        return self._client.post(url, content=photo, headers=kind)

    def send_form(self, path: str, files: dict[str, Any], **fields: str) -> httpx.Response:
        """As the page without scripts sends a form with a file."""
        return self._client.post(path, data=fields, files=files)

    def code(self, code: str) -> httpx.Response:
        return self.post("code", {"code": code})

    def next_bot_line(self) -> dict[str, Any]:
        """The next line that is not the person's own."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for index in range(self._seen, len(self.lines)):
                if self.lines[index]["author"] != "user":
                    self._seen = index + 1
                    return self.lines[index]
            self._seen = len(self.lines)
            self._fetch(wait=10)
        raise TimeoutError(f"no answer; so far {[line['text'] for line in self.lines]}")

    def all_lines_when(
        self, enough: Callable[[list[dict[str, Any]]], bool], seconds: float
    ) -> list[dict[str, Any]]:
        """Every line of the conversation once `enough(lines)`, or what there is after `seconds`."""
        deadline = time.monotonic() + seconds
        while not enough(self.lines) and time.monotonic() < deadline:
            try:
                self._fetch(wait=5)
            except httpx.TransportError:
                time.sleep(0.2)
        return self.lines

    def wait_until_ended(self) -> None:
        """Until the session is refused."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self._client.get("/api/chat/events", params={"cursor": 0, "wait": 0})
            if answer.status_code == 401:
                return
            time.sleep(0.1)
        raise TimeoutError("the session goes on")

    def _fetch(self, wait: int) -> None:
        cursor = self.lines[-1]["number"] if self.lines else 0
        answer = self._client.get("/api/chat/events", params={"cursor": cursor, "wait": wait})
        answer.raise_for_status()
        self.lines += answer.json()["lines"]


CODE = re.compile(r"\b\d{4} \d{4}\b")


def mailed_codes(url: str, to: str) -> list[str]:
    """The codes in the demo's mailbox for `to`, oldest first; other mail holds none."""
    mails = [m["text"] for m in httpx.get(f"{url}/demo/outbox.json").json() if m["to"] == to]
    return [found.group() for text in mails if (found := CODE.search(text))]


def mailed_code(url: str, to: str, after: int = 0) -> str:
    """The newest of them, waiting until there are more than `after`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        codes = mailed_codes(url, to)
        if len(codes) > after:
            return codes[-1]
        time.sleep(0.1)
    raise TimeoutError(f"no e-mail to {to}")
