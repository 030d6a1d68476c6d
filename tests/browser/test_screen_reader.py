"""New lines are announced once; history never; and everything can be done by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.store import Database
from tests.browser.chat import Chat
from tests.connectors.people import DETAILS, mailed_code
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser

# Notes every text that comes into the polite status region of the chat.
LISTEN = """
window.spoken = [];
new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.addedNodes)
      if (node.parentElement?.matches?.("passage-chat > [role=status]"))
        window.spoken.push([node.lang, node.textContent]);
}).observe(document, { childList: true, subtree: true });
"""


@pytest.fixture
def heard(front: Front, assistant: StandIn, new_page: Callable[..., Page]) -> Chat:
    page = new_page()
    page.add_init_script(LISTEN)
    return Chat(page, front.url).open("en")


def spoken(chat: Chat) -> list[list[str]]:
    found: list[list[str]] = chat.page.evaluate("window.spoken")
    return found


def test_each_new_answer_is_announced_once_in_its_language(heard: Chat) -> None:
    assert [language for language, _ in spoken(heard)] == ["en"]
    heard.say("one")
    expect(heard.bubbles.last).to_have_text("en: one")
    heard.page.get_by_role("link", name="Français").click()
    heard.language = "fr"
    heard.say("deux")
    expect(heard.bubbles.last).to_have_text("fr: deux")
    assert spoken(heard)[1:] == [["en", "en: one"], ["fr", "fr: deux"]]


def test_history_is_never_announced(heard: Chat) -> None:
    heard.say("one")
    expect(heard.bubbles.last).to_have_text("en: one")
    heard.page.reload()
    expect(heard.bubbles).to_have_count(3)
    heard.say("two")
    expect(heard.bubbles.last).to_have_text("en: two")
    assert spoken(heard) == [["en", "en: two"]]


def test_after_a_lost_connection_only_what_is_new_is_announced(heard: Chat) -> None:
    heard.say("one")
    expect(heard.bubbles.last).to_have_text("en: one")
    heard.page.evaluate("document.querySelector('passage-chat').stream.abort.abort()")
    heard.say("two")
    expect(heard.bubbles.last).to_have_text("en: two")
    assert [text for _, text in spoken(heard)][1:] == ["en: one", "en: two"]


def test_the_log_itself_is_silent_and_named(chat: Chat) -> None:
    log = chat.page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "off")


def test_a_whole_conversation_by_keyboard_alone(chat: Chat, database: Database) -> None:
    keys = chat.page.keyboard

    def tab_to(name: str, most: int = 25) -> None:
        """Press Tab until the control called `name` has the focus."""
        for _ in range(most):
            if chat.page.evaluate(FOCUSED_NAME).startswith(name):
                return
            keys.press("Tab")
        raise AssertionError(f"{name!r} cannot be reached by Tab")

    chat.page.evaluate("document.body.focus()")
    keys.press("Tab")
    assert chat.page.evaluate(FOCUSED_NAME) == "Skip to main content"
    keys.press("Enter")
    tab_to("Where is my application?")
    keys.press("Enter")
    expect(chat.page.get_by_label("the applicant or the sponsor")).to_be_focused()
    keys.press("Tab")
    expect(chat.field("uci")).to_be_focused()
    for name in ("uci", "number", "family_name", "given_names"):
        keys.type(DETAILS[name])
        keys.press("Tab")
    for part in DETAILS["birth_date"].split("-"):
        keys.type(part)
        keys.press("Tab")
    keys.type(DETAILS["birth_place"])
    keys.press("Enter")
    expect(chat.field("code")).to_be_focused()
    keys.type(mailed_code(database))
    keys.press("Enter")
    expect(chat.page.locator(".case")).to_be_visible()
    expect(chat.message).to_be_focused()
    keys.type("first line")
    keys.press("Shift+Enter")
    keys.type("second line")
    expect(chat.message).to_have_value("first line\nsecond line")
    keys.press("Enter")
    expect(chat.bubbles.last).to_have_text("en: first line second line")
    chat.page.locator(".menu summary").focus()
    keys.press("Enter")
    tab_to("Save the conversation (web page)")
    keys.press("Escape")
    expect(chat.page.locator(".menu[open]")).to_have_count(0)
    assert chat.page.evaluate(FOCUSED_NAME) == "Options"
    keys.press("Shift+Tab")
    assert chat.page.evaluate(FOCUSED_NAME) == "Log out"
    keys.press("Enter")
    expect(chat.page.get_by_role("heading", name="The conversation is over")).to_be_focused()


# The text of what has the focus, also inside a component.
FOCUSED_NAME = """
(() => {
  let one = document.activeElement;
  const host = one;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return (one?.textContent?.trim() || host?.textContent?.trim() || "");
})()
"""


def test_the_focus_is_always_visible(chat: Chat) -> None:
    """Every stop of the Tab key shows an outline or a shadow."""
    bare: list[str] = chat.page.evaluate("[]")
    for _ in range(14):
        chat.page.keyboard.press("Tab")
        if not chat.page.evaluate(FOCUS_SHOWN):
            bare.append(chat.page.evaluate(FOCUSED_NAME))
    assert bare == []


FOCUS_SHOWN = """
(() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || one === document.body) return true;
  const style = getComputedStyle(one);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
})()
"""
