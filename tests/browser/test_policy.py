"""Nothing leaves our origin, nothing is stopped by the policy, nothing typed becomes markup."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.store import Database
from tests.browser.chat import Chat
from tests.browser.script import ATTACK
from tests.connectors.people import mailed_code
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("brand", ["neutral", "gc"])
def test_a_whole_journey_asks_no_other_host_and_breaks_no_policy(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page], brand: str
) -> None:
    front.app.ctx.front.pages._jinja.globals["brand"] = brand
    page = new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    chat = Chat(page, front.url).open("en")
    chat.send_details().fill(mailed_code(database))
    chat.field("code").press("Enter")
    expect(page.locator(".case")).to_be_visible()
    chat.open_sessions()
    assert chat.violations() == []
    page.keyboard.press("Escape")
    page.locator("[data-language]").first.click()
    chat.language = "fr"
    expect(chat.message).to_be_visible()
    assert chat.violations() == []
    for path in ("/", "/en/privacy", "/fr/plain", "/demo", "/fr/not-me/x", "/en/nothing"):
        page.goto(front.url + path)
        assert chat.violations() == []
    assert [url for url in asked if not url.startswith((front.url, "data:"))] == []
    # The browser itself writes the 404 of the last page to the console.
    assert [text for text in complaints if "404" not in text] == []


def test_the_policy_is_in_force(chat: Chat) -> None:
    """Without this the test above could be green for a page that has no policy."""
    chat.page.evaluate(
        """new Promise((resolve) => {
             document.addEventListener("securitypolicyviolation", () =>
               window.violations.length === 2 && resolve());
             document.body.insertAdjacentHTML("beforeend", '<p style="color:red">x</p>');
             fetch("https://other.invalid/").catch(() => {});
           })"""
    )
    assert [one.split()[0] for one in chat.violations()] == ["style-src-attr", "connect-src"]


def test_what_is_typed_stays_text(chat: Chat) -> None:
    chat.say(ATTACK)
    expect(chat.bubbles.last).to_have_text(f"en: {ATTACK}")
    expect(chat.page.locator("passage-chat img, passage-chat script")).to_have_count(0)
    assert chat.page.evaluate("window.hacked") is None


def test_links_lead_to_https_only(chat: Chat) -> None:
    chat.ask("time")
    link = chat.page.locator(".links a")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://www.canada.ca/en/times.html")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_nothing_is_stored_in_the_browser_but_the_cookie(chat: Chat) -> None:
    chat.ask_form()
    chat.fill_details()
    stored = chat.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert stored == [0, 0, ""]
    (cookie,) = chat.page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("passage", True, "Strict")


def test_after_log_out_nothing_of_the_conversation_is_on_the_page(
    chat: Chat, database: Database
) -> None:
    chat.send_details().fill(mailed_code(database))
    chat.field("code").press("Enter")
    expect(chat.page.locator(".case")).to_be_visible()
    chat.button("Log out").click()
    expect(chat.button("Start a new conversation")).to_be_visible()
    assert "spouse" not in chat.page.locator("passage-chat").inner_text()
    assert chat.page.context.cookies() == []
    chat.page.reload()
    expect(chat.bubbles).to_have_count(1)
