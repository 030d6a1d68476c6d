"""Understanding beside stock Rasa: both trained on the same lines, both asked the same questions.

Stock is the pipeline that `rasa init` of 3.6.21 recommends (DIET, 100 epochs). It needs hours for
all of data/nlu, so both learn from the first LINES of each intent and language. What a message
costs is also asked of the project's own model, which learned from all lines and so needs its slower
half less often. Each model has a process of its own. They are asked all lines one after the other,
in ROUNDS passes that take turns, as a busy service is; then single lines in turn, after which each
finds its caches cold, as a service with little to do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from bench.listening import Listener
from bot.model import ROOT, check_model
from bot.settings import model_dir
from bot.yaml_files import read_yaml
from tests.understanding import figures
from tests.understanding.lines import Heard, dev_lines

LINES = int(os.environ.get("PASSAGE_BENCH_LINES", "12"))
ROUNDS = 5
EPOCHS = int(os.environ.get("PASSAGE_BENCH_EPOCHS", "100"))
STOCK: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": EPOCHS, "constrain_similarities": True, "random_seed": 42},
    {"name": "EntitySynonymMapper"},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]


def run() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        data = _lines(Path(folder))
        ours, ours_seconds = _train(
            Path(folder), "ours", read_yaml(ROOT / "config.yml")["pipeline"], data
        )
        stock, stock_seconds = _train(Path(folder), "stock", STOCK, data)
        own = check_model(model_dir())
        passes, in_turn = _ask_each([ours, own], stock)
    said, _, stock_said = passes
    what = f"training, CPU seconds ({LINES} lines an intent and language)"
    rows = [f"| {what} | {ours_seconds:.0f} | {stock_seconds:.0f} |"]
    beside = figures.parts(stock_said)
    for name, part in figures.parts(said).items():
        rows.append(
            f"| accuracy, {name} | {figures.accuracy(part):.1%} "
            f"| {figures.accuracy(beside[name]):.1%}, "
            f"before its fallback {_before_fallback(beside[name]):.1%} |"
        )
    for how, (few, all_, peer) in (("one after the other", passes), ("in turn", in_turn)):
        rows.append(_cost(f"as many lines, {how}", few, peer))
        rows.append(_cost(f"ours with all lines, {how}", all_, peer))
    return rows


def _cost(learned: str, said: list[Heard], stock_said: list[Heard]) -> str:
    mine, theirs = figures.milliseconds(said), figures.milliseconds(stock_said)
    return (
        f"| a message, CPU ms at p50 / p95 ({learned}) | {mine[0]:.2f} / {mine[1]:.2f} "
        f"| {theirs[0]:.2f} / {theirs[1]:.2f}: "
        f"{theirs[0] / mine[0]:.1f} / {theirs[1] / mine[1]:.1f} times |"
    )


def _before_fallback(said: list[Heard]) -> float:
    return sum(one.best == one.line.intent for one in said) / len(said)


def _lines(folder: Path) -> Path:
    """The first LINES of each block of data/nlu."""
    data = folder / "nlu.yml"
    blocks = [
        block
        for path in sorted((ROOT / "data/nlu").glob("*.yml"))
        for block in read_yaml(path)["nlu"]
    ]
    for block in blocks:
        block["examples"] = "\n".join(block["examples"].splitlines()[:LINES]) + "\n"
    data.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), "utf-8")
    return data


def _train(
    folder: Path, name: str, pipeline: list[dict[str, Any]], data: Path
) -> tuple[Path, float]:
    """The trained model and the CPU seconds that it took."""
    config = folder / f"{name}.yml"
    config.write_text(
        yaml.safe_dump(
            {"recipe": "default.v1", "assistant_id": name, "language": "en", "pipeline": pipeline}
        )
    )
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        "nlu",
        "--config",
        str(config),
        "--nlu",
        str(data),
    ]
    before = os.times()
    subprocess.run(
        [*command, "--fixed-model-name", name, "--out", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
    )
    after = os.times()
    used = after.children_user - before.children_user
    seconds = used + after.children_system - before.children_system
    return folder / f"{name}.tar.gz", seconds


def _ask_each(ours: list[Path], stock: Path) -> tuple[list[list[Heard]], list[list[Heard]]]:
    """What each of ours understands, then what stock does: in passes, and in turn."""
    lines = list(dev_lines())
    with ExitStack() as stack:
        models = [*((model, True) for model in ours), (stock, False)]
        listeners = [stack.enter_context(Listener(*model)) for model in models]
        passes = [[one.ask(lines) for one in listeners] for _ in range(ROUNDS)]
        turns = [[one.ask([line])[0] for one in listeners] for line in lines]
    return [_middle(of_one) for of_one in zip(*passes, strict=True)], [
        list(of_one) for of_one in zip(*turns, strict=True)
    ]


def _middle(passes: Sequence[list[Heard]]) -> list[Heard]:
    """What was understood, and of each line the median of what it cost in the passes."""
    return [
        replace(same[0], seconds=median(one.seconds for one in same))
        for same in zip(*passes, strict=True)
    ]
