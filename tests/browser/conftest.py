"""Headless Chromium against a front of this process and a stand-in assistant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.store import Database
from tests.browser.chat import Chat
from tests.browser.landing_cards import Landing
from tests.browser.script import reply
from tests.connectors.conftest import database, front, settings  # noqa: F401
from tests.connectors.people import add_zoe
from tests.connectors.serving import Front, StandIn

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE_MS = 30_000  # of an act and of an expectation alike: the machine may be busy
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=PATIENCE_MS)
# Tells the test of everything that the content security policy stopped.
WATCH_POLICY = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium to run the browser tests")
    # Ended with each module: as long as it runs, no asyncio test can in the same process.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def assistant(database: Database) -> Iterator[StandIn]:  # noqa: F811
    add_zoe(database)
    with StandIn(database, reply) as found:
        yield found


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages, each in a fresh browser profile."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = chromium.new_context(**options)
        context.add_init_script(WATCH_POLICY)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def chat(front: Front, assistant: StandIn, new_page: Callable[..., Page]) -> Chat:  # noqa: F811
    """The English chat, greeted."""
    return Chat(new_page(), front.url).open("en")


@pytest.fixture(params=["en", "fr"])
def landing(
    request: pytest.FixtureRequest, front: Front, assistant: StandIn,  # noqa: F811
    database: Database, new_page: Callable[..., Page],  # noqa: F811
) -> Landing:  # fmt: skip
    """A chat for cards of landing, in either language."""
    chat = Chat(new_page(), front.url).open(request.param)
    return Landing(chat, front, database)
