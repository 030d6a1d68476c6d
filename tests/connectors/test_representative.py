"""Representatives and designated persons give nine details in place of six."""

from __future__ import annotations

import httpx
import pytest

from bot.store import Database
from tests.connectors.people import DETAILS, OWN, add_helene, add_zoe, mailed_code, newest_mail

IDENTIFY, CODE = "/api/chat/identify", "/api/chat/code"
NINE = {**DETAILS, **OWN}


@pytest.fixture(autouse=True)
def opened(client: httpx.Client, database: Database) -> None:
    add_zoe(database)
    add_helene(database)
    client.post("/api/chat/conversations", json={"language": "en"})


def test_nine_details_bring_the_code_to_the_representative(
    client: httpx.Client, database: Database
) -> None:
    assert client.post(IDENTIFY, json=NINE).status_code == 202
    assert newest_mail(database).recipient == "helene@example.ca"
    assert client.post(CODE, json={"code": mailed_code(database)}).status_code == 200


def test_six_details_bring_it_to_the_applicant(client: httpx.Client, database: Database) -> None:
    assert client.post(IDENTIFY, json=DETAILS).status_code == 202
    assert newest_mail(database).recipient == "zoe@example.ca"


@pytest.mark.parametrize(
    "missing", [[name] for name in OWN] + [[n for n in OWN if n != m] for m in OWN]
)
def test_some_of_the_three_are_not_a_form_of_ours(client: httpx.Client, missing: list[str]) -> None:
    answer = client.post(IDENTIFY, json={k: v for k, v in NINE.items() if k not in missing})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Enter your party ID"), ("fr", "Entrez votre ID de partie")],
)
def test_errors_of_all_nine_come_in_the_form_s_order(
    client: httpx.Client, language: str, words: str
) -> None:
    client.post("/api/chat/language", json={"language": language})
    answer = client.post(IDENTIFY, json=dict.fromkeys(NINE, ""))
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert list(errors) == list(NINE)
    assert errors["party_id"].startswith(words)
    own = client.post(IDENTIFY, json={**NINE, "own_family_name": " "}).json()["errors"]
    assert list(own) == ["own_family_name"]
