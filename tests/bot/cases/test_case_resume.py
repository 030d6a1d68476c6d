"""An import that is killed goes on where it was, and only one runs at a time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from bot.cases import importing, source, worker
from bot.cases.errors import CannotImport, ImportBusy
from bot.cases.generating import generate
from bot.cases.importing import ImportProgress, ImportResult, import_cases
from bot.store import CaseImport, Database
from tests.bot.cases.case_files import contents, later, record, rejected_lines, write_file
from tests.conftest import KEYS

ROOT = Path(__file__).parents[3]
IMPORTER = """
    import sys
    from pathlib import Path
    from bot.cases import worker
    from bot.store import Database
    from tests.conftest import KEYS
    from tests.bot.cases.test_case_resume import import_when_free
    worker.SMALL_BYTES = 0
    url, path = sys.argv[1:]
    import_when_free(Database(url, KEYS), Path(path), lambda at: print(at.lines, flush=True))
"""
PATIENCE_SECONDS = 20


@pytest.fixture
def unbroken(tmp_path: Path) -> Iterator[Database]:
    """A second database, for an import that nobody disturbs."""
    database = Database(f"sqlite:///{tmp_path / 'unbroken.db'}", KEYS)
    database.migrate()
    yield database
    database.close()


def import_when_free(database: Database, path: Path, moved: Any = None) -> ImportResult:
    """Import as soon as nobody else does: PostgreSQL needs a moment to see that a client died."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return import_cases(database, path, moved)
        except ImportBusy:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def importer(url: str, path: Path) -> subprocess.Popen[str]:
    """A real importer in a process of its own; it prints the lines done after each batch."""
    command = [sys.executable, "-c", textwrap.dedent(IMPORTER), url, str(path)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def kill_after(process: subprocess.Popen[str], lines: int, pause: float) -> None:
    """kill -9 `pause` seconds after `lines` lines were done: some way into the next batch."""
    assert process.stdout is not None
    for said in process.stdout:
        if int(said) >= lines:
            break
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def readers(path: Path) -> list[int]:
    """The processes that read this file for an importer."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if "bot.cases.worker" in line and str(path) in line:
            found.append(process.pid)
    return found


def test_a_killed_import_goes_on_and_ends_like_an_unbroken_one(
    database: Database, unbroken: Database, tmp_path: Path
) -> None:
    rng = random.Random(8)
    lines = [b"{" if n % 50 == 7 else raw for n, raw in enumerate(generate(3_000, 6))]
    lines += [record(), later(1, overall="closed")]
    path = write_file(tmp_path / "cases.jsonl", *lines)
    for done in (0, 1_000):
        kill_after(importer(database.url, path), done, rng.uniform(0, 0.2))
    result = import_when_free(database, path)
    assert result.resumed_after >= 1_000
    broken_rejects = rejected_lines(path)
    assert import_cases(unbroken, path).resumed_after == 0
    assert contents(database) == contents(unbroken)
    assert broken_rejects == rejected_lines(path)
    assert [entry["line"] for entry in broken_rejects] == list(range(8, 3_001, 50))
    assert (result.added, result.rejected) == (3_001 - 60, 60)
    patience = time.monotonic() + PATIENCE_SECONDS
    while readers(path) and time.monotonic() < patience:
        time.sleep(0.05)
    assert readers(path) == []


def break_off(database: Database, path: Path, after: int) -> None:
    """An import that fails after so many batches."""
    calls = iter(range(after + 1))

    def moved(_: ImportProgress) -> None:
        if next(calls) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_cases(database, path, moved)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "BATCH_LINES", 10)


@pytest.mark.usefixtures("small_batches")
def test_rejected_lines_written_before_the_kill_are_not_doubled(
    database: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path / "cases.jsonl", *[b"{"] * 35)
    break_off(database, path, 2)
    aside = path.with_name("cases.jsonl.rejected.jsonl")
    # What a kill between the rejected lines and the commit leaves: a whole line and half a one.
    with aside.open("ab") as file:
        file.write(b'{"line": 21, "reason": {}, "record": "{"}\n{"line": 22, "rea')
    assert import_cases(database, path).resumed_after == 20
    assert [entry["line"] for entry in rejected_lines(path)] == list(range(1, 36))


@pytest.mark.usefixtures("small_batches")
def test_an_import_that_lost_its_rejected_lines_starts_over(
    database: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path / "cases.jsonl", b"{", *generate(29, 2))
    break_off(database, path, 2)
    moved = tmp_path / "elsewhere" / "cases.jsonl"
    moved.parent.mkdir()
    path.rename(moved)
    result = import_cases(database, moved)
    assert (result.resumed_after, result.added, result.unchanged) == (0, 10, 19)
    assert [entry["line"] for entry in rejected_lines(moved)] == [1]


@pytest.mark.usefixtures("small_batches")
def test_the_same_bytes_under_another_name_go_on(database: Database, tmp_path: Path) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(30, 2))
    break_off(database, path, 1)
    other = path.rename(tmp_path / "renamed.jsonl")
    assert import_cases(database, other).resumed_after == 10


@pytest.mark.usefixtures("small_batches")
def test_a_batch_that_fails_leaves_nothing_of_itself(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(10, 2))
    before = contents(database)

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(importing, "save", fail)
    with pytest.raises(OSError, match="no space"):
        import_cases(database, path)
    assert contents(database) == before


def test_a_second_importer_is_told_to_wait(database: Database, tmp_path: Path) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(3, 2))
    refused: list[str] = []

    def meanwhile(_: ImportProgress) -> None:
        with pytest.raises(ImportBusy) as busy:
            import_cases(Database(database.url, KEYS), path)
        refused.extend(busy.value.text(language) for language in ("en", "fr"))

    assert import_cases(database, path, meanwhile).added == 3
    assert "Another import is running" in refused[0]
    assert "importation est en cours" in refused[1]


def test_the_lock_goes_with_a_killed_importer(database: Database, tmp_path: Path) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(1_200, 2))
    kill_after(importer(database.url, path), 0, 0.1)
    assert import_when_free(database, path).lines == 1_200


@pytest.mark.usefixtures("small_batches")
def test_a_file_that_changes_while_it_is_read_stops_the_import(
    database: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(30, 2))

    def grow(at: ImportProgress) -> None:
        if at.lines == 0:
            with path.open("ab") as file:
                file.write(b"{}\n")

    with pytest.raises(CannotImport, match="changed while it was being read"):
        import_cases(database, path, grow)


@pytest.mark.usefixtures("small_batches")
def test_a_finished_import_says_so_and_a_broken_one_does_not(
    database: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(30, 2))
    break_off(database, path, 1)
    assert finished(database) == [False]
    import_cases(database, path)
    assert finished(database) == [True]


def finished(database: Database) -> list[bool]:
    with database.read() as session:
        return [at is not None for at in session.scalars(select(CaseImport.finished_at))]


def test_a_worker_that_dies_is_reported(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.sys, "executable", "/bin/false")
    monkeypatch.setattr(worker, "SMALL_BYTES", 0)
    path = write_file(tmp_path / "cases.jsonl", *generate(2, 2))
    with pytest.raises(CannotImport, match="ended too early"):
        import_cases(database, path)
