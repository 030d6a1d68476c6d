"""axe finds nothing on any page, in any state, language or colour scheme; and axe really looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update

from bot.clock import now
from bot.store import Database, Inbox
from tests.browser.chat import Chat
from tests.connectors.people import mailed_code, sign_in
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = ("passes", "violations", "incomplete", "inapplicable")
SCHEMES = [("en", "light"), ("fr", "dark"), ("en", "dark"), ("fr", "light")]


def check(page: Page) -> None:
    """No violation, and more than 60 rules that were run (a wrong tag selects none)."""
    # Colours that are still fading in are not what a person reads.
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
    rules = {rule["id"] for kind in KINDS for rule in found[kind]}
    assert len(rules) > 60
    report = [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert report == []


@pytest.fixture(params=SCHEMES, ids="-".join)
def shown(
    request: pytest.FixtureRequest, front: Front, assistant: StandIn,
    new_page: Callable[..., Page],
) -> Chat:  # fmt: skip
    """A chat in one language and colour scheme. Still, so that nothing blinks while axe looks."""
    language, scheme = request.param
    chat = Chat(new_page(color_scheme=scheme, reduced_motion="reduce"), front.url)
    chat.language = language
    return chat


BESIDE = [
    "/", "/LANG/privacy", "/LANG/nothing", "/demo?lang=LANG", "/LANG/not-me/x", "/LANG/not-me/done",
]  # fmt: skip


@pytest.mark.parametrize("path", BESIDE)
def test_pages_beside_the_chat(shown: Chat, path: str) -> None:
    shown.page.goto(shown.url + path.replace("LANG", shown.language))
    check(shown.page)


def test_the_conversation_with_its_form_and_errors(shown: Chat) -> None:
    shown.open(shown.language)
    check(shown.page)
    shown.page.locator(".menu summary").click()
    check(shown.page)
    shown.ask_form()
    check(shown.page)
    shown.choose_representative()
    shown.page.locator(".card__help:visible summary").click()
    check(shown.page)
    shown.button(shown.word("details")).click()
    expect(shown.page.locator("gcds-error-summary")).to_be_visible()
    check(shown.page)
    shown.page.route("**/api/chat/identify", refuse)
    shown.button(shown.word("details")).click()
    expect(shown.page.locator(".card__refusal:visible")).to_be_visible()
    check(shown.page)


def refuse(route: Route) -> None:
    route.fulfill(status=429, json={"error": "Too often.", "code": "too_often"})


def test_the_sessions_dialog(shown: Chat, front: Front, database: Database) -> None:
    shown.open(shown.language).sign_in(database)
    with httpx.Client(base_url=front.url, headers={"Origin": front.url}) as other:
        sign_in(other, database)
    shown.page.locator(".menu summary").click()
    check(shown.page)
    shown.page.locator(".menu summary").click()
    dialog = shown.open_sessions()
    check(shown.page)
    shown.button(shown.text("page.chat.sessions.end_others")).click()
    expect(dialog.get_by_role("status")).not_to_be_empty()
    check(shown.page)


def test_the_code_the_case_and_the_end(shown: Chat, database: Database) -> None:
    code = shown.open(shown.language).send_details()
    check(shown.page)
    code.fill("1234")
    code.press("Enter")
    expect(shown.page.locator("gcds-error-message")).to_be_visible()
    check(shown.page)
    code.fill(mailed_code(database))
    code.press("Enter")
    expect(shown.page.locator(".case")).to_be_visible()
    check(shown.page)
    shown.page.locator(".case summary").click()
    check(shown.page)
    shown.ask("time")
    expect(shown.page.locator(".links a")).to_have_count(1)
    check(shown.page)
    shown.button(shown.word("out")).click()
    expect(shown.button(shown.word("new"))).to_be_visible()
    check(shown.page)


def test_when_something_is_wrong(shown: Chat, database: Database, assistant: StandIn) -> None:
    shown.open(shown.language)
    assistant.__exit__()
    shown.say("anybody?")
    expect(shown.page.locator(".typing")).to_be_visible()
    check(shown.page)
    with database.write() as session:
        session.execute(update(Inbox).values(received_at=now() - timedelta(seconds=60)))
    expect(shown.page.locator(".banner").first).not_to_be_empty()
    check(shown.page)
    shown.page.route("**/api/chat/messages", lambda route: route.abort())
    shown.say("lost")
    expect(shown.page.locator(".line__failed")).to_be_visible()
    shown.page.evaluate("document.querySelector('passage-chat').view.notices.warn(100)")
    expect(shown.page.get_by_role("alertdialog")).to_be_visible()
    check(shown.page)


def test_the_embedded_chat(shown: Chat) -> None:
    shown.open(shown.language, "/embed")
    check(shown.page)


def test_the_page_without_scripts(shown: Chat) -> None:
    page = shown.page
    page.goto(f"{shown.url}/{shown.language}/plain")
    check(page)
    page.locator("main form button").click()
    check(page)
    page.locator(".choices button").first.click()
    check(page)
    page.get_by_label(shown.text("cards.identify.who_representative")).check()
    page.locator("form[action$=identify] button").click()
    expect(page.locator(".problems")).to_be_visible()
    page.locator(".card__help summary").click()
    check(page)


def test_the_sessions_on_the_page_without_scripts(
    shown: Chat, front: Front, database: Database
) -> None:
    shown.open(shown.language).sign_in(database)
    with httpx.Client(base_url=front.url, headers={"Origin": front.url}) as other:
        sign_in(other, database)
    shown.page.goto(f"{shown.url}/{shown.language}/plain")
    shown.page.locator(".sessions summary").click()
    check(shown.page)


def test_high_contrast_keeps_every_control_visible(
    front: Front, assistant: StandIn, new_page: Callable[..., Page]
) -> None:
    """In forced colours only borders and text remain: each control and bubble has a border."""
    chat = Chat(new_page(forced_colors="active"), front.url).open("en")
    chat.ask_form()
    chat.ask_case()
    width = "(all) => all.map((one) => getComputedStyle(one).borderTopStyle)"
    assert chat.page.locator(".who label").evaluate_all(width) == ["solid", "solid"]
    for part in (".bubble", ".tile", ".step__mark", ".case__overall", ".menu summary", "textarea"):
        styles = chat.page.locator(part).evaluate_all(width)
        assert styles and set(styles) <= {"solid", "dashed"}, part
    inner = chat.page.locator("gcds-button button").evaluate_all(width)
    assert set(inner) == {"solid"}
