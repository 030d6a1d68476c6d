"""What the settings of the provider change: who is known by what, and which ways are open."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.agents.demo import load_demo_agents
from bot.store import Database
from tests.connectors.serving import Front, running_desk
from tests.desk.oidc.signing_in import SUBJECT, add, come_back
from tests.desk.staff import door_form, form_token
from tests.support.provider import StandInProvider


@pytest.mark.parametrize(
    ("how", "claims", "status"),
    [
        ({"factors": "provider"}, {"amr": None}, 200),
        ({"factors": "acr", "factor_values": ("high",)}, {"acr": "high"}, 200),
        ({"factors": "acr", "factor_values": ("high",)}, {"acr": "low"}, 403),
        ({"claim": "email"}, {"email": SUBJECT, "email_verified": True, "sub": "x"}, 200),
        ({"claim": "email"}, {"email": SUBJECT, "sub": "x"}, 403),
        ({"claim": "oid"}, {"oid": SUBJECT, "sub": "x"}, 200),
        ({"claim": "oid"}, {}, 403),
        ({"client_secret": "wrong"}, {}, 503),
    ],
    ids=str,
)
def test_what_an_agent_is_known_by_and_how_is_a_setting(
    front: Front, database: Database, provider: StandInProvider,
    how: dict[str, Any], claims: dict[str, Any], status: int,
) -> None:  # fmt: skip
    add(database, provider, "mara", SUBJECT)
    provider.changes = claims
    with running_desk(front.settings, database, oidc=provider.settings(**how)) as desk:
        browser = httpx.Client(base_url=desk.url, timeout=30)
        assert come_back(browser, provider).status_code == status
    asked = provider.requests[-1]
    assert asked.get("acr_values") == ("high" if how.get("factors") == "acr" else None)


def test_no_password_opens_a_desk_with_a_provider(
    browser: httpx.Client, database: Database
) -> None:
    load_demo_agents(database)
    page = browser.get("/en/sign-in").text
    assert "/en/sign-in/provider" in page and 'name="password"' not in page
    for login in ("ada", "elise"):
        assert browser.post("/en/sign-in", data=door_form(login)).status_code == 404
    assert browser.get("/en/sign-in/password").status_code == 404


def test_the_other_way_in_is_for_administrators(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    load_demo_agents(database)
    oidc = provider.settings(break_glass=True)
    with running_desk(front.settings, database, oidc=oidc) as desk:
        browser = httpx.Client(base_url=desk.url, headers={"Origin": desk.url}, timeout=30)
        assert "/en/sign-in/password" in browser.get("/en/sign-in").text
        assert 'name="password"' in browser.get("/en/sign-in/password").text
        for login in ("ada", "dev", "chantal"):
            assert browser.post("/en/sign-in", data=door_form(login)).status_code == 422
        assert browser.post("/en/sign-in", data=door_form("elise")).status_code == 303
        # Who came without the provider is led nowhere else afterwards.
        token = form_token(browser, "/en/agents")
        out = browser.post("/en/sign-out", data={"form_token": token})
        assert (out.status_code, out.headers["location"]) == (303, "/en/sign-in")
    assert provider.asked == []


def test_a_desk_without_a_provider_has_no_such_way(desk: Front) -> None:
    for path in ("/en/sign-in/provider", "/oidc/callback", "/en/sign-in/password"):
        assert httpx.get(desk.url + path, timeout=30).status_code == 404
