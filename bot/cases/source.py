"""A file of cases as it lies on disk: who it is, and its lines in batches, in flat memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bot.cases.entries import Record
from bot.cases.errors import CannotImport
from bot.cases.reasons import BadRecord, because
from bot.cases.record import parse_record

# One transaction each: long enough to share its fsync, short enough that nobody waits a second.
BATCH_LINES = 1_000
BATCH_BYTES = 8_000_000
LONGEST_LINE = 1_000_000
SHOWN_OF_LONG_LINE = 1_000
_CHUNK = 1 << 20


class Parsed(NamedTuple):
    """A good line: its number (from 1), the place of its bytes, what it says."""

    line: int
    offset: int
    length: int
    record: Record


class Rejected(NamedTuple):
    """A bad line: its number (from 1), why it was set aside, and its text as it stood."""

    line: int
    reason: dict[str, str]
    text: str


class Batch(NamedTuple):
    """`lines` counts all lines, blank ones too; `end` is the byte offset of the next line."""

    parsed: list[Parsed]
    rejected: list[Rejected]
    lines: int
    end: int


@dataclass(frozen=True)
class Source:
    """The file at `path`; `key` (size and SHA-256) is the same wherever the same bytes lie."""

    path: Path
    size: int
    modified: int
    key: str

    @classmethod
    def of(cls, path: Path) -> Source:
        """Read the whole file once for its key.

        Raises:
            OSError: it is missing or cannot be read.
        """
        digest = sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        stat = path.stat()
        return cls(path, stat.st_size, stat.st_mtime_ns, f"{stat.st_size}:{digest.hexdigest()}")

    def check_unchanged(self) -> None:
        """Raises CannotImport when the file is no longer the one whose key was taken."""
        stat = self.path.stat()
        if (stat.st_size, stat.st_mtime_ns) != (self.size, self.modified):
            raise CannotImport("file_changed", path=self.path)

    def text(self, parsed: Parsed) -> str:
        """The text of a line that was good when read."""
        with self.path.open("rb") as file:
            file.seek(parsed.offset)
            return _shown(file.read(parsed.length))


def read_batches(path: Path, position: int, lines: int) -> Iterator[Batch]:
    """The rest of the file from byte `position`, before which `lines` lines were read."""
    with path.open("rb") as file:
        file.seek(position)
        while batch := _read_batch(file, position, lines):
            yield batch
            position, lines = batch.end, lines + batch.lines


def _read_batch(file: BinaryIO, position: int, lines: int) -> Batch | None:
    start, number = position, lines
    parsed: list[Parsed] = []
    rejected: list[Rejected] = []
    while number - lines < BATCH_LINES and position - start < BATCH_BYTES:
        line = file.readline(LONGEST_LINE + 1)
        if not line:
            break
        number += 1
        offset, position = position, position + len(line) + _skip_rest(file, line)
        if offset == 0:
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            if len(line) > LONGEST_LINE:
                raise because("too_long", limit=LONGEST_LINE)
            if not line.isspace():
                parsed.append(Parsed(number, offset, position - offset, parse_record(line)))
        except BadRecord as bad:
            rejected.append(Rejected(number, bad.reason, _shown(line)))
    return Batch(parsed, rejected, number - lines, position) if number > lines else None


def _skip_rest(file: BinaryIO, line: bytes) -> int:
    """Read on to the end of a line that is too long; returns the bytes skipped."""
    skipped = 0
    while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
        line = file.readline(LONGEST_LINE + 1)
        skipped += len(line)
    return skipped


def _shown(line: bytes) -> str:
    """The line as text; bytes that are no UTF-8 are shown as \\xNN, so that nothing is lost."""
    if len(line) > LONGEST_LINE:
        line = line[:SHOWN_OF_LONG_LINE]
    return line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
