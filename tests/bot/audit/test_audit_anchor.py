"""The anchor file shows what the database alone cannot: that it was set back as a whole."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.audit import AuditBroken
from bot.audit import anchor as anchors
from bot.audit.anchor import FILE, anchor_end, write_anchor
from bot.audit.chain import NEW_HEAD
from bot.audit.finding import Finding
from bot.audit.marking import mark
from bot.audit.stored import still
from bot.audit.verify import verify
from bot.store import Database, Keys
from tests.bot.audit.trails import (
    change,
    change_head,
    findings,
    grow,
    head,
    kinds,
    only_sqlite,
    put_back,
    remove,
    remove_head,
    rows,
)
from tests.conftest import SECRET_KEY

NEW_SECRET = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


@pytest.fixture
def anchored(database: Database, path: Path) -> list[bytes]:
    """Lines for rows 3, 6 and 9, which is the last one."""
    for _ in range(3):
        grow(database, 3)
        write_anchor(database, path)
    return lines(path)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def put_lines(path: Path, wanted: list[bytes]) -> None:
    path.write_bytes(b"".join(wanted))


def test_an_anchored_trail_has_no_findings(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    assert [json.loads(line)["position"] for line in anchored] == [3, 6, 9]
    assert findings(database, path) == []
    assert path.stat().st_mode & 0o077 == 0, "for the operator's eyes only"


def test_without_a_new_row_there_is_no_new_line(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    write_anchor(database, path)
    assert lines(path) == anchored


def test_an_empty_trail_needs_no_anchor(database: Database, path: Path) -> None:
    write_anchor(database, path)
    assert lines(path) == []
    assert findings(database, path) == []


def test_a_backup_put_back_is_found(database: Database, path: Path) -> None:
    grow(database, 4)
    entries, end = rows(database), head(database)
    grow(database, 5)
    write_anchor(database, path)
    put_back(database, entries, end)
    assert findings(database) == [], "the chain alone does not show it"
    assert kinds(database, path) == [("anchor_beyond", 1, 9)]


def test_a_backup_put_back_is_found_after_the_trail_has_grown_again(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    entries, end = rows(database), head(database)
    grow(database, 3)
    write_anchor(database, path)  # 12
    grow(database, 5)
    write_anchor(database, path)  # 17
    put_back(database, entries, end)
    grow(database, 4)  # 13
    with structlog.testing.capture_logs() as logs:
        write_anchor(database, path)
    assert [entry["event"] for entry in logs] == ["audit.set_back"]
    assert kinds(database, path) == [("anchor_differs", 10, 12), ("anchor_beyond", 10, 17)]
    grow(database, 9)
    assert kinds(database, path) == [("anchor_differs", 10, 17)]


def test_a_trail_emptied_as_on_the_first_day_is_found(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    remove(database, *range(1, 10))
    change_head(database, **NEW_HEAD._asdict())
    assert findings(database) == []
    assert kinds(database, path) == [("anchor_beyond", 1, 9)]


def test_a_tail_cut_with_a_genuine_older_head_is_found(database: Database, path: Path) -> None:
    grow(database, 5)
    older = head(database)
    grow(database, 4)
    write_anchor(database, path)
    remove(database, 6, 7, 8, 9)
    change_head(database, **older)
    assert findings(database) == []
    assert kinds(database, path) == [("anchor_beyond", 1, 9)]


@pytest.mark.parametrize("fault", ["altered", "missing", "other key"])
def test_a_head_that_cannot_be_relied_on_is_not_anchored(
    database: Database, path: Path, anchored: list[bytes], fault: str
) -> None:
    grow(database, 1)
    opened = database
    if fault == "altered":
        change_head(database, position=7)
    elif fault == "missing":
        remove_head(database)
    else:
        opened = Database(database.url, Keys(NEW_SECRET))
    with pytest.raises(AuditBroken):
        write_anchor(opened, path)
    assert lines(path) == anchored
    opened.close()


def test_a_row_that_is_missing_is_told_once(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    remove(database, 6)
    assert kinds(database, path) == [("missing", 6, 6), ("unproven", 7, 7)]
    remove(database, 7, 8, 9)
    assert kinds(database, path) == [("cut", 6, 9)]


def test_lines_written_while_the_trail_is_verified_are_no_findings(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    def meanwhile(_read: int, _of: int) -> None:
        grow(database, 1)
        write_anchor(database, path)

    with still(database.engine, database.keys) as session:
        assert list(verify(session, path, meanwhile)) == []
    assert len(lines(path)) == 4


def edited(line: bytes, **values: Any) -> bytes:
    return json.dumps({**json.loads(line), **values}, sort_keys=True).encode() + b"\n"


@only_sqlite
@pytest.mark.parametrize(
    "values",
    [
        {"position": 7},
        {"position": "6"},
        {"hash": "00" * 32},
        {"at": "2020-01-01T00:00:00+00:00"},
        {"before": "00" * 32},
        {"seal": "00" * 32},
        {"key": 3},
        {"more": 1},
    ],
)
def test_an_altered_line_is_named(
    database: Database, path: Path, anchored: list[bytes], values: dict[str, Any]
) -> None:
    put_lines(path, [anchored[0], edited(anchored[1], **values), anchored[2]])
    assert findings(database, path) == [Finding("anchor_damaged", line=2)]


@only_sqlite
@pytest.mark.parametrize(
    "line", [b"\n", b"{\n", b"[]\n", b"\xff\xfe\n", b"x" * 10_000 + b"\n", b"[" * 4000 + b"\n"]
)
def test_a_line_that_cannot_be_read_is_named_and_the_others_still_count(
    database: Database, path: Path, anchored: list[bytes], line: bytes
) -> None:
    put_lines(path, [*anchored[:2], line, anchored[2]])
    found = findings(database, path)
    assert {entry.kind for entry in found} == {"anchor_damaged"} and found[0].line == 3
    change(database, 9, hash=b"x" * 32)
    assert ("anchor_differs", 7, 9) in kinds(database, path)


@only_sqlite
@pytest.mark.parametrize(
    ("kept", "line"), [((0, 2), 2), ((1, 2), 1), ((2,), 1), ((1, 0, 2), 1), ((0, 1, 1, 2), 3)]
)
def test_lines_that_are_missing_or_moved_are_named(
    database: Database, path: Path, anchored: list[bytes], kept: tuple[int, ...], line: int
) -> None:
    put_lines(path, [anchored[number] for number in kept])
    assert findings(database, path)[0] == Finding("anchor_gap", line=line)


def test_a_file_that_lost_its_end_since_the_last_verification_is_found(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    mark(database, path, findings=0, agent="operator")
    assert findings(database, path) == []
    put_lines(path, anchored[:2])
    assert findings(database, path) == [Finding("anchor_shortened", line=3)]
    grow(database, 1)
    write_anchor(database, path)
    assert len(lines(path)) == 3
    assert findings(database, path) == [Finding("anchor_shortened", line=3)], "nor if it grew again"
    path.unlink()
    assert findings(database, path) == [Finding("anchor_missing")]
    mark(database, path, findings=1, agent="operator")
    assert findings(database, path) == [], "it was said once"


def test_a_new_installation_has_no_file_yet_and_no_findings(database: Database, path: Path) -> None:
    grow(database, 3)
    assert findings(database, path) == []


@only_sqlite
def test_a_line_that_was_broken_off_spoils_no_later_one(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    put_lines(path, [*anchored[:2], anchored[2][:100]])
    grow(database, 1)
    write_anchor(database, path)
    assert findings(database, path) == [Finding("anchor_damaged", line=3)]
    assert anchor_end(path)[0] == 4


@only_sqlite
def test_on_a_full_disk_no_piece_of_a_line_stays(
    database: Database, path: Path, anchored: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        """A file on a disk that takes ten more bytes."""

        def __init__(self, file: Any) -> None:
            self._file = file

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def write(self, data: bytes) -> int:
            return int(self._file.write(data[:10]))

    append = anchors._append
    monkeypatch.setattr(anchors, "_append", lambda file, line: append(Full(file), line))
    grow(database, 1)
    with pytest.raises(OSError, match="space"):
        write_anchor(database, path)
    assert lines(path) == anchored


def test_lines_are_found_from_the_end_of_a_long_file(path: Path) -> None:
    path.write_bytes(b"a\n" * 5_000 + b"b" * 9_000)
    with path.open("rb") as file:
        assert anchors._last_line(file) == b"b" * 9_000
    path.write_bytes(b"a" * 4_095 + b"\n" + b"c\n")
    with path.open("rb") as file:
        assert anchors._last_line(file) == b"c"


def test_many_writers_make_one_row_of_lines(database: Database, path: Path) -> None:
    def write() -> None:
        for _ in range(5):
            grow(database, 1)
            write_anchor(database, path)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert findings(database, path) == []
    found = [json.loads(line)["position"] for line in lines(path)]
    assert found == sorted(set(found)) and found[-1] == 20


@only_sqlite
def test_a_writer_waits_for_the_one_before(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    grow(database, 1)
    writer = threading.Thread(target=write_anchor, args=(database, path))
    with anchors._held(path):
        writer.start()
        writer.join(0.3)
        assert writer.is_alive() and lines(path) == anchored
        grow(database, 1)
    writer.join()
    assert json.loads(lines(path)[-1])["position"] == 11, "the head is read when it is its turn"


def test_lines_under_a_key_that_is_not_configured_are_told_from_tampering(
    database: Database, path: Path, anchored: list[bytes]
) -> None:
    new = Database(database.url, Keys(NEW_SECRET))
    assert findings(new, path)[-1] == Finding("anchor_key", line=1)
    both = Database(database.url, Keys(NEW_SECRET, SECRET_KEY))
    grow(both, 1)
    write_anchor(both, path)
    assert findings(both, path) == []
    kinds_of_lines = {found.kind for found in findings(new, path)}
    assert kinds_of_lines == {"unknown_key"}, "the later line vouches for those before it"
    forged = edited(lines(path)[1], position=5)
    put_lines(path, [anchored[0], forged, anchored[2], lines(path)[3]])
    assert Finding("anchor_gap", line=3) in findings(new, path)
    both.close()
    new.close()
