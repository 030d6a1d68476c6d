"""Who is woken after a step of signing in tells nothing of what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import httpx
import pytest

from bot.identity.not_me import refuse_sign_in
from bot.store import Database
from tests.connectors.people import DETAILS, OWN, add_helene, add_zoe, mailed_code
from tests.connectors.serving import Front
from tests.connectors.test_not_me import UNKNOWN, asked, press

ALL = ["engine", "sender", "front"]
Rung = list[str]


@pytest.fixture
def rung(front: Front, database: Database, monkeypatch: pytest.MonkeyPatch) -> Rung:
    """The bells that the front rings, in order."""
    add_zoe(database)
    add_helene(database)
    found: Rung = []

    def ring(bell: object) -> None:
        found.append(bell._path.stem)  # type: ignore[attr-defined]

    monkeypatch.setattr("bot.chat.bell.Bell.ring", ring)
    return found


def woken(rung: Rung, act: Callable[[], httpx.Response], status: int) -> Rung:
    rung.clear()
    assert act().status_code == status
    return list(rung)


CASES = {
    "good": DETAILS,
    "unknown file": {**DETAILS, "uci": "0000-0999"},
    "wrong name": {**DETAILS, "family_name": "Martin"},
    "representative": {**DETAILS, **OWN},
    "representative without a file": {**DETAILS, **OWN, "party_id": "P9999999"},
}


@pytest.mark.parametrize("details", CASES.values(), ids=CASES)
def test_whatever_the_details_are_worth_the_same_are_woken(
    client: httpx.Client, rung: Rung, details: dict[str, str]
) -> None:
    client.post("/api/chat/conversations", json={"language": "en"})
    assert woken(rung, lambda: client.post("/api/chat/identify", json=details), 202) == ALL


def test_also_when_sign_in_is_locked(client: httpx.Client, rung: Rung, database: Database) -> None:
    token = asked(client, database)
    with database.write() as session:
        refuse_sign_in(session, token)
    assert woken(rung, lambda: client.post("/api/chat/identify", json=DETAILS), 202) == ALL


def test_a_wrong_code_wakes_the_same_as_a_right_one(
    client: httpx.Client, rung: Rung, database: Database
) -> None:
    asked(client, database)
    right = mailed_code(database)
    wrong = "0000 0000" if right != "0000 0000" else "0000 0001"
    for code, status in ((wrong, 422), (right, 200)):
        enter = partial(client.post, "/api/chat/code", json={"code": code})
        assert woken(rung, enter, status) == ALL


@pytest.mark.parametrize("token", ["good", "used", UNKNOWN])
def test_the_same_after_not_me_whatever_the_token(
    client: httpx.Client, rung: Rung, database: Database, token: str
) -> None:
    good = asked(client, database)
    if token == "used":
        press(client.base_url, good)
    pressed = good if token in ("good", "used") else token
    assert woken(rung, lambda: press(client.base_url, pressed), 200) == ALL
