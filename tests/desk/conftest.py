"""A desk beside a front, on one database, with the demo's agents at their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from bot.agents.demo import load_demo_agents
from bot.store import Database
from tests.browser.conftest import assistant, chromium, new_page  # noqa: F401
from tests.connectors.conftest import client, database, front, settings  # noqa: F401
from tests.connectors.serving import Front, running_desk
from tests.desk.staff import sign_in

NewAgent = Callable[[str], httpx.Client]


@pytest.fixture
def desk(front: Front, database: Database) -> Iterator[Front]:  # noqa: F811
    load_demo_agents(database)
    with running_desk(front.settings, database) as found:
        yield found


@pytest.fixture
def agent(desk: Front) -> Iterator[NewAgent]:
    """Signs agents in, each with a browser of their own."""
    browsers: list[httpx.Client] = []

    def signed_in(login: str) -> httpx.Client:
        browser = httpx.Client(base_url=desk.url, headers={"Origin": desk.url}, timeout=30)
        browsers.append(browser)
        sign_in(browser, login)
        return browser

    yield signed_in
    for browser in browsers:
        browser.close()
