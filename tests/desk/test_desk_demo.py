"""The demonstration shows its agents; what it shows opens the desk; elsewhere there is nothing."""

from __future__ import annotations

import re

import httpx

from bot.agents.demo import load_demo_agents
from bot.store import Database
from tests.connectors.serving import Front, running_desk, running_front


def test_what_the_demo_s_page_shows_opens_the_desk(desk: Front, database: Database) -> None:
    with running_front(desk.settings, database, desk_url=desk.url) as front:
        page = httpx.get(f"{front.url}/demo?lang=en").text
    section = page.split('id="agents"')[1]
    login, password, code = re.findall(r"<code>([^<]+)</code>", section)[:3]
    form = {"login": login, "password": password, "code": code}
    answer = httpx.post(f"{desk.url}/en/sign-in", data=form, headers={"Origin": desk.url})
    assert answer.status_code == 303


def test_without_a_desk_the_demo_shows_no_agents(front: Front) -> None:
    assert 'id="agents"' not in httpx.get(f"{front.url}/demo?lang=en").text


def test_the_demo_s_agents_are_added_once(front: Front, database: Database) -> None:
    load_demo_agents(database)
    load_demo_agents(database)
    with running_desk(front.settings, database) as desk:
        assert httpx.get(f"{desk.url}/healthz").status_code == 200


def test_the_desk_answers_with_a_policy_that_makes_no_markup_of_text(desk: Front) -> None:
    policy = httpx.get(f"{desk.url}/en/sign-in").headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
