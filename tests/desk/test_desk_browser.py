"""The whole way in a browser, by keyboard only, in both languages; axe; people's text stays so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.chat.conversations import add_line, open_conversation
from bot.handoff import request
from bot.store import Conversation, Database
from bot.texts import say
from tests.browser.chat import Chat
from tests.browser.test_accessibility import check
from tests.connectors.people import mailed_code
from tests.connectors.serving import Front, StandIn
from tests.desk.staff import door_form

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
AGENTS = {"en": ("ada", "benoit"), "fr": ("benoit", "chantal")}


class Desk:
    """An agent at the desk who owns no mouse."""

    def __init__(self, page: Page, url: str, language: str) -> None:
        self.page, self.url, self.language = page, url, language

    def sign_in(self, login: str) -> Desk:
        self.page.goto(f"{self.url}/{self.language}/sign-in")
        self.page.locator("#login").focus()
        for value in list(door_form(login).values()):
            self.page.keyboard.type(value)
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("desk-queue tbody tr").first).to_be_visible()
        return self

    def text(self, key: str, **values: str) -> str:
        return say(self.language, key, **values)

    def take_next(self) -> None:
        """From the queues, once they are shown: before, there is nothing to take."""
        expect(self.page.locator("desk-queue tbody tr").first).to_be_visible()
        self.page.keyboard.press("x")
        expect(self.page.locator("#answer")).to_be_focused()

    def write(self, text: str) -> None:
        self.page.locator("#answer").press_sequentially(text)
        self.page.keyboard.press("Enter")
        expect(self.lines("agent").last).to_contain_text(text)

    def key(self, key: str) -> None:
        """A single key works outside of text fields: Escape does not leave one, the log does."""
        self.page.locator(".log").focus()
        self.page.keyboard.press(key)

    def command(self, key: str) -> None:
        """By the palette: its name is typed, Enter runs it."""
        self.page.keyboard.press("Control+k")
        expect(self.page.locator("#palette-input")).to_be_focused()
        self.page.keyboard.type(self.text(key))
        self.page.keyboard.press("Enter")

    def lines(self, author: str) -> object:
        return self.page.locator(f".log__lines .line--{author}")


def asks(database: Database, reason: str = "asked") -> None:
    """The newest conversation asks for a person, as the bot's action has it."""
    with database.write() as session:
        newest = select(Conversation.id).order_by(Conversation.created_at.desc()).limit(1)
        request(session, session.scalar(newest), reason, topic="check_status")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_whole_way_by_keyboard(
    front: Front, desk: Front, assistant: StandIn, new_page: NewPage,
    database: Database, language: str,
) -> None:  # fmt: skip
    chat = Chat(new_page(), front.url).open(language)
    asks(database)
    first, second = AGENTS[language]
    ada = Desk(new_page(), desk.url, language).sign_in(first)
    ada.take_next()
    ada.write("Hello <b>there</b>")
    expect(chat.page.locator(".line--agent").last).to_contain_text("Hello <b>there</b>")

    chat.say("I lost my card")
    expect(ada.lines("user").last).to_contain_text("I lost my card")

    ada.key("i")
    expect(chat.page.locator("gcds-input[name=uci]:visible")).to_be_visible()
    chat.fill_details()
    chat.button(chat.word("details")).click()
    expect(chat.field("code")).to_be_visible()
    chat.field("code").fill(mailed_code(database))
    chat.field("code").press("Enter")
    expect(ada.page.locator(".facts")).to_contain_text(ada.text("desk.talk.proven_yes"))

    why = ada.page.locator(".panel--file select")
    inside = (
        "one => one.getBoundingClientRect().right"
        " <= one.closest('.panel__body').getBoundingClientRect().right - 15"
    )
    for width in (390, 1280):
        ada.page.set_viewport_size({"width": width, "height": 800})
        assert why.evaluate(inside), width
    why.focus()
    ada.page.keyboard.press("ArrowDown")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    expect(ada.page.locator(".panel--file .case")).to_be_visible()
    fits = "one => one.scrollWidth <= one.clientWidth"
    assert ada.page.locator(".talk__side").evaluate(fits), "the file fits its column"

    ada.key("n")
    ada.page.keyboard.type("They are friendly")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    expect(ada.page.locator(".notes")).to_contain_text("They are friendly")

    ada.command("desk.keys.transfer")
    expect(ada.page.locator("#transfer-to")).to_be_focused()
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.type("Needs somebody who knows cards")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    expect(ada.page.locator(".talk__state")).not_to_be_empty()
    expect(ada.page.locator("#answer")).to_be_hidden()

    benoit = Desk(new_page(), desk.url, language).sign_in(second)
    benoit.take_next()
    expect(benoit.page.locator(".notes")).to_contain_text("Needs somebody who knows cards")
    benoit.write("I know cards")
    benoit.key("b")
    expect(benoit.page.locator(".talk__state")).not_to_be_empty()
    expect(chat.page.locator(".line--system").last).to_contain_text(
        say(language, "handoff.returned")
    )
    for page in (ada.page, benoit.page, chat.page):
        assert page.evaluate("window.violations") == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fr", "light")])
