"""A sentence as 384 numbers: multilingual-e5-small on onnxruntime, one sentence at a time.

One at a time also in training: dynamic 8-bit weights take their range from the whole batch, so a
sentence alone and in a batch would differ a little.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.understanding.arrays import Array
from bot.understanding.weights import unpack

DIMENSIONS = 384
# Longer messages are cut: what asks stands within it, and the cost grows with the length.
MAX_TOKENS = 128
# The model was trained with it before every question.
PREFIX = "query: "
BODY, TABLE, PIECES = "body.onnx", "table.npz", "pieces.json"


class Encoder:
    """Loads the three files that `build_encoder` wrote into `folder`."""

    def __init__(self, folder: Path) -> None:
        table = np.load(folder / TABLE, allow_pickle=False)
        self._rows, self._places = table["rows"], table["places"]
        self._tokenizer = Tokenizer.from_file(str(folder / PIECES))
        vocabulary = self._tokenizer.get_vocab()
        self._begin, self._end = vocabulary["<s>"], vocabulary["</s>"]
        self._body = onnxruntime.InferenceSession(
            (folder / BODY).read_bytes(), _quiet(), providers=["CPUExecutionProvider"]
        )

    def encode(self, text: str) -> Array:
        """`text` as float32 (384,) of length 1."""
        (hidden,) = self._body.run(None, {"embedded": self._embedded(self.pieces(text))})
        mean = hidden[0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)

    def pieces(self, text: str) -> list[int]:
        """The ids of the pieces of `text`, with its beginning and end."""
        found = self._tokenizer.encode(PREFIX + text, add_special_tokens=False).ids
        return [self._begin, *found[: MAX_TOKENS - 2], self._end]

    def _embedded(self, ids: list[int]) -> Array:
        words = unpack(self._rows[ids]).reshape(len(ids), DIMENSIONS)
        return (words + self._places[: len(ids)])[None]


def _quiet() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # An arena and its patterns are for equal shapes; sentences differ in length.
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = False
    return options
