"""The chat without scripts: everything that matters works with forms alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select

from bot.chat.conversations import add_line
from bot.store import Conversation, Database, Inbox
from connectors.webchat import plain as plain_module
from tests.connectors.people import DETAILS, add_zoe, mailed_code
from tests.connectors.serving import Answer, Front, StandIn, say_line

FORM = {
    **{name: value for name, value in DETAILS.items() if name != "birth_date"},
    "birth_year": "1990", "birth_month": "2", "birth_day": "1",
}  # fmt: skip


class Browser:
    """A browser without scripts: follows redirects, sends the hidden fields of the page's forms."""

    def __init__(self, front: Front) -> None:
        self.client = httpx.Client(base_url=front.url, follow_redirects=True, timeout=30)
        self.page = ""
        self.status = 0

    def get(self, path: str) -> str:
        return self._took(self.client.get(path))

    def send(self, act: str, language: str = "en", **fields: str) -> str:
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({**hidden, **fields})
        url = f"/{language}/plain/{act}"
        return self._took(self.client.post(url, content=body, headers={**headers, **kind}))

    def _took(self, answer: httpx.Response) -> str:
        self.page, self.status = answer.text, answer.status_code
        return self.page


def reply(text: str, language: str) -> list[Answer]:
    choices = [{"label": "Where is it?", "intent": "check_status", "entities": {}}]
    if text == "Where is it?":
        return [{"text": "Who are you?", "card": {"kind": "identify", "product": "citizenship"}}]
    return [{"text": f"{language}: {text}", "choices": choices}]


@pytest.fixture
def browser(front: Front, database: Database) -> Iterator[Browser]:
    add_zoe(database)
    with StandIn(database, reply):
        found = Browser(front)
        found.get("/en/plain")
        found.send("start")
        yield found


def test_the_answer_is_on_the_page_that_follows(browser: Browser) -> None:
    assert "en: EXTERNAL_opened" in browser.page
    page = browser.send("message", text="how long <b>does it take?")
    assert browser.status == 200
    assert "en: how long &lt;b&gt;does it take?" in page
    assert str(browser.client.cookies["passage"]) not in page


def test_a_choice_is_a_button(browser: Browser) -> None:
    (choice,) = re.findall(r'name="choice" value="([^"]+)"', browser.page)
    page = browser.send("choice", choice=choice)
    assert "Who are you?" in page
    assert "for example C000000000" in page


def test_errors_of_the_details_are_named_and_nothing_typed_is_lost(browser: Browser) -> None:
    browser.send("message", text="Where is it?")
    page = browser.send("identify", **{**FORM, "uci": "12", "birth_month": "13"})
    assert browser.status == 422
    assert "There is a problem" in page
    assert 'href="#uci"' in page
    assert 'href="#birth_year"' in page
    assert 'value="Lefebvre"' in page
    assert 'value="13"' in page


def test_the_whole_way_to_a_verified_session_and_out_again(
    browser: Browser, database: Database
) -> None:
    browser.send("message", text="Where is it?")
    assert "Enter the code" in browser.send("identify", **FORM)
    page = browser.send("code", code="12")
    assert browser.status == 422
    assert "Enter the 8 digits of the code" in page
    old = browser.client.cookies["passage"]
    page = browser.send("code", code=mailed_code(database))
    assert browser.client.cookies["passage"] != old
    assert "the code is right" in page
    assert "EXTERNAL_verified" in page
    assert "Log out" in page
    assert "Enter the code" not in page
    page = browser.send("end")
    assert "EXTERNAL_verified" not in page
    assert "Start a conversation" in page


def test_the_language_changes_without_losing_the_conversation(browser: Browser) -> None:
    page = browser.send("language", language="fr")
    assert "en: EXTERNAL_opened" in page
    assert '<html lang="fr">' in page
    assert "fr: bonjour" in browser.send("message", language="fr", text="bonjour")
    assert "Écrivez d’abord un message." in browser.send("message", language="fr", text=" ")


def test_a_form_sent_twice_is_stored_once(browser: Browser, database: Database) -> None:
    first = browser.page
    browser.send("message", text="once")
    browser.page = first
    browser.send("message", text="once")
    with database.read() as session:
        kinds = select(func.count(Inbox.id)).where(Inbox.kind == "text")
        assert session.scalar(kinds) == 1


@pytest.mark.parametrize("token", ["", "made-up", "OTHER"])
def test_a_form_made_for_another_session_is_refused(
    front: Front, browser: Browser, database: Database, token: str
) -> None:
    other = Browser(front)
    other.get("/en/plain")
    other.send("start")
    theirs = re.findall(r'name="form_token" value="([^"]+)"', other.page)[0]
    browser.send("message", text="forged", form_token=token.replace("OTHER", theirs))
    assert browser.status == 403
    with database.read() as session:
        assert "forged" not in list(session.scalars(select(Inbox.text)))


def test_a_form_of_another_site_is_refused(browser: Browser) -> None:
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.page))
    answer = browser.client.post(
        "/en/plain/message",
        data={**hidden, "text": "forged"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403


def test_what_is_no_form_is_refused(browser: Browser) -> None:
    assert browser.client.post("/en/plain/message", json={}).status_code == 415
    assert browser.client.post("/en/plain/nothing", data={"a": "b"}).status_code == 404


def test_after_the_session_s_end_the_page_says_so(browser: Browser) -> None:
    kept = browser.page
    token = browser.client.cookies["passage"]
    browser.send("end")
    browser.client.cookies["passage"] = token
    browser.page = kept
    page = browser.send("message", text="still there?")
    assert browser.status == 401
    assert "Start a conversation" in page
    assert "EXTERNAL_opened" not in page


def test_an_answer_that_is_late_can_be_looked_for(
    front: Front, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_module, "SETTLE_SECONDS", 0.1)
    lonely = Browser(front)
    lonely.get("/en/plain")
    page = lonely.send("start")
    assert "The assistant is working on the answer." in page
    assert "Look for the answer" in page
    assert 'http-equiv="refresh"' not in page
    StandIn(database, reply).turn()
    assert "en: EXTERNAL_opened" in lonely.get("/en/plain")


def test_a_long_conversation_shows_its_newest_lines(browser: Browser, database: Database) -> None:
    with database.write() as session:
        conversation_id = session.scalar(select(Conversation.id))
        for number in range(60):
            say_line(session, conversation_id, {"text": f"line {number}.", "lang": "en"})
        add_line(session, conversation_id, "system", {"text": "end", "lang": "fr"})
    page = browser.get("/en/plain")
    assert "line 59." in page
    assert "line 10." not in page
    assert "Only the newest 40 messages are shown." in page
    assert '<div class="bubble" lang="fr">' in page
