"""The conversation follows its end while somebody reads the newest line, and only then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser

# A line whose card gets its size right after it was added, as those of the design system do, and
# before the page is told that it scrolled. Not every browser anchors what is shown.
ADD = """
(height) => {
  const { log } = document.querySelector("passage-chat").view;
  log.element.style.overflowAnchor = "none";
  log.add({ number: 99, author: "bot", client_id: null, at: "2026-11-29T18:00:00Z", text: "Form" });
  log.lines.lastElementChild.style.minHeight = `${height}px`;
  log.element.dispatchEvent(new Event("scroll"));
}
"""
# The form before is folded to one line when the next one comes.
FOLD = """
() => {
  const { log } = document.querySelector("passage-chat").view;
  log.lines.lastElementChild.style.minHeight = "";
}
"""
GROW = """
() => {
  const { log } = document.querySelector("passage-chat").view;
  log.lines.lastElementChild.style.minHeight = "2000px";
}
"""
# How many pixels of the conversation are below what is shown.
LEFT = """
() => {
  const log = document.querySelector(".log");
  return log.scrollHeight - log.scrollTop - log.clientHeight;
}
"""
MOTIONS = ("reduce", "no-preference")


def at_end(page: Page) -> None:
    """Nothing is left below, once all has moved."""
    page.wait_for_function(f"() => ({LEFT})() <= 1")


@pytest.fixture(params=MOTIONS)
def page(
    request: pytest.FixtureRequest, front: Front, assistant: StandIn,
    new_page: Callable[..., Page],
) -> Page:  # fmt: skip
    """A chat of more than one screen, with and without smooth scrolling."""
    chat = Chat(new_page(reduced_motion=request.param), front.url).open("en")
    for count in range(3):
        chat.say("long " * 60)
        expect(chat.page.locator(".line--user")).to_have_count(count + 1)
    expect(chat.page.locator(".line--bot")).to_have_count(4)
    at_end(chat.page)
    return chat.page


def test_a_card_that_grows_right_after_it_came_is_followed(page: Page) -> None:
    for height in (900, 1500):
        page.evaluate(ADD, height)
        at_end(page)


def test_a_card_that_comes_while_another_folds_is_followed(page: Page) -> None:
    page.evaluate(ADD, 1500)
    at_end(page)
    page.evaluate(f"({FOLD})(), ({ADD})(700)")
    at_end(page)


def test_whoever_reads_further_up_stays_there(page: Page) -> None:
    page.evaluate(ADD, 900)
    at_end(page)
    page.locator(".log").hover()
    page.mouse.wheel(0, -600)
    page.wait_for_function(f"() => ({LEFT})() > 500")
    before = page.evaluate("document.querySelector('.log').scrollTop")
    page.evaluate(GROW)
    page.evaluate(ADD, 900)
    assert page.evaluate(LEFT) > 2000
    assert page.evaluate("document.querySelector('.log').scrollTop") <= before
    # Back at the end, it is followed again.
    for _ in range(20):
        page.mouse.wheel(0, 1_000)
    at_end(page)
    page.evaluate(GROW)
    at_end(page)
