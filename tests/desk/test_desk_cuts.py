"""Both lines are cut again and again, the agent's and the applicant's: the same cursor on both
sides loses nothing and doubles nothing."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.agents.demo import load_demo_agents
from bot.handoff import request
from bot.settings import Settings
from bot.store import Conversation, Database, Line
from tests.browser.chat import Chat
from tests.browser.proxy import Proxy
from tests.connectors.serving import StandIn, running_desk, running_front
from tests.desk.test_desk_browser import Desk

pytestmark = pytest.mark.browser

# How often each of the two lines is cut; `make prove` asks for 100.
CUTS = int(os.environ.get("PASSAGE_CUTS", "8"))
NUMBERS = "all => all.map((line) => Number(line.dataset.number))"


@pytest.fixture
def lines_to_cut(settings: Settings, database: Database) -> Iterator[tuple[Proxy, Proxy]]:
    """The applicant's way to the front, and the agent's to the desk."""
    page, desk = Proxy(), Proxy()
    load_demo_agents(database)
    with (
        running_front(settings, database, shown=page.url) as front,
        running_desk(front.settings, database, desk_url=desk.url) as served,
    ):
        page.target = front.app.ctx.front.settings.port
        desk.target = served.settings.desk_port
        yield page, desk
        page.close()
        desk.close()


def stored(database: Database) -> tuple[list[int], list[str]]:
    """The numbers of all lines, and what was said by the two people in order."""
    with database.read() as session:
        rows = session.execute(select(Line).order_by(Line.number)).scalars().all()
        said = [row.body["text"] for row in rows if row.author in ("user", "agent")]
        return [row.number for row in rows], said


def test_cuts_of_both_lines_lose_nothing_and_double_nothing(
    lines_to_cut: tuple[Proxy, Proxy],
    database: Database,
    assistant: StandIn,
    new_page: Callable[..., Page],
) -> None:
    page, desk = lines_to_cut
    chat = Chat(new_page(), page.url).open("en")
    with database.write() as session:
        request(session, session.scalar(select(Conversation.id)), "asked")
    agent = Desk(new_page(), desk.url, "en").sign_in("ada")
    agent.take_next()
    dice = random.Random(6)
    for number in range(CUTS):
        chat.say(f"user {number}")
        agent.page.locator("#answer").fill(f"agent {number}")
        agent.page.locator("#answer").press("Enter")
        first, second = (page, desk) if dice.random() < 0.5 else (desk, page)
        chat.page.wait_for_timeout(dice.randrange(150))
        first.cut()
        chat.page.wait_for_timeout(dice.randrange(150))
        second.cut()
    for shown in (chat.page, agent.page):
        for who in ("user", "agent"):
            lines = shown.locator(f".log__lines .line--{who}")
            expect(lines).to_have_count(CUTS, timeout=60_000)
    numbers, said = stored(database)
    assert sorted(said) == sorted(f"{who} {n}" for who in ("user", "agent") for n in range(CUTS))
    for shown in (chat.page, agent.page):
        assert shown.locator(".log__lines .line").evaluate_all(NUMBERS) == numbers
    assert (page.cuts, desk.cuts) == (CUTS, CUTS)
