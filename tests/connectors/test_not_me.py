"""The page behind "this was not me": opening it changes nothing, pressing tells nothing."""

from __future__ import annotations

import logging
import re

import httpx
import pytest
from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from bot.settings import Settings
from bot.store import AuditEntry, Challenge, Database, Lock
from connectors.rates import Rates
from tests.connectors.people import DETAILS, add_zoe, mailed_code, mails, newest_mail, sign_in
from tests.connectors.serving import Front, running_front

UNKNOWN = "A" * 32
TITLES = {
    "en": ("This was not me", "Thank you for telling us"),
    "fr": ("Ce n’était pas moi", "Merci de nous avoir prévenus"),
}


@pytest.fixture(autouse=True)
def zoe(database: Database) -> None:
    add_zoe(database)


def asked(client: httpx.Client, database: Database) -> str:
    """The token in the e-mail with the code that was just asked for."""
    client.post("/api/chat/conversations", json={"language": "en"})
    client.post("/api/chat/identify", json=DETAILS)
    found = re.search(r"/(?:en|fr)/not-me/([\w-]+)", newest_mail(database).text)
    assert found
    return found.group(1)


def press(url: object, token: str, language: str = "en", **headers: str) -> httpx.Response:
    """The page's form as a browser sends it: our pages ask for no referrer, so Origin is null."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    return httpx.post(
        f"{str(url).rstrip('/')}/{language}/not-me/{token}",
        headers={**kind, **own, **headers},
        follow_redirects=True,
    )


def state(database: Database) -> list[int]:
    """What pressing could change."""
    with database.read() as session:
        tables = (Lock.subject, AuditEntry.position)
        counts = [session.scalar(select(func.count(column))) for column in tables]
        cancelled = select(func.count(Challenge.id)).where(Challenge.cancelled)
        return [*counts, session.scalar(cancelled), mails(database)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_opening_it_says_what_the_button_does_and_changes_nothing(
    client: httpx.Client, database: Database, language: str
) -> None:
    token = asked(client, database)
    before = state(database)
    code = mailed_code(database)
    answer = httpx.get(f"{client.base_url}/{language}/not-me/{token}")
    other = "fr" if language == "en" else "en"
    assert f"<h1>{TITLES[language][0]}</h1>" in answer.text
    assert f'href="/{other}/not-me/{token}"' in answer.text
    assert answer.text.count("<button") == 1
    assert "<script" not in answer.text
    assert state(database) == before
    assert client.post("/api/chat/code", json={"code": code}).status_code == 200


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pressing_voids_the_code_locks_and_writes_the_notice(
    client: httpx.Client, database: Database, language: str
) -> None:
    token, code = asked(client, database), mailed_code(database)
    answer = press(client.base_url, token, language)
    assert f"<h1>{TITLES[language][1]}</h1>" in answer.text
    assert client.post("/api/chat/code", json={"code": code}).status_code == 422
    assert (
        "You told us" in newest_mail(database).text
        or "Vous nous avez" in newest_mail(database).text
    )
    with database.read() as session:
        assert session.scalar(select(Lock.reason)) == "not_me"


def test_pressing_ends_every_session_of_the_person(
    front: Front, client: httpx.Client, database: Database
) -> None:
    sign_in(client, database)
    thief = httpx.Client(base_url=front.url, headers={"Origin": front.url})
    token = asked(thief, database)
    press(front.url, token)
    assert client.get("/api/chat/conversation").status_code == 401


def test_what_follows_is_byte_for_byte_the_same_for_every_token(
    client: httpx.Client, database: Database
) -> None:
    good = asked(client, database)
    tokens = [good, good, UNKNOWN, "x", "%00", "%ff", "é", "a.b", "<b>", "x" * 4000]
    answers = [press(client.base_url, token) for token in tokens]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert {str(answer.url) for answer in answers} == {f"{client.base_url.join('/en/not-me/done')}"}
    hops = [answer.history[0] for answer in answers]
    assert {(hop.status_code, hop.content) for hop in hops} == {(303, b"")}
    heads = [{k: v for k, v in h.headers.items() if k != "date"} for h in hops]
    assert all(head == heads[0] for head in heads)


def test_pressing_again_changes_nothing_more(client: httpx.Client, database: Database) -> None:
    token = asked(client, database)
    press(client.base_url, token)
    after = state(database)
    press(client.base_url, token)
    press(client.base_url, UNKNOWN)
    assert state(database) == after


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_another_site_s_form_is_refused_and_changes_nothing(
    client: httpx.Client, database: Database, headers: dict[str, str]
) -> None:
    token = asked(client, database)
    before = state(database)
    assert press(client.base_url, token, **headers).status_code == 403
    assert press(client.base_url, token, **{"Content-Type": "text/plain"}).status_code == 415
    assert state(database) == before


@pytest.mark.parametrize("path", [UNKNOWN, "done"])
def test_the_page_is_kept_nowhere_and_tells_nobody_where_it_was(front: Front, path: str) -> None:
    answer = httpx.get(f"{front.url}/en/not-me/{path}")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "set-cookie" not in answer.headers


def test_what_is_in_the_address_stays_text(front: Front) -> None:
    page = httpx.get(f'{front.url}/en/not-me/"><img src=x>{{{{7*7}}}}').text
    assert "<img" not in page
    assert "49" not in re.findall(r'href="(/fr/not-me/[^"]*)"', page)[0]


def test_pressing_without_end_is_told_to_wait(settings: Settings, database: Database) -> None:
    with running_front(settings, database, Rates(not_me_per_address=2)) as front:
        answers = [press(front.url, UNKNOWN, "fr") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "C’était trop rapide." in answers[-1].text
        assert httpx.get(f"{front.url}/fr/not-me/{UNKNOWN}").status_code == 200


def test_the_token_is_in_no_log_even_when_the_database_is_away(
    front: Front, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as ours:
        httpx.get(f"{front.url}/en/not-me/{UNKNOWN}")
        press(front.url, UNKNOWN)
        with database.write() as session:
            session.execute(text("ALTER TABLE challenge RENAME TO away"))
        assert press(front.url, UNKNOWN).status_code == 500
    assert [entry["event"] for entry in ours] == ["request.failed"]
    said = [{k: v for k, v in entry.items() if k != "exc_info"} for entry in ours]
    assert UNKNOWN not in str(said)
    # httpx, this test's own client, logs what it calls.
    theirs = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert not [record for record in theirs if UNKNOWN in record.getMessage()]
