"""Details that are not taken at all: the reason is said in words and tells nothing of any file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from bot.settings import Settings
from bot.store import Database
from tests.connectors.people import DETAILS, add_zoe, sign_in
from tests.connectors.serving import running_front

UNKNOWN = {**DETAILS, "uci": "0000-0999"}


@contextmanager
def strict(settings: Settings, database: Database, language: str) -> Iterator[httpx.Client]:
    """A front that is no demo, so that its limits are those of the service."""
    with running_front(settings, database, demo=False) as front:
        client = httpx.Client(base_url=front.url, headers={"Origin": front.url}, timeout=30)
        client.post("/api/chat/conversations", json={"language": language})
        yield client


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Details were sent too often"), ("fr", "trop souvent d’ici")],
)
def test_too_many_details_are_refused_in_words_the_same_for_good_and_unknown_ones(
    settings: Settings, database: Database, language: str, words: str
) -> None:
    add_zoe(database)
    told = []
    for details in (DETAILS, UNKNOWN):
        with strict(settings, database, language) as client:
            answers = [client.post("/api/chat/identify", json=details) for _ in range(6)]
            assert [answer.status_code for answer in answers] == [202] * 5 + [429]
            told.append(answers[-1].json())
            assert 3500 <= int(answers[-1].headers["retry-after"]) <= 3600
    assert told[0] == told[1]
    assert told[0]["code"] == "too_often"
    assert words in told[0]["error"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Log out first"), ("fr", "Fermez-la d’abord")]
)
def test_who_is_signed_in_must_log_out_first(
    client: httpx.Client, database: Database, language: str, words: str
) -> None:
    add_zoe(database)
    sign_in(client, database, language)
    answer = client.post("/api/chat/identify", json=DETAILS)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_signed_in")
    assert words in answer.json()["error"]


def test_the_answer_to_details_comes_on_the_grid(client: httpx.Client) -> None:
    """A quarter of a second or a multiple of it, never sooner."""
    client.post("/api/chat/conversations", json={"language": "en"})
    for details in (DETAILS, UNKNOWN):
        took = client.post("/api/chat/identify", json=details).elapsed.total_seconds()
        assert took >= 0.25
