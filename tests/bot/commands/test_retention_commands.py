"""The commands say what went and what is on hold, in the operator's language, and how it ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot import audit
from bot.commands import retention as commands
from bot.commands.retention import hold_command, purge_command
from bot.store import Application, AuditEntry, Conversation, Database
from tests.bot.retention.leftovers import add_applicant, add_everything, add_talk, later, snapshot
from tests.conftest import SECRET_KEY
from tests.support.files import add_application

runner = CliRunner()
app = typer.Typer()
app.command("purge")(purge_command)
app.command("hold")(hold_command)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database) -> None:
    monkeypatch.setenv("PASSAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PASSAGE_DATABASE_URL", database.url)
    monkeypatch.setenv("PASSAGE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PASSAGE_DEMO", "1")
    monkeypatch.setenv("PASSAGE_LANG", "en")


def run(*words: str) -> Any:
    return runner.invoke(app, list(words))


def test_a_purge_says_for_each_kind_how_many_went(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        add_everything(session)
    with later(days=100):
        result = run("purge")
        monkeypatch.setenv("PASSAGE_LANG", "fr")
        again = run("purge")
    assert result.exit_code == 0, result.output
    assert "(Conversations: what was written and answered, encrypted): 1." in result.output
    assert "Removed (Sessions): 1." in result.output
    assert "audit" not in result.output
    assert (again.exit_code, "Rien n’est échu" in again.output) == (0, True)


def test_a_dry_run_changes_nothing(database: Database) -> None:
    with database.write() as session:
        add_everything(session)
    before = snapshot(database)
    with later(days=100):
        result = run("purge", "--dry-run")
    assert (result.exit_code, "Would be removed (Sessions): 1." in result.output) == (0, True)
    assert snapshot(database) == before


def test_a_hold_is_put_and_lifted(database: Database) -> None:
    with database.write() as session:
        person = add_applicant(session)
        add_talk(session, person)
        number = _number_of(session)
    result = run("hold", number, "--on")
    assert (result.exit_code, "on hold: 1" in result.output) == (0, True)
    with database.read() as session:
        assert session.scalars(select(Conversation.on_hold)).all() == [True]
    result = run("hold", number, "--off")
    assert (result.exit_code, "no longer on hold: 1" in result.output) == (0, True)


def test_a_hold_that_finds_nothing_says_so_with_status_1(database: Database) -> None:
    with database.write() as session:
        add_application(session, "F000000555")
    result = run("hold", "F000000555", "--on")
    assert (result.exit_code, "nothing is on hold" in result.output) == (1, True)


def test_an_unknown_number_ends_with_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_LANG", "fr")
    result = run("hold", "F000000555", "--on")
    assert (result.exit_code, "Vérifiez le numéro" in result.output) == (2, True)


def test_a_hold_must_say_whether_on_or_off() -> None:
    assert run("hold", "F000000555").exit_code == 2


def test_a_trail_that_was_tampered_with_ends_with_status_2_after_all_else(
    database: Database,
) -> None:
    for _ in range(2):
        with database.write() as session:
            audit.record(session, "case.disclosed")
    with database.write() as session:
        session.execute(update(AuditEntry).where(AuditEntry.position == 1).values(act="x"))
        add_talk(session)
    with later(days=740):
        result = run("purge")
    assert (result.exit_code, "audit verify" in result.output) == (2, True)
    assert snapshot(database)["conversation"] == 0


def test_an_unreachable_database_ends_with_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_DATABASE_URL", "sqlite:////no/such/folder/passage.db")
    result = run("purge")
    assert (result.exit_code, "PASSAGE_DATABASE_URL" in result.output) == (2, True)


def test_missing_settings_end_with_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSAGE_SECRET_KEY")
    monkeypatch.delenv("PASSAGE_DEMO")
    result = run("purge")
    assert (result.exit_code, "PASSAGE_SECRET_KEY" in result.output) == (2, True)


def test_ctrl_c_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "purge", interrupt)
    result = run("purge")
    assert (result.exit_code, "what was done is kept" in result.output) == (2, True)


def _number_of(session: Any) -> str:
    return str(session.scalars(select(Application.number)).one())
