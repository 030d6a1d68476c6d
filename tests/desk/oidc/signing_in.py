"""What the tests of sign-in with a provider do at its door, and what they find afterwards."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from sqlalchemy import func, select

from bot.agents.adding import Account, add_provided_agent
from bot.store import AgentSession, AuditEntry, Database
from bot.texts import say
from tests.support.provider import StandInProvider

QUEUE = "/api/desk/queue"
COOKIE = "passage-desk-door"
SUBJECT = "4f1c-ada"


def add(database: Database, provider: StandInProvider, login: str, subject: str) -> None:
    with database.write() as session:
        add_provided_agent(
            session, login, login.title(), role="agent", languages=("en", "fr"), by="test",
            account=Account(provider.issuer, subject),
        )  # fmt: skip


def sent_to(browser: httpx.Client, language: str = "en") -> dict[str, str]:
    """What the provider is asked for."""
    answer = browser.get(f"/{language}/sign-in/provider")
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def come_back(
    browser: httpx.Client, provider: StandInProvider, change: dict[str, str] | None = None
) -> httpx.Response:
    """Through the provider and back, with another answer where `change` says so."""
    address = provider.authorize(sent_to(browser))
    answer = dict(parse_qsl(urlsplit(address).query))
    return browser.get("/oidc/callback", params={**answer, **(change or {})})


def trail(database: Database) -> list[tuple[str, str | None, Any]]:
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.act.like("desk_%")))
        return [(row.act, row.agent, row.detail.get("why")) for row in rows]


def sessions(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(AgentSession)) or 0)


def refused_page(browser: httpx.Client) -> str:
    answer = browser.get("/oidc/callback", params={"state": "x"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert say("en", "desk.door.refused") in answer.text
    return answer.text
