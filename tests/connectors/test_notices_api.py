"""The form of notices, as the page and the plain page send it: kept, refused, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.answers.notices import notices_answer
from bot.notices.topics import EMAIL, SMS
from bot.notices.wishes import Wishes, wishes_of
from bot.settings import Settings
from bot.store import AuditEntry, Database
from bot.texts import say
from tests.connectors.landers import FORM, Landers, Page, add_landers, page_of
from tests.connectors.serving import Front, running_front, say_line

CHOICE = {"wanted": ["status.email", "card.sms"], "zone": "America/Regina"}
KEPT = Wishes("en", "America/Regina", frozenset({("status", EMAIL), ("card", SMS)}))


@pytest.fixture
def landers(database: Database) -> Landers:
    return add_landers(database)


@pytest.fixture
def front(settings: Settings, database: Database, landers: Landers) -> Iterator[Front]:
    with running_front(settings, database) as found:
        yield found


@pytest.fixture
def zoe(front: Front, database: Database, landers: Landers) -> Iterator[Page]:
    with page_of(front.url, database, landers.zoe) as page:
        yield page


def post(page: Page, client_id: str = "request-1", **changes: Any) -> httpx.Response:
    body = {"client_id": client_id, **CHOICE, **changes}
    return page.client.post("/api/chat/notices", json=body)


def kept(page: Page) -> Wishes | None:
    assert page.person_id is not None
    with page.database.read() as session:
        return wishes_of(session, page.person_id)


def test_a_choice_is_kept_said_and_not_taken_twice(zoe: Page) -> None:
    assert [post(zoe).status_code for _ in range(3)] == [202] * 3
    assert kept(zoe) == KEPT
    mine, said = zoe.lines()
    assert mine["card"] == {"kind": "sent", "form": "notices"} and mine["author"] == "user"
    assert said["text"].startswith(say("en", "notice.chat.saved"))
    assert say("en", "notice.topic.card") in said["text"]
    with zoe.database.read() as session:
        acts = session.scalars(select(AuditEntry.act)).all()
    assert acts.count("notices.chosen") == 1


def test_nothing_wanted_is_a_choice(zoe: Page) -> None:
    post(zoe)
    assert post(zoe, "request-2", wanted=[], zone="").status_code == 202
    assert kept(zoe) == Wishes("en")
    assert say("en", "notice.chat.nothing") in zoe.lines()[-1]["text"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"wanted": ["gossip.email"]}, 400),
        ({"wanted": ["status.pigeon"]}, 400),
        ({"wanted": "status.email"}, 400),
        ({"wanted": ["status.email", "status.email"]}, 400),
        ({"zone": "Europe/Paris"}, 422),
        ({"zone": 7}, 400),
        ({"client_id": ""}, 400),
        ({"more": 1}, 400),
    ],
)
def test_what_there_is_not_is_refused(zoe: Page, changes: dict[str, Any], status: int) -> None:
    assert post(zoe, **changes).status_code == status
    assert kept(zoe) is None and zoe.lines() == []


def test_nobody_who_is_not_signed_in_chooses(front: Front, database: Database) -> None:
    with page_of(front.url, database, None) as page:
        assert post(page).status_code == 403
    assert httpx.post(
        f"{front.url}/api/chat/notices", json={"client_id": "request-1", **CHOICE},
        headers={"Origin": front.url},
    ).status_code == 401  # fmt: skip


def test_another_site_chooses_nothing(zoe: Page) -> None:
    zoe.client.headers["Origin"] = "https://evil.example"
    assert post(zoe).status_code == 403
    assert kept(zoe) is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_plain_page_has_the_same_form(zoe: Page, language: str) -> None:
    assert post(zoe, wanted=["photo.email", "status.sms"]).status_code == 202
    before = kept(zoe)
    assert before is not None
    reply = notices_answer(before, [EMAIL], language)
    with zoe.database.write() as session:
        body = {"text": reply.text, "lang": language, "card": reply.card}
        say_line(session, zoe.conversation, body)
    page = zoe.client.get(f"/{language}/plain").text
    section = page[page.index('aria-labelledby="notices-title"') :]
    boxes = dict(re.findall(r'type="checkbox" name="([a-z.]+)" value="yes"( checked)?', section))
    assert len(boxes) == 6 and [name for name in boxes if boxes[name]] == ["photo.email"]
    assert say(language, "cards.notices.topic.card") in section
    hidden = dict(re.findall(r'type="hidden" name="([a-z_.]+)" value="([^"]*)"', section))
    assert hidden["status.sms"] == "yes"
    form = {**hidden, "request.email": "yes", "zone": "America/Vancouver"}
    sent = zoe.client.post(f"/{language}/plain/notices", data=form, headers=FORM)
    assert sent.status_code == 303
    wanted = frozenset({("request", EMAIL), ("status", SMS)})
    assert kept(zoe) == Wishes(language, "America/Vancouver", wanted)
    assert "notices-title" not in zoe.client.get(f"/{language}/plain").text
