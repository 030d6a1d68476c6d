"""The supervisor: the live board, reading along, moving a conversation, a word to its agent."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.chat.conversations import add_line, lines_after, open_conversation
from bot.handoff import renew
from bot.store import Agent, AuditEntry, Database, Handoff
from bot.texts import say
from tests.browser.test_accessibility import check
from tests.connectors.serving import Front
from tests.desk.conftest import NewAgent
from tests.desk.staff import ask_for_person, check_widths, sign_in_page


@pytest.fixture
def talk(database: Database) -> int:
    """An English conversation in which a person was asked for; the hand-off's number."""
    with database.write() as session:
        here = open_conversation(session, "web", "en")
        add_line(session, here, "user", {"text": "I need somebody"})
    return ask_for_person(database, here)


def row(database: Database, handoff_id: int) -> Handoff:
    with database.read() as session:
        found: Handoff = session.get(Handoff, handoff_id)
        return found


def there(database: Database, login: str) -> Agent:
    with database.write() as session:
        agent: Agent = session.scalar(select(Agent).where(Agent.login == login))
        renew(session, agent)
        return agent


def test_the_board_shows_who_waits_and_who_works(
    agent: NewAgent, talk: int, database: Database
) -> None:
    there(database, "ada")
    dev = agent("dev")
    found = dev.get("/api/desk/board?lang=fr").json()
    assert found["waiting"] == {"en": 1, "fr": 0}
    assert found["longest"] is not None
    assert [one["id"] for one in found["rows"]] == [talk]
    states = {one["login"]: (one["state"], one["load"]) for one in found["agents"]}
    assert states["ada"] == ("available", 0)
    assert states["benoit"] == ("gone", 0)
    assert "elise" not in states, "who talks with nobody is not on it"

    assert agent("ada").post(f"/api/desk/conversations/{talk}/claim", json={}).status_code == 200
    found = dev.get("/api/desk/board").json()
    assert found["waiting"] == {"en": 0, "fr": 0}
    assert {one["login"]: one["load"] for one in found["agents"]}["ada"] == 1


@pytest.mark.parametrize("path", ["/en/board", "/api/desk/board"])
@pytest.mark.parametrize("login", ["ada", "chantal", "elise"])
def test_only_supervisors_have_a_board(agent: NewAgent, login: str, path: str) -> None:
    assert agent(login).get(path).status_code == 403


def test_only_supervisors_move_and_whisper(agent: NewAgent, talk: int, database: Database) -> None:
    ada = agent("ada")
    there(database, "dev")
    one = f"/api/desk/conversations/{talk}"
    assert ada.post(f"{one}/reassign", json={"to": "benoit"}).status_code == 403
    assert ada.post(f"{one}/word", json={"text": "hello"}).status_code == 403
    assert row(database, talk).meant_for is None


def test_a_moved_conversation_is_the_other_s_alone_and_written_down(
    agent: NewAgent, talk: int, database: Database
) -> None:
    ada, dev = agent("ada"), agent("dev")
    benoit = there(database, "benoit")
    one = f"/api/desk/conversations/{talk}"
    ada.post(f"{one}/claim", json={})
    assert dev.post(f"{one}/reassign", json={"to": "benoit"}).status_code == 200
    moved = row(database, talk)
    assert (moved.state, moved.agent_id, moved.meant_for) == ("queued", None, benoit.id)
    refused = ada.post(f"{one}/messages", json={"client_id": "12345678", "text": "still me?"})
    assert refused.status_code == 409
    assert ada.post(f"{one}/claim", json={}).status_code == 409
    assert agent("benoit").post(f"{one}/claim", json={}).status_code == 200
    with database.read() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.agent == "dev")).all()
    assert "handoff.reassigned" in acts


def test_nobody_gets_a_conversation_in_a_language_they_do_not_speak(
    agent: NewAgent, database: Database
) -> None:
    with database.write() as session:
        here = open_conversation(session, "web", "fr")
    french = ask_for_person(database, here)
    answer = agent("dev").post(f"/api/desk/conversations/{french}/reassign", json={"to": "ada"})
    assert answer.status_code == 409
    assert row(database, french).meant_for is None


