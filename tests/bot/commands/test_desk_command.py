"""`python -m bot desk remarks`: files are written once, and never over others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.chat.conversations import open_conversation
from bot.clock import now, today
from bot.commands.desk import desk
from bot.opening import open_database
from bot.settings import load_settings
from bot.store import Remark
from tests.bot.handoff.desk import add_agent

RUN = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("PASSAGE_DEMO", "1")
    monkeypatch.setenv("PASSAGE_LANG", "en")
    monkeypatch.delenv("PASSAGE_DATABASE_URL", raising=False)
    yield


def remarked(should: str = "") -> None:
    database = open_database(load_settings())
    database.migrate()
    with database.write() as session:
        agent = add_agent(session, f"Dev{now().timestamp()}", role="supervisor")
        session.add(
            Remark(
                conversation_id=open_conversation(session, "web", "en"), agent_id=agent.id,
                kind="answer" if should else "intent", intent="check_status", language="en",
                said="where is it?", should=should, created_at=now(),
            )
        )  # fmt: skip
    database.close()


def test_remarks_are_written_once(tmp_path: Path) -> None:
    remarked("Here it is.")
    folder = tmp_path / "out"
    assert RUN.invoke(desk, ["remarks", str(folder)]).exit_code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"remarks-{today()}-answers.yml", f"remarks-{today()}-nlu.yml"]
    assert "    - where is it?\n" in (folder / names[1]).read_text("utf-8")
    assert "Here it is." in (folder / names[0]).read_text("utf-8")
    assert RUN.invoke(desk, ["remarks", str(folder)]).exit_code == 1


def test_nothing_is_written_over_and_then_nothing_counts_as_taken(tmp_path: Path) -> None:
    remarked()
    taken = tmp_path / f"remarks-{today()}-nlu.yml"
    taken.write_text("mine")
    assert RUN.invoke(desk, ["remarks", str(tmp_path)]).exit_code == 2
    assert taken.read_text() == "mine"
    assert RUN.invoke(desk, ["remarks", str(tmp_path / "other")]).exit_code == 0
