"""What tests of the desk do as agents and as the applicant."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from bot.agents.demo import DEMO_AGENTS, PASSWORD
from bot.agents.passwords import code_at
from bot.clock import now
from bot.handoff import request
from bot.store import Database, Handoff

SECRETS = {one.login: one.secret for one in DEMO_AGENTS}


def door_form(login: str, **changes: str) -> dict[str, str]:
    code = code_at(SECRETS[login], now()) if login in SECRETS else "000000"
    return {"login": login, "password": PASSWORD, "code": code, **changes}


def sign_in(browser: httpx.Client, login: str) -> None:
    answer = browser.post("/en/sign-in", data=door_form(login))
    assert answer.status_code == 303, answer.text


def sign_in_page(page: Page, url: str, login: str, language: str = "en") -> None:
    """The same in a browser, by keyboard; the queue is there."""
    page.goto(f"{url}/{language}/sign-in")
    for name, value in door_form(login).items():
        page.locator(f"#{name}").fill(value)
    page.locator("#code").press("Enter")
    expect(page.locator("desk-queue")).to_be_visible()


def ask_for_person(
    database: Database, conversation_id: str, reason: str = "asked", **more: object
) -> int:
    """A hand-off of the conversation; its number."""
    with database.write() as session:
        handoff: Handoff = request(session, conversation_id, reason, **more)
        return int(handoff.id)


def form_token(browser: httpx.Client, path: str) -> str:
    """The token of the forms on a page."""
    return browser.get(path).text.split('name="form_token" value="')[1].split('"')[0]


def check_widths(page: Page) -> None:
    """Nothing needs scrolling sideways, wide, on a phone and at 400 %."""
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
