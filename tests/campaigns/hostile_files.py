"""Sixty hostile files: each gets its verdict, none harms the process that asked, and nothing of a
file but its pixels is kept."""

from __future__ import annotations

import struct

from bot.photos.checking import check_photo_now
from bot.photos.report import PhotoReport
from tests.campaigns.hostile_corpus import MARKER, Hostile, corpus
from tests.campaigns.outcome import Outcome

MEMORY = 512 * 1024 * 1024
# Of a JPEG: what says how it is encoded, and the JFIF header.
NEEDED = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def hostile_files_do_no_harm(seed: int, every: int = 1, named: str = "") -> Outcome:
    """Check each of the files, or each `every`-th, of those with this in their name.

    A child that is killed (one file wants it) does not tell its memory; the kernel bounds it.
    """
    outcome = Outcome("hostile files", seed)
    files = [hostile for hostile in corpus(seed) if named in hostile.name][::every]
    peaks = []
    for hostile in files:
        report = check_photo_now(hostile.raw)
        peaks.append(report.memory)
        outcome.failures += [f"{hostile.name}: {wrong}" for wrong in _wrong(hostile, report)]
        if report.memory >= MEMORY:
            outcome.failures.append(f"{hostile.name}: {report.memory:,} bytes")
    outcome.figures = {
        "files": len(files),
        "refused": sum(not hostile.is_harmless for hostile in files),
        "kept without anything but pixels": sum(hostile.is_harmless for hostile in files),
        "most memory in MB": max(peaks) // 2**20,
    }
    return outcome


def _wrong(hostile: Hostile, report: PhotoReport) -> list[str]:
    wrong = []
    if hostile.is_harmless and report.problems:
        wrong.append(f"refused: {sorted(report.kinds)}")
    if not hostile.is_harmless and not hostile.kinds & report.kinds:
        wrong.append(f"{sorted(report.kinds)} instead of {sorted(hostile.kinds)}")
    if report.picture:
        wrong += _left_over(report.picture)
    return wrong


def _left_over(picture: bytes) -> list[str]:
    """What a JPEG holds besides its pixels."""
    if not picture.startswith(b"\xff\xd8\xff"):
        return [f"kept no JPEG but {picture[:8]!r}"]
    found = [word for word in (MARKER, b"Exif", b"GPS", b"ICC_", b"http") if word in picture]
    segments, end = _segments(picture)
    extra = sorted(set(segments) - NEEDED)
    trailing = [] if picture[end:] == b"" else ["bytes behind the end"]
    return [f"kept {what!r}" for what in (*found, *extra, *trailing)]


def _segments(picture: bytes) -> tuple[list[int], int]:
    """The markers of a baseline JPEG, and where it ends."""
    markers, at = [], 2
    while True:
        marker, length = picture[at + 1], struct.unpack(">H", picture[at + 2 : at + 4])[0]
        markers.append(marker)
        at += 2 + length
        if marker == 0xDA:
            return markers, picture.index(b"\xff\xd9", at) + 2
