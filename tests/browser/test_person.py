"""The applicant's side of a hand-off on the page: waiting, with an agent, and after."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bot import handoff
from bot.store import Agent, Conversation, Database, Handoff
from bot.texts import say
from tests.bot.handoff.desk import add_agent
from tests.browser.chat import Chat
from tests.browser.simulator import picture
from tests.browser.test_accessibility import SCHEMES, check
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser


@pytest.fixture
def anne(database: Database) -> Agent:
    with database.write() as session:
        agent = add_agent(session, "Anne", role="supervisor")
        handoff.renew(session, agent)
    return agent


def here(database: Database) -> str:
    with database.read() as session:
        return str(session.scalar(select(Conversation.id)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_bar_tells_where_they_stand(
    front: Front, assistant: StandIn, new_page: Any, database: Database, anne: Agent, language: str
) -> None:
    chat = Chat(new_page(), front.url).open(language)
    bar = chat.page.locator(".person")
    expect(bar).to_be_hidden()
    with database.write() as session:
        waiting = handoff.request(session, here(database), "asked")
    expect(bar).to_contain_text(say(language, "page.chat.person.queued", position=1))
    expect(bar).to_contain_text(say(language, "page.chat.person.minute"))
    with database.write() as session:
        handoff.claim(session, waiting.id, anne)
    role = say(language, "page.chat.role.supervisor")
    active = say(language, "page.chat.person.active", name="Anne", role=role)
    expect(bar).to_contain_text(active)
    expect(chat.page.locator(".toolbar__who")).to_have_text(f"Anne, {role}")
    with database.write() as session:
        handoff.agent_types(session, waiting.id, anne)
    expect(bar).to_contain_text(say(language, "page.chat.person.typing", name="Anne"))
    with database.write() as session:
        handoff.speak(session, here(database), "<b>Hi</b>", language, anne)
    expect(chat.page.locator(".line--agent .bubble")).to_have_text("<b>Hi</b>")
    expect(chat.page.locator(".line--agent .line__author bdi")).to_have_text("Anne")
    with database.write() as session:
        handoff.give_back(session, here(database), anne)
    expect(bar).to_be_hidden()
    expect(chat.page.locator(".toolbar__who")).to_have_text(say(language, "page.chat.automated"))


def test_the_bar_hides_nothing_from_whoever_reads_the_newest_line(
    front: Front, assistant: StandIn, new_page: Any, database: Database
) -> None:
    page = Chat(new_page(viewport={"width": 390, "height": 560}), front.url).open("en").page
    with database.write() as session:
        handoff.request(session, here(database), "asked")
    expect(page.locator(".person")).to_be_visible()
    # A whole button: half of one is under the bar.
    page.wait_for_function(
        """() => document.querySelector(".choices").getBoundingClientRect().bottom
            <= document.querySelector(".log").getBoundingClientRect().bottom"""
    )


def test_the_agent_is_told_that_something_is_written_and_the_bot_is_not(
    chat: Chat, database: Database, anne: Agent
) -> None:
    told: list[str] = []
    chat.page.on("request", lambda r: told.append(r.url) if r.url.endswith("/typing") else None)
    chat.page.get_by_label("Your message").press_sequentially("hello")
    with database.write() as session:
        waiting = handoff.request(session, here(database), "asked")
        handoff.claim(session, waiting.id, anne)
    expect(chat.page.locator(".person")).to_contain_text("Anne")
    assert told == []
    with chat.page.expect_response("**/api/chat/typing"):
        chat.page.get_by_label("Your message").press_sequentially(" there")
    assert len(told) == 1, "not with every key"
    with database.read() as session:
        assert session.execute(select(Handoff)).scalar_one().person_typing_at is not None


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("language", "scheme"), SCHEMES)
def test_the_bar_fits_and_axe_finds_nothing(
    front: Front, assistant: StandIn, new_page: Any, database: Database, anne: Agent,
    language: str, scheme: str, width: int,
) -> None:  # fmt: skip
    size = {"width": width, "height": 800}
    page = new_page(color_scheme=scheme, reduced_motion="reduce", viewport=size)
    Chat(page, front.url).open(language)
    with database.write() as session:
        waiting = handoff.request(session, here(database), "asked")
    expect(page.locator(".person")).to_be_visible()
    picture(page, f"waiting-{language}-{scheme}-{width}")
    with database.write() as session:
        handoff.claim(session, waiting.id, anne)
        handoff.speak(session, here(database), "Good morning, bonjour.", language, anne)
        handoff.agent_types(session, waiting.id, anne)
    expect(page.locator(".line--agent")).to_be_visible()
    picture(page, f"talking-{language}-{scheme}-{width}")
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