def test_a_word_is_read_by_the_agent_alone(agent: NewAgent, talk: int, database: Database) -> None:
    ada, dev, benoit = agent("ada"), agent("dev"), agent("benoit")
    one = f"/api/desk/conversations/{talk}"
    ada.post(f"{one}/claim", json={})
    before = row(database, talk).version
    assert dev.post(f"{one}/word", json={"text": "Ask for the form"}).status_code == 200
    assert row(database, talk).version > before, "the agent's page looks anew"

    def words(browser: httpx.Client) -> list[str]:
        return [each["text"] for each in browser.get(one).json()["notes"]]

    assert words(ada) == words(dev) == ["Ask for the form"]
    assert words(benoit) == []
    here = row(database, talk).conversation_id
    with database.read() as session:
        said = [line.body["text"] for line in lines_after(session, here, 0)]
    assert "Ask for the form" not in said


def test_a_word_stays_unread_until_its_agent_s_page_has_shown_it(
    agent: NewAgent, talk: int, database: Database
) -> None:
    ada, dev = agent("ada"), agent("dev")
    one = f"/api/desk/conversations/{talk}"
    ada.post(f"{one}/claim", json={})

    def marks(browser: httpx.Client, view: str) -> list[bool]:
        found = browser.get(f"/api/desk/queue?view={view}").json()
        return [found["words"], *(each["word"] for each in found["rows"])]

    def unread(browser: httpx.Client) -> list[bool]:
        return [each["unread"] for each in browser.get(one).json()["notes"]]

    assert marks(ada, "mine") == [False, False]
    dev.post(f"{one}/word", json={"text": "Ask for the form"})
    assert marks(ada, "mine") == [True, True]
    assert marks(ada, "waiting") == [True], "also while another view is shown"
    assert marks(dev, "all") == [False, False], "it is no word for them"
    assert (unread(ada), unread(dev)) == ([True], [False])
    (note,) = ada.get(one).json()["notes"]
    for browser, last in ((dev, note["id"]), (ada, note["id"] - 1)):
        assert browser.post(f"{one}/seen", json={"line": 1, "word": last}).status_code == 200
        assert unread(ada) == [True]
    before = row(database, talk).version
    for _ in range(2):
        ada.post(f"{one}/seen", json={"line": 1, "word": note["id"]})
        assert row(database, talk).version == before + 1
    assert (unread(ada), marks(ada, "mine")) == ([False], [False, False])


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_agent_who_was_away_finds_the_word(
    desk: Front, agent: NewAgent, talk: int, new_page: Callable[..., Page], language: str
) -> None:
    ada, dev = agent("ada"), agent("dev")
    one = f"/api/desk/conversations/{talk}"
    ada.post(f"{one}/claim", json={})
    dev.post(f"{one}/word", json={"text": "Ask <b>for</b> the form"})
    page = new_page(reduced_motion="reduce")
    cookies = [{"name": one.name, "value": one.value, "url": desk.url} for one in ada.cookies.jar]
    page.context.add_cookies(cookies)
    page.goto(f"{desk.url}/{language}")
    mine = page.locator("[data-focus=tab-mine]")
    expect(mine).to_contain_text(say(language, "desk.word_unread"))
    mine.press("Enter")
    expect(page.locator(f"tr[data-id='{talk}'] .tag")).to_have_text(
        say(language, "desk.word_unread")
    )
    check(page)
    check_widths(page)
    page.locator(f"[data-focus=open-{talk}]").press("Enter")
    word = page.locator(".note-item--word")
    expect(word.locator(".tag")).to_have_text(say(language, "desk.notes.unread"))
    expect(word).to_contain_text("Ask <b>for</b> the form")
    expect(page.locator(".talk__state")).to_have_text(say(language, "desk.board.word_came"))
    check(page)
    page.reload()
    expect(page.locator(".note-item--word")).to_be_visible()
    expect(page.locator(".note-item--word .tag")).to_have_count(0)
    page.goto(f"{desk.url}/{language}#mine")
    expect(page.locator(f"tr[data-id='{talk}']")).to_be_visible()
    expect(page.locator(".tag")).to_have_count(0)
    assert page.evaluate("window.violations") == []


def test_there_is_no_word_without_an_agent(agent: NewAgent, talk: int) -> None:
    answer = agent("dev").post(f"/api/desk/conversations/{talk}/word", json={"text": "hello"})
    assert answer.status_code == 409


