"""Narrow screens and 400 % zoom: nothing needs scrolling sideways, nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.store import Database
from tests.browser.chat import Chat
from tests.connectors.people import mailed_code
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser

# 320 px is also a 1280 px window at 400 %; then it is 200 to 256 px high.
SIZES = [(320, 640), (320, 220), (390, 844), (844, 390)]
TOO_WIDE = """
() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".hidden, .menu ul, [hidden]"))
  .filter((one) => getComputedStyle(one).clipPath === "none")
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1
                || one.scrollWidth > one.clientWidth + 1
                   && ["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX))
  .map((one) => `${one.localName}.${one.className}`)
"""


def check(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(TOO_WIDE) == []


def check_menu(chat: Chat) -> None:
    """Nothing of the open menu is outside the window or cut off."""
    chat.page.locator(".menu summary").click()
    assert chat.page.locator(".menu ul").evaluate(
        "(menu) => { const { left, right } = menu.getBoundingClientRect();"
        " return left >= 0 && right <= innerWidth && menu.scrollWidth <= menu.clientWidth; }"
    )
    chat.page.locator(".menu summary").click()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sideways_scrolling(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page],
    size: tuple[int, int], language: str,
) -> None:  # fmt: skip
    page = new_page(viewport={"width": size[0], "height": size[1]})
    chat = Chat(page, front.url).open(language)
    check(page)
    chat.ask_form()
    chat.choose_representative()
    page.locator(".card__help:visible summary").click()
    chat.button(chat.word("details")).click()
    expect(page.locator("gcds-error-summary")).to_be_visible()
    check(page)
    page.get_by_label(chat.text("cards.identify.who_self"), exact=True).check()
    chat.fill_details()
    chat.button(chat.word("details")).click()
    expect(chat.field("code")).to_be_visible()
    chat.field("code").fill(mailed_code(database))
    chat.field("code").press("Enter")
    expect(page.locator(".case")).to_be_visible()
    check(page)
    check_menu(chat)
    chat.open_sessions()
    check(page)
    paths = ("privacy", "plain", "embed", "not-me/x", "not-me/done")
    for path in ("/", "/demo", *(f"/{language}/{rest}" for rest in paths)):
        page.goto(front.url + path)
        check(page)


def test_text_spacing_of_the_reader_s_own_cuts_nothing_off(
    front: Front, assistant: StandIn, new_page: Callable[..., Page]
) -> None:
    """WCAG 1.4.12."""
    page = new_page(viewport={"width": 390, "height": 844}, bypass_csp=True)
    chat = Chat(page, front.url).open("fr")
    chat.ask_case()
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
    )
    check(page)


def test_on_little_height_the_page_scrolls_and_the_composer_is_reached(
    front: Front, assistant: StandIn, new_page: Callable[..., Page]
) -> None:
    chat = Chat(new_page(viewport={"width": 320, "height": 220}), front.url).open("en")
    chat.ask_case()
    chat.message.scroll_into_view_if_needed()
    expect(chat.message).to_be_in_viewport()
    assert chat.page.evaluate("document.querySelector('.log').scrollTop") == 0
