"""Agents' browsers that are killed while they talk with somebody: each conversation waits again
within the lease, and the applicant is told once (knowledge: security, F21)."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from bench.running import fresh_service
from bot.chat.conversations import open_conversation
from bot.handoff import request
from bot.handoff.rules import rules
from bot.opening import open_database
from bot.store import Database, Handoff, Line
from bot.texts import say
from bot.upkeep import HANDOFF_SECONDS
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.campaigns.outcome import Outcome
from tests.desk.staff import sign_in_page

KILLED = ("ada", "chantal", "dev")
STAYS = "benoit"
# Over the lease: until the clock ticks next, and until the machine lets it.
SLACK = 2 * HANDOFF_SECONDS + 3


def lost_conversations_wait_again(seed: int) -> Outcome:
    """Three browsers are killed, a fourth goes on."""
    outcome = Outcome("agents' browsers killed", seed, {"killed": len(KILLED)})
    with fresh_service() as service:
        service.start("front", "sender", "desk")
        service.wait_up()
        service.wait_desk()
        database = open_database(service.settings)
        try:
            _kill(database, service.settings.desk_url, outcome)
        finally:
            database.close()
    return outcome


def _kill(database: Database, url: str, outcome: Outcome) -> None:
    logins = (*KILLED, STAYS)
    with database.write() as session:
        for _ in logins:
            request(session, open_conversation(session, "web", "en"), "asked")
    with sync_playwright() as playwright, _browsers(len(logins)) as browsers:
        taken = {
            login: _take(browser.page(playwright), url, login)
            for login, browser in zip(logins, browsers, strict=True)
        }
        for browser in browsers[: len(KILLED)]:
            browser.kill()
        killed_at = time.monotonic()
        waits = _back(database, [taken[login] for login in KILLED], killed_at)
        kept = _state(database, taken[STAYS])
    limit = rules().lease.total_seconds() + SLACK
    if waits:
        outcome.figures |= {"seconds until back, from": round(min(waits)), "to": round(max(waits))}
    late = [wait for wait in waits if wait > limit]
    if late or len(waits) != len(KILLED):
        outcome.failures.append(f"{len(waits)} came back, {len(late)} after over {limit:.0f} s")
    if kept != "active":
        outcome.failures.append(f"the conversation of who stayed is {kept}")
    told = [_told(database, taken[login]) for login in KILLED]
    if told != [1] * len(KILLED):
        outcome.failures.append(f"applicants were told {told} times")


def _take(page: Page, url: str, login: str) -> int:
    """The agent signs in and takes the next conversation; the number of its hand-off."""
    sign_in_page(page, url, login)
    page.locator("desk-queue tbody tr").first.wait_for()
    page.keyboard.press("x")
    page.wait_for_url("**/c/*")
    page.locator("#answer").wait_for()
    return int(page.url.rsplit("/", 1)[1])


def _back(database: Database, taken: list[int], since: float) -> list[float]:
    """Seconds until each of them waits again; those that never did are not among them."""
    waits: dict[int, float] = {}
    end = since + rules().lease.total_seconds() + 60
    while len(waits) < len(taken) and time.monotonic() < end:
        for number in taken:
            if number not in waits and _state(database, number) == "queued":
                waits[number] = time.monotonic() - since
        time.sleep(0.5)
    return list(waits.values())


def _state(database: Database, number: int) -> str:
    with database.read() as session:
        return str(session.scalar(select(Handoff.state).where(Handoff.id == number)))


def _told(database: Database, number: int) -> int:
    """How often the applicant was told that the agent is gone."""
    with database.read() as session:
        here = session.scalar(select(Handoff.conversation_id).where(Handoff.id == number))
        lines = session.scalars(select(Line).where(Line.conversation_id == here)).all()
    return sum(line.body.get("text") == say("en", "handoff.lost") for line in lines)


class _Browser:
    """A Chromium of its own, that can be killed as the system or a power cut would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        own = [f"--user-data-dir={folder}", "--remote-debugging-port=0", "--headless=new"]
        self._process = subprocess.Popen(
            [str(CHROMIUM), *ARGUMENTS, *own, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def page(self, playwright: Any) -> Page:
        port = self._folder / "DevToolsActivePort"
        for _ in range(300):
            if port.exists() and port.read_text().strip():
                break
            time.sleep(0.1)
        number = port.read_text().splitlines()[0]
        browser = playwright.chromium.connect_over_cdp(f"http://localhost:{number}")
        return browser.contexts[0].new_page()

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def _browsers(count: int) -> Iterator[list[_Browser]]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = [_Browser(Path(folder) / str(number)) for number in range(count)]
        try:
            yield found
        finally:
            for each in found:
                each.kill()