def test_listening_in_is_written_down_and_cannot_answer(
    agent: NewAgent, talk: int, database: Database
) -> None:
    ada, dev = agent("ada"), agent("dev")
    one = f"/api/desk/conversations/{talk}"
    ada.post(f"{one}/claim", json={})
    view = dev.get(one).json()
    assert (view["mine"], view["supervised"], view["owner"]) == (False, True, "Ada")
    assert ada.get(one).json()["supervised"] is False
    refused = dev.post(f"{one}/messages", json={"client_id": "12345678", "text": "hello"})
    assert refused.status_code == 409
    with database.read() as session:
        shown = session.scalars(
            select(AuditEntry.act).where(AuditEntry.agent == "dev", AuditEntry.act.like("desk.%"))
        ).all()
    assert shown == ["desk.conversation_shown"]


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fr", "light")])
def test_the_supervisor_s_way_by_keyboard(
    desk: Front, agent: NewAgent, talk: int, database: Database,
    new_page: Callable[..., Page], language: str, scheme: str,
) -> None:  # fmt: skip
    ada = agent("ada")
    ada.post(f"/api/desk/conversations/{talk}/claim", json={})
    there(database, "ada")
    there(database, "benoit")
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    sign_in_page(page, desk.url, "dev", language)
    page.keyboard.press("Control+k")
    page.locator("#palette-input").press_sequentially(say(language, "desk.nav.board"))
    page.keyboard.press("Enter")
    link = page.locator(f"[data-focus=open-{talk}]")
    expect(link).to_be_visible()
    check(page)
    check_widths(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    link.focus()
    page.keyboard.press("Enter")
    page.locator("[data-act=word]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#word-text")).to_be_focused()
    check(page)
    page.keyboard.type("Ask <b>for</b> the form")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note-item--word")).to_have_count(1)
    expect(page.locator(".note-item--word")).to_contain_text("Ask <b>for</b> the form")
    check(page)
    page.go_back()
    page.locator(f"[data-focus=move-{talk}]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#move-to")).to_be_focused()
    check(page)
    page.locator("#move-to").select_option("benoit")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"tr[data-id='{talk}']")).to_contain_text(say(language, "desk.nobody"))
    assert row(database, talk).meant_for is not None
    assert page.evaluate("window.violations") == []


def open_many(database: Database, browser: httpx.Client, count: int) -> None:
    for _ in range(count):
        with database.write() as session:
            here = open_conversation(session, "web", "en")
        handoff = ask_for_person(database, here)
        assert browser.get(f"/api/desk/conversations/{handoff}").status_code == 200


def test_an_alert_is_before_supervisors_only(agent: NewAgent, database: Database) -> None:
    ada, dev = agent("ada"), agent("dev")
    open_many(database, ada, 25)
    assert dev.get("/api/desk/board").json()["alerts"] == []
    open_many(database, ada, 1)
    (alert,) = dev.get("/api/desk/board").json()["alerts"]
    assert (alert["agent"], alert["count"], alert["own"]) == ("Ada", 26, False)
    seen = f"/api/desk/alerts/{alert['id']}/seen"
    assert ada.post(seen, json={}).status_code == 403
    assert dev.post("/api/desk/alerts/99/seen", json={}).status_code == 404
    assert dev.post(seen, json={}).status_code == 200
    assert dev.post(seen, json={}).status_code == 404
    assert dev.get("/api/desk/board").json()["alerts"] == []


def test_nobody_clears_an_alert_about_themselves(agent: NewAgent, database: Database) -> None:
    dev = agent("dev")
    open_many(database, dev, 26)
    (alert,) = dev.get("/api/desk/board").json()["alerts"]
    assert alert["own"]
    refused = dev.post(f"/api/desk/alerts/{alert['id']}/seen?lang=fr", json={})
    assert refused.status_code == 403
    assert refused.json()["error"] == say("fr", "desk.board.alert_own")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fr", "light")])
def test_an_alert_is_looked_into_by_keyboard(
    desk: Front, agent: NewAgent, database: Database,
    new_page: Callable[..., Page], language: str, scheme: str,
) -> None:  # fmt: skip
    open_many(database, agent("ada"), 26)
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    sign_in_page(page, desk.url, "dev", language)
    page.goto(f"{desk.url}/{language}/board")
    alert = page.locator(".alerts li")
    expect(alert).to_contain_text("Ada")
    expect(alert).to_contain_text("26")
    check(page)
    check_widths(page)
    alert.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(alert).to_have_count(0)
    check(page)
    assert page.evaluate("window.violations") == []
