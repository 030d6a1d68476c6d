"""The anchor: a file beside the database that says where the chain has been.

A chain in the database alone cannot show that the database was set back as a whole, its head
included. So the sender's process (once a minute when the head moved) and `audit verify` add a line
to PASSAGE_HOME/audit.anchor: JSON with sorted keys, {"at", "before", "hash", "key", "position",
"seal"}. `before` is the SHA-256 of the line before, `seal` an HMAC of all the rest.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.audit.chain import Head, head_fault
from bot.audit.recording import AuditBroken
from bot.audit.stored import any_text, still, stored_head
from bot.clock import now
from bot.store import Database, Keys

FILE = "audit.anchor"
PURPOSE = "anchor"
NOTHING = "0" * 64  # what stands before the first line
_BLOCK = 4096

log = structlog.get_logger()


@dataclass(frozen=True)
class Anchor:
    """One line: at this moment the row at `position`, with this hash, was the last of the chain.
    Bytes are written as hexadecimal digits."""

    at: str
    before: str
    hash: str
    key: str
    position: int

    def line(self, keys: Keys) -> bytes:
        """The line with its seal, without a line break.

        Raises:
            CannotOpen: the key is not configured.
        """
        body = asdict(self)
        key = keys.of(PURPOSE, bytes.fromhex(self.key))
        seal = hmac.digest(key, json.dumps(body, sort_keys=True).encode(), hashlib.sha256)
        return json.dumps({**body, "seal": seal.hex()}, sort_keys=True).encode()


def read_anchor(line: bytes) -> Anchor | None:
    """What a line says; None when it cannot be read. Its seal is not looked at."""
    try:
        body = json.loads(line)
        body.pop("seal")
        anchor = Anchor(**body)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    return anchor if isinstance(anchor.position, int) else None


def digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def write_anchor(database: Database, path: Path) -> None:
    """Add a line for the present end of the chain, unless the last line says it already.

    Raises:
        AuditBroken: the head is missing or altered; what was forged must not be sealed.
        OSError: the file cannot be written.
    """
    # The head is read while the file is held: lines stand in the order of what they say.
    with _held(path) as file, still(database.engine, database.keys) as session:
        with any_text(session):
            head = stored_head(session)
        fault = head_fault(database.keys, head)
        if head is None or fault:
            raise AuditBroken(fault)
        last = _last_line(file)
        if head.position > 0 and not _says_already(last, head):
            _append(file, _next_line(database.keys, head, last))


def _says_already(last: bytes, head: Head) -> bool:
    anchor = read_anchor(last)
    if anchor is None:
        return False
    same = (anchor.position, anchor.hash) == (head.position, head.hash.hex())
    if anchor.position >= head.position and not same:
        log.error("audit.set_back")
    return same


def _next_line(keys: Keys, head: Head, last: bytes) -> bytes:
    anchor = Anchor(
        at=now().isoformat(timespec="seconds"),
        before=digest(last) if last else NOTHING,
        hash=head.hash.hex(),
        key=keys.id.hex(),
        position=head.position,
    )
    return anchor.line(keys)


def anchor_size(path: Path) -> int:
    """How many bytes the file has, all of whole lines; 0 when there is none."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return os.fstat(file.fileno()).st_size


def anchor_end(path: Path) -> tuple[int, str]:
    """How many lines the file has, and the digest of the last one."""
    count, end = 0, NOTHING
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        for raw in anchor_lines(file):
            count, end = count + 1, digest(raw.removesuffix(b"\n"))
    return count, end


def anchor_lines(file: Any) -> Iterator[bytes]:
    """The lines with their line breaks; one that is too long to be ours, in pieces."""
    return iter(lambda: file.readline(_BLOCK), b"")


@contextmanager
def _held(path: Path) -> Iterator[Any]:
    """The file, made if need be, with no other writer until the block ends."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _last_line(file: Any) -> bytes:
    """The last line, also one that was broken off; empty in an empty file."""
    end = file.seek(0, os.SEEK_END)
    tail = b""
    while end > 0 and b"\n" not in tail[:-1]:
        start = max(0, end - _BLOCK)
        file.seek(start)
        tail = file.read(end - start) + tail
        end = start
    return bytes(tail.removesuffix(b"\n").rpartition(b"\n")[2])


def _append(file: Any, line: bytes) -> None:
    """Write a whole line and wait until it is on the disk; on a full disk, nothing of it stays."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 1))
    broken_off = file.read() not in (b"", b"\n")
    data = (b"\n" if broken_off else b"") + line + b"\n"
    try:
        written = file.write(data)
    except OSError:
        written = 0
    if written != len(data):
        file.truncate(end)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file.name)
    os.fsync(file.fileno())
