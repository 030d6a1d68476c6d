"""The page behind "this was not me", in a browser: with scripts, without, and from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.store import Database
from bot.texts import say
from tests.browser.chat import Chat
from tests.connectors.people import newest_mail
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser


def address(front: Front, database: Database, language: str) -> str:
    """What stands in the newest e-mail, here in the wanted language."""
    found = re.search(r"/not-me/[\w-]+", newest_mail(database).text)
    assert found
    return f"{front.url}/{language}{found.group()}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_button_ends_the_session_in_the_other_browser(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page],
    language: str, scripts: bool,
) -> None:  # fmt: skip
    thief = Chat(new_page(), front.url).open("en")
    thief.sign_in(database)
    page = new_page(java_script_enabled=scripts)
    page.goto(address(front, database, language))
    expect(page.get_by_role("heading", level=1)).to_have_text(say(language, "not_me.title"))
    expect(thief.button("Log out")).to_be_visible()
    page.get_by_role("button", name=say(language, "not_me.button")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say(language, "not_me.done.title"))
    expect(page).to_have_url(f"{front.url}/{language}/not-me/done")
    expect(thief.button("Start a new conversation")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(say(language, "not_me.done.title"))


def test_the_language_link_leads_to_the_same_page_and_the_button_still_works(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page]
) -> None:
    thief = Chat(new_page(), front.url).open("en")
    thief.send_details()
    page = new_page()
    page.goto(address(front, database, "en"))
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(address(front, database, "fr"))
    page.keyboard.press("Tab")
    page.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci de nous avoir prévenus")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    thief.field("code").fill("1234 5678")
    thief.field("code").press("Enter")
    expect(thief.page.get_by_text("This code can no longer be used", exact=False)).to_be_visible()


def test_nothing_is_asked_of_any_other_host_and_no_referrer_is_told(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page]
) -> None:
    Chat(new_page(), front.url).open("en").send_details()
    page = new_page()
    asked: list[tuple[str, str | None]] = []
    page.on("request", lambda one: asked.append((one.url, one.headers.get("referer"))))
    page.goto(address(front, database, "en"))
    assert page.evaluate("window.violations") == []
    page.get_by_role("link", name="Privacy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Privacy")
    assert [url for url, _ in asked if not url.startswith((front.url, "data:"))] == []
    assert not any(referrer for _, referrer in asked)
