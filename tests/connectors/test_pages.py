"""Pages exist in both languages and say the same things."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from bot.chat.conversations import add_line
from bot.clock import now
from bot.retention.table import rules
from bot.settings import Settings
from bot.store import Conversation, Database, DemoMail
from bot.texts import say
from connectors.languages import preferred
from connectors.webchat.blocks import blocks
from connectors.webchat.demo import _person as as_shown
from tests.connectors.serving import Front, running_front

ATTACK = "<img src=x onerror=alert(1)>\"'{{7*7}}"


class Request:
    def __init__(self, accepted: str) -> None:
        self.headers = {"accept-language": accepted}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"), ("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("en-CA,en;q=0.9,fr;q=0.8", "en"),
        ("de,fr;q=0.5", "fr"), ("de", "en"), ("en;q=0.1, fr;q=0.2", "fr"), ("fr;q=0", "en"),
        ("fr;q=x", "en"), (";;,,", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_the_browser_s_language(accepted: str, language: str) -> None:
    assert preferred(Request(accepted)) == language  # type: ignore[arg-type]


def test_home_offers_both_languages_the_browser_s_first_and_remembers_nothing(
    client: httpx.Client,
) -> None:
    for accepted, order in (("en", ["/en", "/fr"]), ("fr", ["/fr", "/en"])):
        answer = client.get("/", headers={"Accept-Language": accepted})
        assert re.findall(r'class="button" hreflang="\w+" href="([^"]+)"', answer.text) == order
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("page", ["", "/embed", "/privacy", "/plain", "/not-me/x", "/nothing"])
def test_each_page_links_to_its_twin(client: httpx.Client, page: str) -> None:
    for language, other in (("en", "fr"), ("fr", "en")):
        answer = client.get(f"/{language}{page}")
        assert f'<html lang="{language}">' in answer.text
        twin = f"/{other}{page}" if page != "/nothing" else f"/{other}"
        assert f'hreflang="{other}" href="{twin}"' in answer.text
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_privacy_page_tells_the_periods_that_the_purge_goes_by(
    client: httpx.Client, language: str
) -> None:
    page = client.get(f"/{language}/privacy").text
    for kind in ("conversations", "vault", "details", "audit"):
        rule = rules()[kind]
        row = f'<th scope="row">{rule.what[language]}</th><td>{rule.how_long[language]}</td>'
        assert row in page


def test_an_unknown_page_is_a_page_in_the_right_language(client: httpx.Client) -> None:
    french = client.get("/fr/nothing", headers={"Accept-Language": "en"})
    assert french.status_code == 404
    assert "Il n’y a rien à cette adresse." in french.text
    other = client.get("/nothing", headers={"Accept-Language": "en"})
    assert "There is nothing at this address." in other.text


def test_the_departmental_header_is_there_only_on_demand(
    settings: Settings, database: Database
) -> None:
    with running_front(settings, database) as front:
        assert "gcds-header" not in httpx.get(f"{front.url}/en").text
    with running_front(settings, database, brand="gc") as front:
        assert '<gcds-header lang="fr"' in httpx.get(f"{front.url}/fr").text


def test_without_demo_there_is_no_demo(settings: Settings, database: Database) -> None:
    with running_front(settings, database, demo=False) as front:
        assert httpx.get(f"{front.url}/demo").status_code == 404
        assert httpx.get(f"{front.url}/demo/outbox.json").status_code == 404
        assert "/demo" not in httpx.get(f"{front.url}/en").text


def test_the_demo_s_mailbox_shows_what_was_sent_newest_last(
    client: httpx.Client, database: Database
) -> None:
    with database.write() as session:
        for number in range(3):
            session.add(
                DemoMail(reference=str(number), channel="email", recipient="zoe@example.ca",
                         subject=ATTACK, text=f"text {number}", at=now())
            )  # fmt: skip
    mails = client.get("/demo/outbox.json").json()
    assert [mail["text"] for mail in mails] == ["text 0", "text 1", "text 2"]
    assert set(mails[0]) == {"channel", "to", "subject", "text", "at"}
    page = client.get("/demo?lang=fr").text
    assert page.index("text 2") < page.index("text 0")
    assert "<img" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_demo_s_people_can_be_tried(client: httpx.Client, language: str) -> None:
    page = client.get(f"/demo?lang={language}").text
    assert page.count('<article class="person">') >= 10
    assert "None" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_field_of_the_form_can_be_copied_from_the_demo_s_people(
    client: httpx.Client, language: str
) -> None:
    """Nine for a representative, six for anybody else; and they open that person's file."""
    page = client.get(f"/demo?lang={language}").text
    people = page.split('<article class="person">')[1:]
    assert {one.count("data-copy=") for one in people} == {6, 9}
    acting = [one for one in people if one.count("data-copy=") == 9]
    title = say(language, "cards.identify.part_own")
    assert [title in one for one in people] == [one in acting for one in people]


def test_a_person_of_the_demo_may_lack_what_a_file_need_not_have() -> None:
    person = {
        **dict.fromkeys(("uci", "birth_date", "birth_place", "email")),
        "name": "A B", "family_name": "B", "given_names": "A", "language": "en",
        "application_number": "F000000101", "party_id": "P1234567",
        "description": {"en": "x", "fr": "y"},
    }  # fmt: skip
    parts = as_shown(person, "en")["parts"]
    assert [list(part) for part in parts] == [
        ["number", "family_name", "given_names"], ["party_id"],
    ]  # fmt: skip


# -- transcript -----------------------------------------------------------------------------------


def talk(client: httpx.Client, database: Database, language: str) -> None:
    client.post("/api/chat/conversations", json={"language": language})
    client.post("/api/chat/messages", json={"client_id": "message-1", "text": ATTACK})
    with database.write() as session:
        conversation_id = session.scalar(select(Conversation.id))
        body = {
            "text": "First.\n\nSecond:\n- one\n- two",
            "lang": "fr",
            "links": [{"label": "Page", "url": "https://www.canada.ca/x"}],
        }
        add_line(session, conversation_id, "bot", body)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_transcript_is_a_page_to_keep(
    client: httpx.Client, database: Database, language: str
) -> None:
    talk(client, database, language)
    answer = client.get("/api/chat/transcript")
    assert answer.headers["content-disposition"].startswith('attachment; filename="passage-')
    assert f'<html lang="{language}">' in answer.text
    assert '<div class="bubble" lang="fr">' in answer.text
    assert "<li>two</li>" in answer.text
    assert 'href="https://www.canada.ca/x"' in answer.text
    assert "<img" not in answer.text
    assert ("Vous" if language == "fr" else "You") in answer.text


def test_the_transcript_as_text(client: httpx.Client, database: Database) -> None:
    talk(client, database, "en")
    answer = client.get("/api/chat/transcript?format=txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert ATTACK in answer.text
    assert "Page: https://www.canada.ca/x" in answer.text
    assert client.get("/api/chat/transcript?format=pdf").status_code == 400


def test_the_transcript_is_for_its_session_only(front: Front) -> None:
    assert httpx.get(f"{front.url}/api/chat/transcript").status_code == 401


def test_blocks_cut_text_as_the_page_does() -> None:
    found = blocks("One\ntwo\n- a\n- b\n\n- c\n\n\nThree")
    assert [(block.items, block.rows) for block in found] == [
        (False, ["One", "two"]), (True, ["a", "b"]), (True, ["c"]), (False, ["Three"]),
    ]  # fmt: skip
    assert blocks("") == []
