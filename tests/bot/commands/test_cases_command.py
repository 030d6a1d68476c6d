"""The operator's commands say what happened, in the operator's language, and how it ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cases.demo import TIMES_FILE
from bot.cases.lock import only_importer
from bot.cases.record import parse_record
from bot.commands import cases as cli
from bot.commands.cases import cases, times
from bot.store import Database
from bot.texts import say
from tests.bot.cases.case_files import record, write_file
from tests.conftest import SECRET_KEY

runner = CliRunner()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database) -> None:
    monkeypatch.setenv("PASSAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PASSAGE_DATABASE_URL", database.url)
    monkeypatch.setenv("PASSAGE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PASSAGE_PUBLIC_URL", "https://passage.example")
    monkeypatch.setenv("PASSAGE_LANG", "en")


def say_in(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("PASSAGE_LANG", language)


def test_a_file_of_good_cases_ends_with_status_0_and_its_counts(tmp_path: Path) -> None:
    path = write_file(tmp_path / "cases.jsonl", record())
    result = runner.invoke(cases, ["import", str(path)])
    assert result.exit_code == 0
    assert "1 lines: 1 added, 0 updated, 0 unchanged, 0 set aside." in result.output


def test_set_aside_lines_end_with_status_1_and_name_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_file(tmp_path / "cases.jsonl", record(), b"{")
    say_in(monkeypatch, "fr")
    result = runner.invoke(cases, ["import", str(path)])
    assert result.exit_code == 1
    assert "1 mises de côté" in result.output
    assert "cases.jsonl.rejected.jsonl" in result.output.replace("\n", "")


def test_a_missing_file_ends_with_status_2_and_a_sentence_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = runner.invoke(cases, ["import", str(tmp_path / "none.jsonl")])
    assert (result.exit_code, "Check the name" in result.output) == (2, True)
    say_in(monkeypatch, "fr")
    result = runner.invoke(times, ["import", str(tmp_path / "none.jsonl")])
    assert (result.exit_code, "Vérifiez le nom" in result.output) == (2, True)


def test_a_folder_instead_of_a_file_ends_with_status_2(tmp_path: Path) -> None:
    result = runner.invoke(cases, ["import", str(tmp_path)])
    assert (result.exit_code, "cannot be read" in result.output) == (2, True)


def test_a_second_importer_ends_with_status_2(database: Database, tmp_path: Path) -> None:
    path = write_file(tmp_path / "cases.jsonl", record())
    with only_importer(database):
        result = runner.invoke(cases, ["import", str(path)])
    assert (result.exit_code, "Another import is running" in result.output) == (2, True)


def test_missing_settings_end_with_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PASSAGE_SECRET_KEY")
    monkeypatch.delenv("PASSAGE_DEMO", raising=False)
    result = runner.invoke(cases, ["demo"])
    assert (result.exit_code, "PASSAGE_SECRET_KEY" in result.output) == (2, True)


def test_an_unreachable_database_ends_with_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_DATABASE_URL", "sqlite:////no/such/folder/passage.db")
    result = runner.invoke(cases, ["demo"])
    assert (result.exit_code, "PASSAGE_DATABASE_URL" in result.output) == (2, True)


def test_ctrl_c_ends_with_status_2_and_says_that_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_cases", interrupt)
    result = runner.invoke(cases, ["import", str(tmp_path / "x")])
    assert (result.exit_code, "what was done is kept" in result.output) == (2, True)


def test_generate_writes_records_to_stdout_or_to_a_file(tmp_path: Path) -> None:
    shown = runner.invoke(cases, ["generate", "3", "--seed", "5"])
    assert shown.exit_code == 0
    path = tmp_path / "out.jsonl"
    assert (
        runner.invoke(cases, ["generate", "3", "--seed", "5", "--output", str(path)]).exit_code == 0
    )
    assert path.read_text("utf-8").splitlines() == shown.stdout.splitlines()
    assert [parse_record(line.encode()).number for line in shown.stdout.splitlines()]


def test_the_demo_says_whether_it_was_there_already() -> None:
    assert "are in the database" in runner.invoke(cases, ["demo"]).output
    assert "nothing was changed" in runner.invoke(cases, ["demo"]).output


def test_times_are_loaded_and_bad_ones_named_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = runner.invoke(times, ["import", str(TIMES_FILE)])
    assert (result.exit_code, "11 added" in result.output) == (0, True)
    say_in(monkeypatch, "fr")
    path = write_file(tmp_path / "t.jsonl", json.dumps({"line": "moon"}).encode())
    result = runner.invoke(times, ["import", str(path)])
    assert result.exit_code == 1
    assert say("fr", "cases_import.missing", field="kind") in result.output
