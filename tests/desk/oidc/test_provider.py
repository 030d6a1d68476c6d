"""The provider itself: away, wrong or slow, its new keys, and signing out of it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.agents.demo import load_demo_agents
from bot.store import Database
from bot.texts import say
from tests.connectors.serving import Front, running_desk
from tests.desk.oidc.signing_in import COOKIE, QUEUE, come_back
from tests.desk.staff import door_form, form_token
from tests.support.provider import StandInProvider


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"], ids=str)
def test_while_the_provider_is_away_the_page_says_so(
    browser: httpx.Client, provider: StandInProvider, database: Database, language: str, path: str
) -> None:
    provider.broken = {path}
    sent = browser.get(f"/{language}/sign-in/provider")
    if sent.status_code == 303:
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        sent = browser.get(provider.authorize(asked))
    assert sent.status_code == 503
    assert say(language, "desk.door.away") in sent.text
    provider.broken = set()
    assert come_back(browser, provider).status_code == 200


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://login.example"},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"jwks_uri": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
    ids=str,
)
def test_a_provider_that_cannot_be_right_is_not_used(
    browser: httpx.Client, provider: StandInProvider, description: dict[str, Any]
) -> None:
    provider.description = description
    assert browser.get("/en/sign-in/provider").status_code == 503


def test_a_provider_that_does_not_answer_is_not_waited_for_long(
    browser: httpx.Client, provided: Front, provider: StandInProvider
) -> None:
    provided.app.ctx.front.provider.seconds = 0.2
    provider.answers.clear()
    assert browser.get("/en/sign-in/provider").status_code == 503
    provider.answers.set()


def test_a_provider_that_does_not_answer_holds_up_nobody_else(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    """While many wait for it, the desk serves whoever is signed in."""
    load_demo_agents(database)
    oidc = provider.settings(break_glass=True)
    with running_desk(front.settings, database, oidc=oidc) as desk:
        desk.app.ctx.front.provider.seconds = 60.0
        elise = httpx.Client(base_url=desk.url, headers={"Origin": desk.url}, timeout=30)
        assert elise.post("/en/sign-in", data=door_form("elise")).status_code == 303
        provider.answers.clear()
        with ThreadPoolExecutor(20) as many:
            asked = [many.submit(ask, desk.url) for _ in range(20)]
            while len(provider.asked) < 20:
                time.sleep(0.01)
            assert elise.get("/en/agents").status_code == 200
            assert not any(one.done() for one in asked)
            provider.answers.set()
            assert {one.result() for one in asked} == {303}


def ask(url: str) -> int:
    return httpx.get(f"{url}/en/sign-in/provider", timeout=60).status_code


def test_new_keys_of_the_provider_are_fetched(
    browser: httpx.Client, provider: StandInProvider, provided: Front,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert come_back(browser, provider).status_code == 200
    provider.key, provider.kid = rsa.generate_private_key(65537, 2048), "rsa-2"
    # Not at once: anybody could have us ask again and again.
    assert come_back_anew(provided, provider).status_code == 403
    assert provider.asked.count("/keys") == 1
    monkeypatch.setattr("bot.oidc.provider.KEYS_AGAIN_SECONDS", 0.0)
    assert come_back_anew(provided, provider).status_code == 200


def come_back_anew(desk: Front, provider: StandInProvider) -> httpx.Response:
    return come_back(httpx.Client(base_url=desk.url, timeout=30), provider)


def test_signing_out_leads_to_the_provider_where_it_has_a_place_for_it(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    come_back(browser, provider)
    token = form_token(browser, "/en")
    out = browser.post("/en/sign-out", data={"form_token": token})
    assert out.status_code == 200
    assert f"{provider.issuer}/end?client_id=passage+desk&amp;post_logout_redirect_uri=" in out.text
    assert browser.get(QUEUE).status_code == 401


def test_over_https_the_cookie_of_a_try_is_bound_to_the_host(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    own = {"desk_url": "https://desk.example.ca", "oidc": provider.settings()}
    with running_desk(front.settings, database, **own) as desk:
        cookie = httpx.get(f"{desk.url}/en/sign-in/provider", timeout=30).headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    wanted = {"Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"}
    assert wanted <= set(cookie.split("; "))


def test_who_asks_again_and_again_is_slowed_down(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    found = [browser.get("/oidc/callback").status_code for _ in range(31)]
    assert found == [403] * 30 + [429]
