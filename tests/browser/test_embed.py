"""One line of script puts the chat into a page of another site, if we list that site."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.settings import Settings
from bot.store import Database
from tests.browser.chat import Chat
from tests.connectors.serving import StandIn, running_front

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests need no access log."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    """Another site: 127.0.0.1 is not localhost to a browser."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def write_page(tmp_path: Path, source: str, language: str) -> None:
    script = f'<script type="module" src="{source}/embed.js" data-lang="{language}"></script>'
    page = f"<!doctype html><html lang={language}><title>Site</title><h1>Site</h1>{script}"
    (tmp_path / "site" / "index.html").write_text(page)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_listed_site_shows_the_chat_with_a_session_of_its_own(
    settings: Settings, database: Database, assistant: StandIn, new_page: Callable[..., Page],
    site: ThreadingHTTPServer, tmp_path: Path, language: str,
) -> None:  # fmt: skip
    origin = f"http://127.0.0.1:{site.server_port}"
    with running_front(settings, database, embed_origins=(origin,)) as front:
        write_page(tmp_path, front.url, language)
        page = new_page()
        page.goto(origin)
        title = {"en": "Passage: ask about", "fr": "Passage\u00a0: renseignez-vous"}[language]
        expect(page.locator("iframe")).to_have_attribute("title", re.compile(title))
        frame = page.frame_locator("iframe")
        expect(frame.locator(".choices gcds-button.hydrated")).to_have_count(2)
        frame.locator("textarea").fill("from afar")
        frame.locator("textarea").press("Enter")
        expect(frame.locator(".log__lines .bubble").last).to_have_text(f"{language}: from afar")
        (cookie,) = page.context.cookies()
        assert (cookie["name"], cookie["sameSite"]) == ("passage-embed", "None")
        page.reload()
        expect(frame.locator(".log__lines .bubble").last).to_have_text(f"{language}: from afar")
        # The same browser on our own page has another conversation.
        own = Chat(page.context.new_page(), front.url).open(language)
        expect(own.bubbles).to_have_count(1)


def test_a_site_that_is_not_listed_cannot_frame_anything_of_ours(
    settings: Settings, database: Database, new_page: Callable[..., Page],
    site: ThreadingHTTPServer, tmp_path: Path,
) -> None:  # fmt: skip
    with running_front(settings, database, embed_origins=("https://other.example",)) as front:
        write_page(tmp_path, front.url, "en")
        page = new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"http://127.0.0.1:{site.server_port}")
        expect(page.locator("iframe")).to_be_visible()
        expect(page.frame_locator("iframe").locator("passage-chat")).to_have_count(0)
        page.wait_for_timeout(500)
        assert any("frame-ancestors" in text for text in complaints)


def test_another_site_s_page_cannot_change_anything(
    settings: Settings, database: Database, assistant: StandIn, new_page: Callable[..., Page],
    site: ThreadingHTTPServer, tmp_path: Path,
) -> None:  # fmt: skip
    """T17: a form, a fetch and an image from an evil page, with the victim's cookies at hand."""
    with running_front(settings, database) as front:
        chat = Chat(new_page(), front.url).open("en")
        (tmp_path / "site" / "index.html").write_text("<!doctype html><title>Evil</title>")
        evil = chat.page.context.new_page()
        evil.goto(f"http://127.0.0.1:{site.server_port}")
        evil.evaluate(
            """async (url) => {
              const body = '{"client_id": "forged-message", "text": "forged"}';
              const send = (type) => fetch(url + "/api/chat/messages", {
                method: "POST", mode: "no-cors", credentials: "include", body,
                headers: { "Content-Type": type } }).catch(() => {});
              await send("text/plain");
              await send("application/json");
            }""",
            front.url,
        )
        evil.evaluate(
            """(url) => {
              document.body.innerHTML = `<form method="post" action="${url}/en/plain/end"><button>`;
              document.querySelector("button").click();
            }""",
            front.url,
        )
        evil.wait_for_load_state()
        expect(evil.get_by_text("This request did not come from our page.")).to_be_visible()
        chat.say("still here")
        expect(chat.bubbles.last).to_have_text("en: still here")
        expect(chat.bubbles).to_have_count(3)
