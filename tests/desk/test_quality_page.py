"""The quality view at the desk: read, remark, and nobody but supervisors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.chat.conversations import add_line, open_conversation, post_text
from bot.chat.misheard import keep
from bot.store import Database, Remark
from bot.texts import say
from tests.browser.test_accessibility import check
from tests.connectors.serving import Front
from tests.desk.conftest import NewAgent
from tests.desk.staff import ask_for_person, check_widths, form_token, sign_in_page

SAID = "where is <b>my</b> fiel?"


@pytest.fixture
def key(database: Database) -> str:
    with database.write() as session:
        here = open_conversation(session, "web", "en")
        post_text(session, here, "message-1", SAID)
        add_line(session, here, "bot", {"text": "Pardon?", "lang": "en"})
    return f"h{ask_for_person(database, here, 'not_understood', topic='check_status')}"


def remarks(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        return [(one.said, one.intent, one.should) for one in session.scalars(select(Remark))]


@pytest.mark.parametrize("login", ["ada", "chantal", "elise"])
def test_the_quality_view_is_for_supervisors(agent: NewAgent, key: str, login: str) -> None:
    browser = agent(login)
    assert browser.get("/en/quality").status_code == 403
    assert browser.get(f"/en/quality/{key}").status_code == 403
    assert browser.post(f"/en/quality/{key}", data={"line": "1"}).status_code == 403


def test_a_remark_needs_the_page_s_own_form(agent: NewAgent, key: str, database: Database) -> None:
    dev = agent("dev")
    fields = {"line": "1", "intent": "check_status", "should": ""}
    assert dev.post(f"/en/quality/{key}", data=fields).status_code == 403
    token = form_token(dev, f"/en/quality/{key}")
    for wrong in ({"line": "x"}, {"line": "2"}, {"intent": "nothing"}):
        answer = dev.post(f"/en/quality/{key}", data={"form_token": token, **fields, **wrong})
        assert answer.status_code in (404, 422)
    assert remarks(database) == []
    done = dev.post(f"/en/quality/{key}", data={"form_token": token, **fields})
    assert done.status_code == 303
    assert remarks(database) == [(SAID, "check_status", "")]
    assert dev.get("/en/quality/h99").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark")])
def test_the_way_of_a_remark(
    desk: Front, key: str, database: Database, new_page: Callable[..., Page],
    language: str, scheme: str,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    sign_in_page(page, desk.url, "dev", language)
    page.goto(f"{desk.url}/{language}/quality")
    check(page)
    page.locator("tbody a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#line-1 bdi")).to_have_text(SAID)
    page.locator("#line-1 summary").focus()
    page.keyboard.press("Enter")
    page.locator("#intent-1").select_option("check_status")
    page.locator("#should-1").press_sequentially("I <i>look</i>.")
    check(page)
    check_widths(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#line-1 .note-item")).to_contain_text("I <i>look</i>.")
    check(page)
    assert remarks(database) == [(SAID, "check_status", "I <i>look</i>.")]
    assert page.evaluate("window.violations") == []


@pytest.fixture
def misheard(database: Database) -> str:
    """A message that was not understood, in a conversation that went no further; its text."""
    with database.write() as session:
        here = open_conversation(session, "web", "en")
        for place in range(12):
            post_text(session, here, f"message-{place}", "hello")
            add_line(session, here, "bot", {"text": "Hello!", "lang": "en"})
        post_text(session, here, "message-99", SAID)
        keep(session, here, SAID, [{"name": "check_status", "confidence": 0.4}])
        add_line(session, here, "bot", {"text": "Which do you mean?", "lang": "en"})
    return SAID


def test_what_was_not_understood_is_for_supervisors(agent: NewAgent, misheard: str) -> None:
    for login in ("ada", "chantal", "elise"):
        assert agent(login).get("/en/quality/m1").status_code == 403
    dev = agent("dev")
    assert dev.get("/en/quality/m1").status_code == 200
    assert dev.get("/en/quality/m2").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fr", "light")])
def test_a_remark_on_what_was_not_understood_by_keyboard(
    desk: Front, misheard: str, database: Database, new_page: Callable[..., Page],
    language: str, scheme: str,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    sign_in_page(page, desk.url, "dev", language)
    page.goto(f"{desk.url}/{language}/quality")
    row = page.locator("tbody tr")
    expect(row).to_contain_text(say(language, "intents.check_status"))
    expect(row.locator("th bdi")).to_have_text(misheard)
    check(page)
    check_widths(page)
    row.locator("a").focus()
    page.keyboard.press("Enter")
    line = page.locator("article:has(#here)")
    expect(line.locator(".kept bdi").first).to_have_text(misheard)
    expect(line).to_be_in_viewport()
    expect(line.locator(".unclear")).to_contain_text(say(language, "intents.check_status"))
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    line.locator("select").select_option("check_status")
    line.locator("textarea").press_sequentially("Here it is.")
    check(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note-item")).to_contain_text("Here it is.")
    assert remarks(database) == [(SAID, "check_status", "Here it is.")]
    assert page.evaluate("window.violations") == []
