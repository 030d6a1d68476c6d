"""The whole way with the provider in a browser, by keyboard only, in both languages; axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.texts import say
from tests.browser.test_accessibility import check
from tests.connectors.serving import Front
from tests.desk.staff import check_widths
from tests.support.provider import StandInProvider


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark")])
def test_the_whole_way_in_a_browser_by_keyboard(
    provided: Front, provider: StandInProvider, new_page: Callable[..., Page],
    language: str, scheme: str,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{provided.url}/{language}")
    expect(page.get_by_role("heading", name=say(language, "desk.door.title"))).to_be_visible()
    check(page)
    page.get_by_role("link", name=say(language, "desk.door.provider")).focus()
    page.keyboard.press("Enter")
    page.locator("#go").focus()
    page.keyboard.press("Enter")
    expect(page.locator("desk-queue")).to_be_visible()
    assert page.url == f"{provided.url}/{language}"
    assert page.evaluate("window.violations") == []
    page.get_by_role("button", name=say(language, "desk.sign_out")).press("Enter")
    page.locator("#go").press("Enter")
    expect(page.get_by_role("link", name=say(language, "desk.door.provider"))).to_be_visible()
    assert page.url == f"{provided.url}/{language}/sign-in"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("wrong", ["refused", "away"])
def test_a_refusal_reads_well(
    provided: Front, provider: StandInProvider, new_page: Callable[..., Page],
    language: str, wrong: str,
) -> None:  # fmt: skip
    provider.changes = {"sub": "another"}
    provider.broken = {"/token"} if wrong == "away" else set()
    page = new_page(reduced_motion="reduce")
    page.goto(f"{provided.url}/{language}/sign-in")
    page.get_by_role("link", name=say(language, "desk.door.provider")).press("Enter")
    page.locator("#go").press("Enter")
    expect(page.get_by_role("alert")).to_have_text(say(language, f"desk.door.{wrong}"))
    check(page)
    check_widths(page)
