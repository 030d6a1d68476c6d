"""The door of the desk: password and code, roles, cookies, other sites' requests, idle ends."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from bot.agents.door import TRIES
from bot.agents.passwords import code_at
from bot.agents.sessions import IDLE, LONGEST
from bot.clock import now
from bot.store import Agent, AgentSession, AuditEntry, Database
from tests.connectors.serving import Front, running_desk
from tests.desk.conftest import NewAgent
from tests.desk.staff import SECRETS, door_form, sign_in

QUEUE = "/api/desk/queue"


@pytest.fixture
def stranger(desk: Front) -> httpx.Client:
    return httpx.Client(base_url=desk.url, headers={"Origin": desk.url}, timeout=30)


def enter(browser: httpx.Client, login: str = "ada", **changes: str) -> int:
    return browser.post("/en/sign-in", data=door_form(login, **changes)).status_code


def test_the_right_password_and_code_open_the_desk(stranger: httpx.Client) -> None:
    assert stranger.get("/en").headers["location"] == "/en/sign-in"
    assert stranger.get(QUEUE).status_code == 401
    sign_in(stranger, "ada")
    assert stranger.get("/en").status_code == 200
    assert stranger.get(QUEUE).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"password": "nothing"}, {"code": "000000"}, {"code": ""}, {"login": "nobody"}],
    ids=str,
)
def test_whatever_is_wrong_gets_the_same_answer(
    stranger: httpx.Client, wrong: dict[str, str]
) -> None:
    form = {**door_form("ada"), **wrong}
    answer = stranger.post("/en/sign-in", data=form)
    assert answer.status_code == 422
    page = answer.text.replace(form["login"], "LOGIN")
    other = stranger.post("/en/sign-in", data=door_form("zed")).text.replace("zed", "LOGIN")
    assert page == other
    assert stranger.get(QUEUE).status_code == 401


def test_a_code_works_once(stranger: httpx.Client) -> None:
    form = door_form("ada")
    assert stranger.post("/en/sign-in", data=form).status_code == 303
    assert stranger.post("/en/sign-in", data=form).status_code == 422


def test_five_wrong_tries_close_the_door_to_the_right_ones_too(
    stranger: httpx.Client, database: Database
) -> None:
    for _ in range(TRIES):
        assert enter(stranger, password="wrong") == 422
    assert enter(stranger) == 422
    with database.write() as session:
        session.execute(update(Agent).values(locked_until=now() - timedelta(seconds=1)))
    assert enter(stranger) == 303


def test_a_session_ends_when_idle_and_after_a_day_s_work(
    agent: NewAgent, database: Database
) -> None:
    for column, age in (("seen_at", IDLE), ("created_at", LONGEST)):
        with database.write() as session:
            session.execute(update(Agent).values(totp_step=None))
        ada = agent("ada")
        with database.write() as session:
            session.execute(update(AgentSession).values({column: now() - age}))
        assert ada.get(QUEUE).status_code == 401
        assert ada.get("/en").headers["location"] == "/en/sign-in"


def test_what_the_page_does_by_itself_keeps_no_session_alive(
    agent: NewAgent, database: Database
) -> None:
    ada = agent("ada")
    long_ago = now() - IDLE + timedelta(minutes=1)

    def seen() -> object:
        with database.read() as session:
            return session.scalar(select(AgentSession.seen_at))

    with database.write() as session:
        session.execute(update(AgentSession).values(seen_at=long_ago))
    ada.get(QUEUE)
    ada.post("/api/desk/presence", json={"state": "available"})
    assert seen() == long_ago
    ada.post("/api/desk/stay", json={})
    assert seen() != long_ago


def test_signing_out_ends_the_session_at_the_server(agent: NewAgent) -> None:
    ada = agent("ada")
    cookie = dict(ada.cookies)
    page = ada.get("/en").text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    assert ada.post("/en/sign-out", data={"form_token": "x"}).status_code == 403
    assert ada.post("/en/sign-out", data={"form_token": token}).status_code == 303
    ada.cookies.update(cookie)
    assert ada.get(QUEUE).status_code == 401


def test_an_agent_who_is_ended_is_out_at_once(agent: NewAgent, database: Database) -> None:
    from bot.agents.adding import end_agent

    ada = agent("ada")
    with database.write() as session:
        end_agent(session, "ada", "test")
    assert ada.get(QUEUE).status_code == 401
    assert enter(ada) == 422


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
def test_another_site_changes_nothing(agent: NewAgent, headers: dict[str, str]) -> None:
    ada = agent("ada")
    for path in ("/api/desk/next", "/api/desk/presence", "/api/desk/conversations/1/claim"):
        assert ada.post(path, json={}, headers=headers).status_code == 403
    assert ada.post("/en/sign-out", data={}, headers=headers).status_code == 403
    assert ada.post("/en/sign-in", data=door_form("ada"), headers=headers).status_code == 403


ROLES = {
    "ada": {"/en": 200, "/en/landing": 403, "/en/agents": 403, QUEUE: 200},
    "chantal": {"/en": 200, "/en/landing": 200, "/en/agents": 403, QUEUE: 200},
    "dev": {"/en": 200, "/en/landing": 403, "/en/agents": 403, QUEUE: 200},
    "elise": {"/en": 303, "/en/landing": 403, "/en/agents": 200, QUEUE: 403},
}


@pytest.mark.parametrize("login", ROLES)
def test_each_role_opens_its_own_pages_and_no_others(agent: NewAgent, login: str) -> None:
    browser = agent(login)
    assert {path: browser.get(path).status_code for path in ROLES[login]} == ROLES[login]


def test_over_https_the_cookie_is_bound_to_the_host(front: Front, database: Database) -> None:
    from bot.agents.demo import load_demo_agents

    load_demo_agents(database)
    with running_desk(front.settings, database, desk_url="https://desk.example.ca") as desk:
        own = {"Origin": "https://desk.example.ca"}
        answer = httpx.post(f"{desk.url}/en/sign-in", data=door_form("ada"), headers=own)
        cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-passage-desk=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


def test_who_came_in_and_who_was_refused_stands_in_the_trail(
    stranger: httpx.Client, database: Database
) -> None:
    enter(stranger, password="wrong")
    sign_in(stranger, "ada")
    with database.read() as session:
        rows = session.execute(select(AuditEntry.act, AuditEntry.agent)).all()
    seen = [tuple(row) for row in rows if row.agent == "ada"]
    assert seen == [("desk_refused", "ada"), ("desk_signed_in", "ada")]


def test_a_clock_that_is_off_by_half_a_minute_keeps_nobody_out(stranger: httpx.Client) -> None:
    early = code_at(SECRETS["ada"], now() - timedelta(seconds=30))
    old = code_at(SECRETS["ada"], now() - timedelta(seconds=120))
    assert enter(stranger, code=old) == 422
    assert enter(stranger, code=early) == 303
