"""The demonstration's phone, with and without scripts, in both languages and colour schemes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.messages.outbox import queue_sms
from bot.phones.finding import phone_of
from bot.settings import Settings
from bot.store import Database
from connectors.demo.phone import PHONES
from tests.browser.simulator import sending
from tests.browser.test_accessibility import SCHEMES, check
from tests.connectors.conftest import database, settings  # noqa: F401
from tests.connectors.serving import Front, running_front
from tests.support.twilio import texting

pytestmark = pytest.mark.browser


@pytest.fixture
def front(settings: Settings, database: Database) -> Iterator[Front]:  # noqa: F811
    with running_front(settings, database, **texting("")) as running, sending(running):
        yield running


def say(front: Front, text: str) -> None:
    with front.database.write() as session:
        queue_sms(session, phone=phone_of(session, PHONES[0], "en"), language="en", text=text)


@pytest.mark.parametrize(("language", "scheme"), SCHEMES)
def test_a_text_and_its_answer_are_shown_with_parts_and_encoding(
    front: Front, new_page: Callable[..., Page], language: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{front.url}/demo?lang={language}")
    page.locator("#sms").fill("AIDE" if language == "fr" else "HELP")
    page.locator("#sms").press("Enter")
    answer = page.locator(".sms:not(.sms--mine)")
    done = "livré" if language == "fr" else "delivered"
    part = "1 segment, GSM-7" if language == "fr" else "1 part, GSM-7"
    expect(answer.locator(".sms__meta")).to_contain_text(f"{part} · {done}")
    answer.locator("summary").click()
    check(page)
    assert page.evaluate("window.violations") == []


@pytest.mark.parametrize("width", [320, 390, 1024, 1280])
def test_nothing_scrolls_sideways(front: Front, new_page: Callable[..., Page], width: int) -> None:
    say(front, "x" * 150)
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(f"{front.url}/demo?lang=fr")
    expect(page.locator(".sms")).to_have_count(1)
    expect(page.locator(".mail")).to_contain_text("x" * 150)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_becomes_of_the_next_message_can_be_chosen_and_reported_again(
    front: Front, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(f"{front.url}/demo?lang=en")
    page.locator("#fate").select_option("30003")
    page.locator(".phone__next button").click()
    expect(page.locator(".phone__planned")).to_contain_text("cannot be reached")
    say(front, "A text that does not arrive")
    failed = page.locator(".sms")
    expect(failed.locator(".sms__bad")).to_have_text("not delivered (30003)")
    expect(page.locator(".phone__planned")).to_have_text("")
    failed.locator("summary").click()
    expect(failed).to_contain_text("Reported to the service: queued, sent, not delivered")
    failed.get_by_role("button", name="Report in reverse order").click()
    expect(failed.locator("details")).to_have_attribute("open", "")


def test_without_scripts_the_same_forms_work(front: Front, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{front.url}/demo?lang=fr")
    page.locator("#sms").fill("Bonjour")
    page.locator(".phone__write button").click()
    mine = page.locator(".sms--mine")
    expect(mine).to_contain_text("Bonjour")
    mine.locator("summary").click()
    mine.get_by_role("button").click()
    expect(page.locator(".sms--mine")).to_have_count(1)
    expect(page.locator(".sms--mine details")).to_contain_text("200, 200")
