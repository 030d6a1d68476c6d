"""The forms of a phone: the number, the code that came to it, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from bot.chat.conversations import add_line
from bot.store import Database, Outbound, Person, PhoneLink
from bot.texts import say
from tests.connectors.landers import FORM, Page, page_of
from tests.connectors.people import add_zoe
from tests.connectors.serving import Front

NUMBER = "(613) 555-0142"


@pytest.fixture
def page(front: Front, database: Database) -> Iterator[Page]:
    add_zoe(database)
    with database.read() as session:
        zoe = session.scalar(select(Person.id))
    with page_of(front.url, database, zoe) as found:
        yield found


def ask(page: Page, number: str = NUMBER, client_id: str = "request-1") -> httpx.Response:
    return page.client.post("/api/chat/phone", json={"client_id": client_id, "phone": number})


def enter(page: Page, code: str) -> httpx.Response:
    return page.client.post("/api/chat/phone/code", json={"code": code})


def texted_code(database: Database) -> str:
    found = re.search(r"\d{4} \d{4}", texts(database)[-1])
    assert found
    return found.group()


def texts(database: Database) -> list[str]:
    with database.read() as session:
        query = select(Outbound.text).where(Outbound.channel == "sms").order_by(Outbound.id)
        return list(session.scalars(query))


def links(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count(PhoneLink.id))))


def cards(page: Page) -> list[Any]:
    lines = page.client.get("/api/chat/events", headers={"Accept": "application/json"}).json()
    return [line.get("card") for line in lines["lines"] if line["author"] == "bot"]


def test_a_phone_is_linked_by_the_code_that_came_to_it(page: Page, database: Database) -> None:
    assert ask(page).status_code == 202
    assert cards(page)[-1] == {"kind": "phone_code"}
    assert enter(page, texted_code(database)).status_code == 200
    assert links(database) == 1
    assert cards(page)[-1] == {"kind": "sent", "form": "phone"}


def test_the_same_request_again_texts_nothing(page: Page, database: Database) -> None:
    for _ in range(3):
        assert ask(page).status_code == 202
    assert len(texts(database)) == 1


def test_a_wrong_code_says_how_many_tries_are_left(page: Page) -> None:
    ask(page)
    answer = enter(page, "0000 0000")
    assert (answer.status_code, answer.json()["tries_left"]) == (422, 4)


def test_the_right_code_again_is_right_again_and_changes_nothing(
    page: Page, database: Database
) -> None:
    ask(page)
    code = texted_code(database)
    assert [enter(page, code).status_code for _ in range(2)] == [200, 200]
    assert links(database) == 1


def test_what_is_no_code_costs_no_try(page: Page) -> None:
    ask(page)
    assert enter(page, "123").json()["tries_left"] is None
    assert enter(page, "0000 0000").json()["tries_left"] == 4


def test_a_code_without_a_number_is_refused(page: Page) -> None:
    assert enter(page, "1234 5678").status_code == 409


def test_what_cannot_be_texted_is_refused(page: Page, database: Database) -> None:
    answer = ask(page, "+1 876 926 1111")
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        say("en", "cards.phone.not_a_number"),
    )
    assert texts(database) == []


def test_nobody_links_a_phone_without_signing_in(front: Front, database: Database) -> None:
    with page_of(front.url, database, None) as stranger:
        assert ask(stranger).status_code == 403
        assert enter(stranger, "1234 5678").status_code == 403
        assert stranger.client.post("/api/chat/phone/remove").status_code == 403
    assert texts(database) == []


def test_a_phone_is_removed(page: Page, database: Database) -> None:
    ask(page)
    enter(page, texted_code(database))
    assert page.client.post("/api/chat/phone/remove").status_code == 200
    with database.read() as session:
        assert session.scalars(select(PhoneLink.ended_why)).all() == ["person"]


def test_the_plain_page_has_the_same_forms(page: Page, database: Database) -> None:
    with database.write() as session:
        card = {"kind": "phone", "linked": []}
        add_line(session, page.conversation, "bot", {"text": "?", "lang": "en", "card": card})
    html = page.client.get("/en/plain").text
    assert 'action="/en/plain/phone"' in html
    token = re.search(r'name="form_token" value="([^"]+)"', html)
    assert token
    form = {"form_token": token[1], "client_id": "a" * 24, "phone": NUMBER}
    page.client.post("/en/plain/phone", data=form, headers=FORM)
    assert 'action="/en/plain/phone_code"' in page.client.get("/en/plain").text
    form |= {"client_id": "b" * 24, "code": texted_code(database)}
    page.client.post("/en/plain/phone_code", data=form, headers=FORM)
    assert links(database) == 1
    assert 'action="/en/plain/phone' not in page.client.get("/en/plain").text
