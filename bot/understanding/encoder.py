"""A sentence as numbers: multilingual-e5-small on onnxruntime, one sentence at a time.

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
# Their means say more together than the last one alone (docs/adr/0016).
LAYERS = (2, 5, 8, 11)
# The cost grows with the length. Of longer messages the middle is left out: what they are about
# stands at the beginning, what they ask at the end.
MAX_TOKENS = 40
AT_THE_BEGINNING = 11
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
        """`text` as float32 (len(LAYERS) * 384,): for each layer 384 numbers of length 1."""
        (means,) = self._body.run(None, {"embedded": self._embedded(self.pieces(text))})
        layers = means.reshape(len(LAYERS), DIMENSIONS)
        layers /= np.linalg.norm(layers, axis=1, keepdims=True)
        return np.asarray(layers.reshape(-1), dtype=np.float32)

    def pieces(self, text: str) -> list[int]:
        """The ids of the pieces of `text`, with its beginning and end."""
        found = self._tokenizer.encode(PREFIX + text, add_special_tokens=False).ids
        over = len(found) + 2 - MAX_TOKENS
        if over > 0:
            del found[AT_THE_BEGINNING : AT_THE_BEGINNING + over]
        return [self._begin, *found, self._end]

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
