"""The demonstration's phone in a browser, and the sender that texts it."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from bot.messages.parts import plain
from bot.messages.sender import Sender
from bot.store import Database
from connectors.demo.phone import PHONES, pretty
from tests.connectors.serving import Front

# As a person types it into the form of the page.
NUMBER = pretty(PHONES[0])


@contextmanager
def sending(front: Front) -> Iterator[None]:
    """The sender's own loop in a thread, with its own connections."""
    own = Database(front.database.url, front.database.keys)
    base = f"http://127.0.0.1:{front.settings.port}/demo/twilio"
    sender = Sender(replace(front.settings, twilio_api_base=base), own)
    thread = threading.Thread(target=lambda: asyncio.run(sender.run()), daemon=True)
    thread.start()
    try:
        yield
    finally:
        sender.stop()
        thread.join(30)
        own.close()


class Simulator:
    """The phone on /demo, with what it was texted and what its owner texts."""

    def __init__(self, page: Page, url: str, language: str, number: str = PHONES[0]) -> None:
        self.page, self.number = page, number
        page.goto(f"{url}/demo?{urlencode({'lang': language, 'phone': number})}")

    @property
    def received(self) -> Locator:
        return self.page.locator(".sms:not(.sms--mine) .sms__text")

    def text(self, words: str) -> None:
        """Type `words` and press Enter, on the keyboard only."""
        self.page.locator("#sms").focus()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def gets(self, count: int, *words: str) -> str:
        """The text number `count` that came, once it has `words`, and no other after it."""
        text = self.received.nth(count - 1)
        for each in words:
            expect(text).to_contain_text(plain(each))
        expect(self.received).to_have_count(count)
        return text.inner_text()

    def asks(self, words: str, *answer: str) -> str:
        """Text `words`; the next text has `answer`."""
        before = self.received.count()
        self.text(words)
        return self.gets(before + 1, *answer)

    def code(self, count: int) -> str:
        """The code in the text number `count`."""
        expect(self.received).to_have_count(count)
        found = re.search(r"\d{4} \d{4}", self.received.nth(count - 1).inner_text())
        assert found
        return found.group()


def picture(page: Page, name: str) -> None:
    """To be looked at, when PASSAGE_PICTURES names a folder."""
    if folder := os.environ.get("PASSAGE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")