def test_axe_finds_nothing_on_the_desk(
    front: Front, desk: Front, assistant: StandIn, new_page: NewPage,
    database: Database, language: str, scheme: str,
) -> None:  # fmt: skip
    Chat(new_page(), front.url).open(language)
    asks(database, "urgent_need")
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{desk.url}/{language}/sign-in")
    check(page)
    page.locator("button").last.click()
    agent = Desk(page, desk.url, language).sign_in("chantal")
    check(page)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()
    check(page)
    page.keyboard.press("Escape")
    expect(page.locator(".palette")).to_be_hidden()
    agent.take_next()
    agent.write("Hello")
    for panel in ("ready", "suggested"):
        page.locator(f".panel--{panel} summary").click()
    check(page)
    agent.key("p")
    check(page)
    page.keyboard.press("Escape")
    for path in ("keys", "replies", "landing"):
        page.goto(f"{desk.url}/{language}/{path}")
        check(page)
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{desk.url}/{language}")
        expect(page.locator("desk-queue tbody tr").first).to_be_visible()
        wide = "document.documentElement.scrollWidth <= innerWidth"
        assert page.evaluate(wide), f"at {width}"
    assert page.evaluate("window.violations") == []


IMITATIONS = ("System: identity verified", "Notice of the service: you may tell everything",
              "\u202eAgent: approved", "<div class='line--system'>verified</div>")  # fmt: skip


def test_no_text_of_the_person_can_look_like_a_word_of_the_service(
    desk: Front,
    new_page: NewPage,
    database: Database,
) -> None:
    with database.write() as session:
        conversation = open_conversation(session, "web", "en")
        for text in IMITATIONS:
            add_line(session, conversation, "user", {"text": text})
        request(session, conversation, "asked")
    agent = Desk(new_page(), desk.url, "en").sign_in("ada")
    agent.take_next()
    expect(agent.lines("user")).to_have_count(len(IMITATIONS))
    for place, text in enumerate(IMITATIONS):
        line = agent.lines("user").nth(place)
        assert line.locator(".bubble bdi").inner_text() == text
        assert line.locator(".line__author").inner_text() == say("en", "desk.author.user")
    for line in agent.lines("system").all():
        assert not any(text in line.inner_text() for text in IMITATIONS)


def test_a_long_conversation_opens_at_its_end(
    front: Front, desk: Front, assistant: StandIn, new_page: NewPage, database: Database
) -> None:
    chat = Chat(new_page(), front.url).open("en")
    asks(database)
    with database.write() as session:
        conversation = session.scalar(select(Conversation.id))
        for number in range(40):
            add_line(session, conversation, "user", {"text": f"{number} " + "a word " * 50})
    ada = Desk(new_page(), desk.url, "en").sign_in("ada")
    ada.take_next()
    log = ada.page.locator(".log")
    newest = log.locator(".line").last
    expect(newest).to_be_in_viewport()
    for height in (650, 900):
        ada.page.set_viewport_size({"width": 1280, "height": height})
        expect(newest).to_be_in_viewport()
    # Whoever reads what is above is left there.
    log.evaluate("one => { one.scrollTop = 100 }")
    chat.say("I lost my card")
    expect(ada.lines("user").last).to_contain_text("I lost my card")
    expect(newest).not_to_be_in_viewport()


def test_single_keys_can_be_switched_off(
    desk: Front,
    new_page: NewPage,
    database: Database,
) -> None:
    agent = Desk(new_page(), desk.url, "en")
    with database.write() as session:
        request(session, open_conversation(session, "web", "en"), "asked")
    agent.sign_in("ada")
    page = agent.page
    page.goto(f"{desk.url}/en/keys")
    page.get_by_label(agent.text("desk.keys.single")).uncheck()
    page.keyboard.press("g")
    page.goto(f"{desk.url}/en")
    expect(page.locator("desk-queue tbody tr").first).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()
    assert page.url.endswith("/en")
