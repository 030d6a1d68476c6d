"""The line is cut again and again: no line is lost, none is doubled, and order is kept."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from bot.chat.conversations import add_line
from bot.settings import Settings
from bot.store import Conversation, Database, Inbox, Line
from tests.browser.chat import Chat
from tests.browser.proxy import Proxy
from tests.connectors.serving import StandIn, running_front

pytestmark = pytest.mark.browser

# How often the line is cut; `make prove` asks for more.
CUTS = int(os.environ.get("PASSAGE_CUTS", "10"))


@pytest.fixture
def proxy(settings: Settings, database: Database) -> Iterator[Proxy]:
    """A front that is reached through a line that can be cut."""
    found = Proxy()
    with running_front(settings, database, shown=found.url) as front:
        found.target = front.app.ctx.front.settings.port
        yield found
        found.close()


def shown_numbers(chat: Chat) -> list[int]:
    numbers: list[int] = chat.page.locator(".log__lines .line").evaluate_all(
        "all => all.map((line) => Number(line.dataset.number))"
    )
    return numbers


def stored_numbers(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(Line.number).order_by(Line.number)))


def test_cuts_lose_nothing_and_double_nothing(
    proxy: Proxy, database: Database, assistant: StandIn, new_page: Callable[..., Page]
) -> None:
    chat = Chat(new_page(), proxy.url).open("en")
    dice = random.Random(20)
    with database.read() as session:
        conversation = session.scalar(select(Conversation.id))
    for number in range(CUTS):
        chat.say(f"message {number}")
        with database.write() as session:
            for part in range(dice.randrange(5)):
                add_line(session, conversation, "bot", {"text": f"{number}.{part}", "lang": "en"})
        chat.page.wait_for_timeout(dice.randrange(250))
        proxy.cut()
    sent = [f"message {number}" for number in range(CUTS)]
    expect(chat.page.locator(".line--bot .bubble", has_text="en: message")).to_have_count(
        CUTS, timeout=60_000
    )
    expect(chat.page.locator(".log__outgoing .bubble")).to_have_count(0)
    assert shown_numbers(chat) == stored_numbers(database)
    with database.read() as session:
        taken = list(session.scalars(select(Inbox.text).where(Inbox.kind == "text")))
    assert sorted(taken) == sorted(sent)
    assert proxy.cuts == CUTS


def test_without_streams_the_page_polls(
    proxy: Proxy, database: Database, assistant: StandIn, new_page: Callable[..., Page]
) -> None:
    """Something between us holds streams back: they never bring a byte."""
    streams: list[Route] = []

    def hold_streams(route: Route) -> None:
        if "event-stream" in route.request.headers["accept"]:
            streams.append(route)
            route.abort()
        else:
            route.continue_()

    page = new_page()
    page.route("**/api/chat/events*", hold_streams)
    chat = Chat(page, proxy.url).open("en")
    assert len(streams) == 2
    chat.say("by poll")
    expect(chat.bubbles.last).to_have_text("en: by poll")
    assert shown_numbers(chat) == stored_numbers(database)


def test_a_line_that_comes_twice_is_shown_once(chat: Chat) -> None:
    """Whatever stands between us and the server: the page itself looks at the numbers."""
    line = {"author": "bot", "client_id": None, "at": "2026-03-01T12:00:00+00:00", "lang": "en"}
    events = [json.dumps({**line, "number": n, "text": f"line {n}"}) for n in (2, 2, 3, 2, 3, 4)]
    body = "".join(f"id: {json.loads(event)['number']}\ndata: {event}\n\n" for event in events)
    chat.page.route(
        "**/api/chat/events*",
        lambda route: route.fulfill(content_type="text/event-stream", body=body),
    )
    chat.page.evaluate("document.querySelector('passage-chat').stream.abort.abort()")
    expect(chat.bubbles.last).to_have_text("line 4")
    assert shown_numbers(chat) == [1, 2, 3, 4]


def test_a_front_that_restarts_is_found_again(
    settings: Settings, database: Database, assistant: StandIn, new_page: Callable[..., Page]
) -> None:
    line = Proxy()
    with running_front(settings, database, shown=line.url) as front:
        line.target = front.app.ctx.front.settings.port
        chat = Chat(new_page(), line.url).open("en")
    line.target = 1  # nobody listens there
    line.cut()
    expect(chat.page.get_by_text("No connection.")).to_be_visible()
    chat.say("while away")
    with running_front(settings, database, shown=line.url) as front:
        line.target = front.app.ctx.front.settings.port
        expect(chat.bubbles.last).to_have_text("en: while away")
        expect(chat.page.get_by_text("No connection.")).to_have_count(0)
    line.close()
