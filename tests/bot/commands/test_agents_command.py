"""`python -m bot agents`: add, list, end; the password is shown this once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.agents.passwords import code_at, password_is
from bot.clock import now
from bot.commands.agents import agents
from bot.opening import open_database
from bot.settings import load_settings
from bot.store import Agent

RUN = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("PASSAGE_DEMO", "1")
    monkeypatch.setenv("PASSAGE_LANG", "en")
    monkeypatch.delenv("PASSAGE_DATABASE_URL", raising=False)
    yield


def stored() -> list[Agent]:
    database = open_database(load_settings())
    with database.read() as session:
        rows = list(session.scalars(select(Agent)))
        session.expunge_all()
    database.close()
    return rows


def test_who_is_added_can_sign_in_and_is_ended() -> None:
    added = RUN.invoke(agents, ["add", "Marie.Roy", "--name", "Marie", "--speaks", "fr"])
    assert added.exit_code == 0, added.output
    password = re.search(r"Password: (\S+)", added.output)
    secret = re.search(r"application: (\S+)", added.output)
    assert password and secret
    (agent,) = stored()
    assert (agent.login, agent.role, agent.speaks_fr, agent.speaks_en) == (
        "marie.roy", "agent", True, False,
    )  # fmt: skip
    assert password_is(agent.password_hash, password.group(1))
    assert password.group(1) not in agent.password_hash
    assert code_at(secret.group(1), now()).isdecimal()
    listed = RUN.invoke(agents, ["list"])
    assert "marie.roy" in listed.output and password.group(1) not in listed.output
    assert RUN.invoke(agents, ["end", "marie.roy"]).exit_code == 0
    assert stored()[0].ended_at is not None
    assert RUN.invoke(agents, ["end", "marie.roy"]).exit_code == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ["add", "!", "--name", "X"],
        ["add", "x" * 41, "--name", "X"],
        ["add", "xx", "--name", " "],
        ["add", "xx", "--name", "X", "--role", "boss"],
        ["add", "xx", "--name", "X", "--speaks", "de"],
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: list[str]) -> None:
    refused = RUN.invoke(agents, wrong)
    assert refused.exit_code == 2
    assert stored() == []


def test_a_user_name_is_never_used_again() -> None:
    for _ in range(2):
        last = RUN.invoke(agents, ["add", "marie", "--name", "Marie"])
    assert last.exit_code == 2
    assert len(stored()) == 1


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_OIDC_ISSUER", "https://login.example.ca")
    monkeypatch.setenv("PASSAGE_OIDC_CLIENT_ID", "desk")
    monkeypatch.setenv("PASSAGE_OIDC_CLIENT_SECRET", "hidden")
    monkeypatch.setenv("PASSAGE_OIDC_FACTORS", "provider")


def accounts() -> dict[str, tuple[str | None, str | None, bool]]:
    return {one.login: (one.oidc_issuer, one.oidc_subject, bool(one.password_hash))
            for one in stored()}  # fmt: skip


def test_an_agent_of_the_provider_has_no_password(provider: None) -> None:
    added = RUN.invoke(agents, ["add", "Marie", "--name", "Marie", "--oidc", "4f1c"])
    assert added.exit_code == 0, added.output
    assert "Password:" not in added.output
    assert accounts() == {"marie": ("https://login.example.ca", "4f1c", False)}


def test_an_account_signs_in_one_agent_and_may_come_back(provider: None) -> None:
    add = ["add", "marie", "--name", "Marie", "--oidc", "4f1c"]
    assert RUN.invoke(agents, add).exit_code == 0
    second = ["add", "marie2", *add[2:]]
    assert RUN.invoke(agents, second).exit_code == 2
    assert RUN.invoke(agents, ["end", "marie"]).exit_code == 0
    assert RUN.invoke(agents, second).exit_code == 0
    assert [accounts()[login][1] for login in ("marie", "marie2")] == [None, "4f1c"]


def test_who_had_a_password_is_linked_and_has_none_afterwards(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    assert RUN.invoke(agents, ["add", "marie", "--name", "Marie"]).exit_code == 0
    assert RUN.invoke(agents, ["link", "marie", "4f1c"]).exit_code == 2
    request.getfixturevalue("provider")
    assert RUN.invoke(agents, ["link", "nobody", "4f1c"]).exit_code == 1
    assert RUN.invoke(agents, ["link", "marie", "x" * 256]).exit_code == 2
    assert RUN.invoke(agents, ["link", "marie", "4f1c"]).exit_code == 0
    assert accounts() == {"marie": ("https://login.example.ca", "4f1c", False)}


def test_a_password_is_given_only_to_whom_it_opens_something(
    provider: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ["add", "elise", "--name", "Élise", "--role", "administrator"]
    assert RUN.invoke(agents, plain).exit_code == 2
    monkeypatch.setenv("PASSAGE_OIDC_BREAK_GLASS", "administrators")
    assert RUN.invoke(agents, plain).exit_code == 0
    assert RUN.invoke(agents, ["add", "ada", "--name", "Ada"]).exit_code == 2
    assert set(accounts()) == {"elise"}


def test_an_account_needs_a_provider() -> None:
    refused = RUN.invoke(agents, ["add", "marie", "--name", "Marie", "--oidc", "4f1c"])
    assert refused.exit_code == 2
