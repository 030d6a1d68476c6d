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
from bot.texts import say
from bot.vault import keeping
from connectors.webchat import plain as plain_module
from tests.connectors.people import (
    DETAILS,
    OWN,
    add_helene,
    add_zoe,
    mailed_code,
    newest_mail,
    sign_in,
)
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
    assert f'value="{DETAILS["family_name"]}"' in page
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


# -- representatives, what was typed before, help, sessions ---------------------------------------


def test_a_representative_gives_nine_details_and_gets_the_code(
    browser: Browser, database: Database
) -> None:
    add_helene(database)
    browser.send("message", text="Where is it?")
    page = browser.send("identify", **FORM, who="representative", party_id="P1234567")
    assert browser.status == 422
    assert 'href="#own_family_name"' in page
    assert 'href="#party_id"' not in page
    assert 'value="P1234567"' in page
    assert 'value="representative" checked' in page
    assert "Enter the code" in browser.send("identify", **FORM, **OWN, who="representative")
    assert newest_mail(database).recipient == "helene@example.ca"


def test_what_an_applicant_left_in_the_other_fields_does_not_count(
    browser: Browser, database: Database
) -> None:
    browser.send("message", text="Where is it?")
    assert "Enter the code" in browser.send("identify", **FORM, who="self", party_id="?")
    assert newest_mail(database).recipient == "zoe@example.ca"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_form_is_filled_with_what_was_typed_until_the_person_changes_it(
    browser: Browser, database: Database, language: str
) -> None:
    note = say(language, "cards.identify.kept")
    with database.write() as session:
        conversation_id = session.scalar(select(Conversation.id))
        keeping.keep(session, conversation_id, "uci", "0000-0777")
        keeping.keep(session, conversation_id, "phone", "613 555 0100")
    page = browser.send("message", language, text="Where is it?")
    assert 'name="uci" value="0000-0777"' in page
    assert page.count(note) == 1
    assert "613 555 0100" not in page
    page = browser.send("identify", language, **{**FORM, "uci": "12"})
    assert 'name="uci" value="12"' in page
    assert note not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_help_is_the_same_before_and_after_the_details_whatever_they_are_worth(
    browser: Browser, language: str
) -> None:
    def help_of(page: str) -> list[str]:
        return re.findall(r'<details class="card__help">.*?</ul>', page, re.S)

    before = help_of(browser.send("message", language, text="Where is it?"))
    good = help_of(browser.send("identify", language, **FORM))
    unknown = help_of(browser.send("identify", language, **{**FORM, "uci": "0000-0999"}))
    assert before == good == unknown
    assert before[0].count("<li>") == 8
    page = browser.send("message", language, text=say(language, "cards.help.person_message"))
    assert f"{language}: {say(language, 'cards.help.person_message')}" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_sessions_are_listed_and_ended(
    front: Front, browser: Browser, database: Database, language: str
) -> None:
    others = [httpx.Client(base_url=front.url, headers={"Origin": front.url}) for _ in range(3)]
    for other in others:
        sign_in(other, database)
    browser.send("message", language, text="Where is it?")
    browser.send("identify", language, **FORM)
    page = browser.send("code", language, code=mailed_code(database))
    named = re.findall(r'name="session" value="([^"]+)"', page)
    assert len(named) == 4
    assert named[-1] == "others"
    assert say(language, "page.chat.sessions.this") in page
    browser.send("sessions", language, session=named[0])
    page = browser.send("sessions", language, session="made-up")
    assert len(re.findall(r'name="session"', page)) == 3
    assert '<details class="sessions" id="sessions" open>' in page
    page = browser.send("sessions", language, session="others")
    assert say(language, "page.chat.sessions.only") in page
    states = [other.get("/api/chat/conversation").status_code for other in others]
    assert states == [401] * 3


def test_who_is_not_signed_in_sees_no_sessions_and_ends_none(browser: Browser) -> None:
    assert 'name="session"' not in browser.page
    browser.send("sessions", session="others")
    assert browser.status == 403
