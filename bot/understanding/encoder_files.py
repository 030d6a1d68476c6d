"""Writes the encoder's three files from the package's weights: once, when the model is trained."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from bot.understanding.encoder import LAYERS, MAX_TOKENS, PIECES, TABLE, body_name
from bot.understanding.onnx_body import build_body
from bot.understanding.weights import Weights, read_weights

UNKNOWN = "<unk>"
_SPECIAL = ("<s>", "<pad>", "</s>", UNKNOWN)


def build_encoder(folder: Path) -> None:
    """Write the files; takes about 10 seconds.

    Raises:
        WrongWeights: the package's file is another one.
    """
    weights = read_weights()
    kept = [at for at, (piece, _) in enumerate(weights.vocabulary) if _is_ours(piece)]
    first = 0
    for number, layers in enumerate(LAYERS):
        (folder / body_name(number)).write_bytes(build_body(weights, first, layers))
        first = max(layers) + 1
    _write_table(weights, kept, folder / TABLE)
    _write_pieces(weights, kept, folder / PIECES)


def _is_ours(piece: str) -> bool:
    """Written with Latin letters, digits and marks: more than half of the pieces, and their memory,
    are of other scripts, whose words become unknown ones here."""
    return piece in _SPECIAL or all(
        not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") for char in piece
    )


def _write_table(weights: Weights, kept: list[int], path: Path) -> None:
    hidden = weights.shape.hidden
    places = weights.matrix("emb.pos", hidden)[:MAX_TOKENS] + weights.matrix("emb.type", hidden)[0]
    rows = weights.packed_rows("emb.word", hidden)
    with path.open("wb") as file:
        np.savez(file, rows=rows[kept], places=places)


def _write_pieces(weights: Weights, kept: list[int], path: Path) -> None:
    vocabulary = [weights.vocabulary[at] for at in kept]
    unknown = next(at for at, (piece, _) in enumerate(vocabulary) if piece == UNKNOWN)
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s{2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.save(str(path), pretty=False)
