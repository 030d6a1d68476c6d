"""make understand: the trained model on the development set, as a table and a picture."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot.logs import configure_logs
from bot.model import check_model
from bot.settings import model_dir
from bot.understanding.reading import folded
from tests.understanding import figures
from tests.understanding.held_out import ask_held_out
from tests.understanding.lines import Heard, ask, dev_lines, training_lines
from tests.understanding.picture import draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", type=Path, help="a trained Rasa model; the project's own if none"
    )
    parser.add_argument(
        "--held-out", action="store_true", help="train on four fifths of data/nlu, ask the last one"
    )
    parser.add_argument(
        "--outside", action="store_true", help="ask the second set, by yet other hands"
    )
    parser.add_argument("--report", type=Path, default=Path("reports/understanding.md"))
    wanted = parser.parse_args()
    configure_logs("understand")
    if wanted.held_out:
        with tempfile.TemporaryDirectory() as folder:
            said, what = ask_held_out(Path(folder)), "training lines that it had not seen"
    else:
        model = wanted.model or check_model(model_dir())
        said = asyncio.run(_listen(model, "outside" if wanted.outside else "dev"))
        what = "lines of the second set" if wanted.outside else "lines of the development set"
    report = "\n".join(_report(said, what))
    wanted.report.parent.mkdir(exist_ok=True)
    wanted.report.write_text(report + "\n", "utf-8")
    draw(said, wanted.report.with_suffix(".png"))
    print(report)  # noqa: T201


async def _listen(model: Path, of: str) -> list[Heard]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from bot.engine.reading_only import load_to_read

    return await ask(load_to_read(model), dev_lines(of))


def _report(said: list[Heard], what: str) -> Iterable[str]:
    yield f"Understanding, {date.today()}: {len(said)} {what}."
    yield ""
    yield "| lines | number | accuracy | macro-F1 | calibration error | ms p50 | ms p95 |"
    yield "|---|---|---|---|---|---|---|"
    for name, part in {**figures.parts(said), "in other words": _in_other_words(said)}.items():
        p50, p95 = figures.milliseconds(part)
        yield (
            f"| {name} | {len(part)} | {figures.accuracy(part):.1%} | {figures.macro_f1(part):.1%} "
            f"| {figures.expected_calibration_error(part):.1%} | {p50:.2f} | {p95:.2f} |"
        )
    yield ""
    yield f"Out of scope recognised: {figures.outside_recall(said):.1%}; "
    yield f"in scope refused: {figures.inside_refused(said):.1%}."
    if any(one.language for one in said):
        yield f"Language right from five words on: {figures.language_accuracy(said):.1%}."
    yield ""
    yield "| wanted | understood | times |"
    yield "|---|---|---|"
    for name, given, count in figures.confusions(said)[:40]:
        yield f"| {name} | {given} | {count} |"


def _in_other_words(said: list[Heard]) -> list[Heard]:
    """Those that data/nlu does not hold word by word: "hello" and "when will I get my AOR?" come to
    the mind of each writer."""
    known = {folded(line.text) for line in training_lines()}
    return [one for one in said if folded(one.line.text) not in known]


if __name__ == "__main__":
    main()
