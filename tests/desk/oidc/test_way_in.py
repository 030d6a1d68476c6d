"""The way in with the organisation's provider: what is asked of it, and who comes in as what."""

from __future__ import annotations

import httpx

from bot.agents.adding import end_agent
from bot.store import Database
from tests.connectors.serving import Front, running_desk
from tests.desk.oidc.signing_in import (
    COOKIE,
    QUEUE,
    SUBJECT,
    add,
    come_back,
    refused_page,
    sent_to,
    sessions,
    trail,
)
from tests.support.provider import StandInProvider, running_provider


def test_whom_the_provider_knows_and_we_know_comes_in(
    browser: httpx.Client, provider: StandInProvider, database: Database
) -> None:
    answer = come_back(browser, provider)
    assert answer.status_code == 200
    assert 'content="0;url=/en"' in answer.text
    assert browser.get(QUEUE).status_code == 200
    assert trail(database) == [("desk_signed_in", "mara", None)]
    cookies = answer.headers.get_list("set-cookie")
    assert any(c.startswith("passage-desk=") and "SameSite=Strict" in c for c in cookies)
    assert any(c.startswith(f"{COOKIE}=;") and "Max-Age=0" in c for c in cookies)


def test_what_is_asked_of_the_provider(browser: httpx.Client, provider: StandInProvider) -> None:
    asked, again = sent_to(browser), sent_to(browser)
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].endswith("/oidc/callback")
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) == 43 and asked[name] != again[name]
    assert browser.cookies[COOKIE].split(".")[0] not in str(again)


def test_a_token_by_an_elliptic_curve_is_taken_too(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    provider.sign = lambda claims: provider.signed(claims, provider.ec_key, "ES256", kid="ec-1")
    assert come_back(browser, provider).status_code == 200
    assert browser.get(QUEUE).status_code == 200


def test_an_agent_who_left_is_refused_by_name_in_the_trail(
    browser: httpx.Client, provider: StandInProvider, database: Database
) -> None:
    with database.write() as session:
        end_agent(session, "mara", "test")
    answer = come_back(browser, provider)
    assert answer.text == refused_page(browser)
    assert ("desk_refused", "mara", "ended") in trail(database)
    assert sessions(database) == 0


def test_the_same_subject_of_another_provider_is_nobody(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    with running_provider() as former:
        add(database, former, "mara", SUBJECT)
    with running_desk(front.settings, database, oidc=provider.settings()) as desk:
        browser = httpx.Client(base_url=desk.url, timeout=30)
        assert come_back(browser, provider).status_code == 403
    assert sessions(database) == 0


def test_the_role_is_the_one_of_our_own_table(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    provider.changes = {"role": "supervisor", "roles": ["administrator"], "groups": ["supervisor"]}
    assert come_back(browser, provider).status_code == 200
    assert browser.get("/en/board").status_code == 403
    assert browser.get("/en/agents").status_code == 403
