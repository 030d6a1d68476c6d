"""`audit verify` says what it found and where; `audit show` is a disclosure itself."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text
from typer.testing import CliRunner

from bot.audit import finding, record
from bot.audit.anchor import FILE
from bot.clock import now
from bot.commands import audit as command
from bot.commands.audit import audit
from bot.commands.audit_table import printable
from bot.commands.operator import operator_name
from bot.store import Database, Keys
from bot.texts import LANGUAGES, catalogue, say
from tests.bot.audit.trails import (
    change,
    change_head,
    findings,
    grow,
    head,
    only_sqlite,
    positions,
    put_back,
    remove,
    remove_head,
    rows,
)
from tests.conftest import SECRET_KEY
from tests.support.files import add_application, add_person, add_zoe

NEW_SECRET = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"
runner = CliRunner()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database) -> Path:
    monkeypatch.setenv("PASSAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PASSAGE_DATABASE_URL", database.url)
    monkeypatch.setenv("PASSAGE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PASSAGE_PUBLIC_URL", "https://passage.example")
    monkeypatch.setenv("PASSAGE_LANG", "en")
    monkeypatch.setattr(command.output, "width", 300)
    return tmp_path / "home"


def run(*words: str) -> tuple[int, str]:
    result = runner.invoke(audit, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_an_intact_trail_ends_with_status_0_and_is_anchored(database: Database, home: Path) -> None:
    grow(database, 3)
    status, output = run("verify")
    assert (status, "intact: 3 rows" in output) == (0, True)
    last = rows(database)[-1]
    assert (last["act"], last["agent"]) == ("audit.verified", operator_name())
    assert last["detail"]["findings"] == 0 and last["detail"]["lines"] == 1
    assert (home / FILE).read_bytes().count(b"\n") == 1
    assert findings(database, home / FILE) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_finding_is_a_sentence_with_its_place_and_the_status_is_1(
    database: Database, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("PASSAGE_LANG", language)
    grow(database, 9)
    change(database, 2, act="x")
    remove(database, 5, 6)
    status, output = run("verify")
    assert status == 1
    for key, first, last in (("altered.one", 2, 2), ("missing.many", 5, 6), ("unproven.one", 7, 7)):
        sentence = say(language, f"audit_cli.finding.{key}", first=first, last=last, line=0)
        assert sentence in output
    assert say(language, "audit_cli.findings", count=3, rows=7) in output
    assert rows(database)[-1]["detail"]["findings"] == 3


def test_a_database_that_was_set_back_is_found_from_one_call_to_the_next(
    database: Database,
) -> None:
    grow(database, 2)
    entries, end = rows(database), head(database)
    grow(database, 2)
    assert run("verify")[0] == 0
    put_back(database, entries, end)
    status, output = run("verify")
    assert (status, "the chain had reached row 4, which is not there any more" in output) == (
        1,
        True,
    )


def test_an_anchor_file_that_went_is_told(database: Database, home: Path) -> None:
    grow(database, 2)
    run("verify")
    (home / FILE).unlink()
    status, output = run("verify")
    assert (status, "There is no anchor file" in output) == (1, True)


def test_a_head_that_is_gone_is_told_although_it_cannot_be_written_down(
    database: Database,
) -> None:
    grow(database, 2)
    remove_head(database)
    status, output = run("verify")
    assert status == 1
    assert "The head of the chain was deleted" in output and "could not be written down" in output
    assert positions(database) == [1, 2]


def test_of_very_many_findings_the_rest_is_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MOST_LISTED", 2)
    grow(database, 11)
    for position in range(2, 11, 2):
        change(database, position, act="x")
    status, output = run("verify")
    assert (status, "Further findings, not listed: 3." in output) == (1, True)
    assert output.count("was altered, or another") == 2


def test_every_kind_of_finding_has_its_sentences() -> None:
    known = {key.removeprefix("audit_cli.finding.").split(".")[0] for key in catalogue()
             if key.startswith("audit_cli.finding.")}  # fmt: skip
    folder = Path(finding.__file__).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    assert {kind for kind in known if f'"{kind}"' not in code} == set()
    for kind in known:
        whole = {f"audit_cli.finding.{kind}"} & set(catalogue())
        pair = {f"audit_cli.finding.{kind}.{form}" for form in ("one", "many")} & set(catalogue())
        assert len(whole) + len(pair) in (1, 2) and not (whole and pair)


def test_what_cannot_run_ends_with_status_2(
    database: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / FILE).mkdir()
    status, output = run("verify")
    assert (status, "cannot be read or written" in output) == (2, True)
    monkeypatch.setenv("PASSAGE_DATABASE_URL", "sqlite:////no/such/folder/passage.db")
    status, output = run("verify")
    assert (status, "PASSAGE_DATABASE_URL" in output) == (2, True)
    monkeypatch.delenv("PASSAGE_SECRET_KEY")
    status, output = run("show")
    assert (status, "PASSAGE_SECRET_KEY" in output) == (2, True)


def test_ctrl_c_ends_with_status_2_and_promises_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "verify", interrupt)
    status, output = run("verify")
    assert (status, "Interrupted" in output, "intact" in output) == (2, True, False)


@pytest.fixture
def seen(database: Database) -> None:
    """Zoé saw her file twice, somebody else saw another one, an agent changed something."""
    with database.write() as session:
        zoe = add_zoe(session)
        other = add_person(session, uci="00000888")
        application = add_application(session, "E000000888", "citizenship_adult_grant")
        with time_machine.travel(now() - timedelta(days=10), tick=False):
            record(session, "case.disclosed", person_id=zoe.id, application_id=1, question="old")
        record(session, "case.disclosed", person_id=zoe.id, application_id=1, question="new")
        record(session, "case.disclosed", person_id=other.id, application_id=application.id)
        record(session, "identity.locked", person_id=zoe.id, agent="agent7", reason="failures")
        record(session, "case.disclosed", person_id=999, application_id=998)


def shown(*words: str) -> list[str]:
    """The positions in the table."""
    status, output = run("show", *words)
    assert status == 0
    return [line.split("│")[1].strip() for line in output.splitlines() if line.startswith("│")]


@pytest.mark.usefixtures("seen")
def test_rows_are_shown_newest_first_with_who_and_what() -> None:
    status, output = run("show")
    table = [[cell.strip() for cell in line.split("│")[1:-1]]
             for line in output.splitlines() if line.startswith("│")]  # fmt: skip
    assert status == 0
    assert [row[0] for row in table] == ["5", "4", "3", "2", "1"]
    assert table[0][3:5] == ["#999", "#998"], "what is gone from the database"
    assert table[1][2:4] == ["identity.locked", "00000777"] and table[1][6] == "agent7"
    assert table[2][3:5] == ["00000888", "E000000888"]
    assert table[3][4] == "F000000777" and table[3][7] == 'question="new"'


@pytest.mark.usefixtures("seen")
def test_rows_are_chosen_by_application_person_act_and_day() -> None:
    assert shown("--application", "f 000 000 777") == ["2", "1"]
    assert shown("--uci", "0000-0777") == ["4", "2", "1"]
    assert shown("--uci", "0000-0777", "--act", "identity.locked") == ["4"]
    week = f"{now() - timedelta(days=7):%Y-%m-%d}"
    assert shown("--uci", "0000-0777", "--act", "case.disclosed", "--since", week) == ["2"]


@pytest.mark.usefixtures("seen")
def test_both_secrets_find_during_a_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_SECRET_KEY", NEW_SECRET)
    monkeypatch.setenv("PASSAGE_SECRET_KEY_PREVIOUS", SECRET_KEY)
    assert shown("--application", "F000000777") == ["2", "1"]
    assert shown("--uci", "00000777", "--act", "identity.locked") == ["4"]


@pytest.mark.usefixtures("seen")
def test_no_more_than_the_limit_and_it_is_said() -> None:
    assert shown("--limit", "2") == ["5", "4"]
    assert "there are more" in run("show", "--limit", "2")[1]
    assert "there are more" not in run("show", "--application", "F000000777", "--limit", "2")[1]


@pytest.mark.usefixtures("seen")
def test_showing_the_trail_is_written_down_in_it(database: Database) -> None:
    run("show", "--application", "F000000777", "--act", "case.disclosed", "--limit", "1")
    last = rows(database)[-1]
    assert (last["act"], last["agent"]) == ("audit.shown", operator_name())
    assert last["application_id"] == 1
    assert last["detail"] == {"since": None, "act": "case.disclosed", "limit": 1, "rows": 1}
    assert findings(database) == []


@pytest.mark.usefixtures("seen")
def test_what_cannot_be_written_down_is_not_shown(database: Database) -> None:
    change_head(database, seal=bytes(32))
    status, output = run("show")
    assert (status, "nothing more is done" in output, "00000777" in output) == (2, True, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--application", "12"), "cannot be an application number"),
        (("--uci", "12"), "cannot be a UCI"),
        (("--application", "F000000999"), "no application with this number"),
        (("--uci", "00000999"), "no person with this UCI"),
    ],
)
def test_who_or_what_is_not_there_ends_with_status_2(
    database: Database, words: tuple[str, str], said: str
) -> None:
    status, output = run("show", *words)
    assert (status, said in output) == (2, True)
    assert positions(database) == []


def test_no_row_that_fits_is_said(database: Database) -> None:
    status, output = run("show", "--act", "none")
    assert (status, "No row of the audit trail fits" in output) == (0, True)
    assert positions(database) == [1], "that somebody looked is written down"


@pytest.mark.usefixtures("seen")
def test_the_table_speaks_the_language_of_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_LANG", "fr")
    output = run("show")[1]
    assert "Quand (UTC)" in output and "Demande" in output and "When" not in output


def test_an_altered_row_cannot_steer_the_terminal(database: Database) -> None:
    grow(database, 1)
    change(database, 1, act="\x1b[31m[red]x", agent="\x07\r")
    output = run("show")[1]
    assert "\x1b" not in output and "\x07" not in output and "[red]x" in output
    assert printable("a\x1b\u202eb") == "a\ufffd\ufffdb"


@only_sqlite
def test_a_row_that_no_model_can_hold_is_shown_as_it_is(database: Database) -> None:
    grow(database, 2)
    with database.write() as session:
        for change_it in ("at = 'yesterday'", "detail = '{'", "person_id = 'seven'"):
            session.execute(text(f"UPDATE audit_entry SET {change_it} WHERE position = 1"))
    output = run("show")[1]
    assert "yesterday" in output and "│ { " in output and "#seven" in output


@pytest.mark.usefixtures("seen")
def test_a_file_sealed_with_another_secret_is_told(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE application SET number = number_index"))
    status, output = run("show")
    assert (status, "sealed with another secret" in output) == (2, True)
    assert len(rows(database)) == 5, "nothing was shown, and nothing says that it was"


def test_the_operator_is_not_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    name = operator_name()
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, "somebody-else")
    assert operator_name() == name

    def no_terminal() -> str:
        raise OSError

    monkeypatch.setattr(os, "getlogin", no_terminal)
    assert operator_name() not in ("", "somebody-else")
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_000)
    assert operator_name() == "uid 2000000000"
    monkeypatch.setattr(os, "getlogin", lambda: "x" * 90)
    assert operator_name() == "x" * 40


def test_the_command_is_mounted(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import __main__

    monkeypatch.setattr("sys.argv", ["passage", "audit", "--help"])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 0


def test_rows_under_another_secret_are_told_from_tampering(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Database(database.url, Keys(NEW_SECRET, SECRET_KEY))
    grow(database, 2)
    grow(both, 1)
    both.close()
    status, output = run("verify")
    assert (status, "This need not be tampering" in output) == (1, True)
    monkeypatch.setenv("PASSAGE_SECRET_KEY_PREVIOUS", NEW_SECRET)
    assert run("verify")[0] == 0
