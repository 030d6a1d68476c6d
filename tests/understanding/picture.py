"""The confusion matrix as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.understanding.lines import UNSURE, Heard


def draw(said: Sequence[Heard], path: Path) -> None:
    """Rows are what was wanted, columns what was understood; the darker, the more often."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = sorted({one.line.intent for one in said})
    columns = [*names, UNSURE]
    counts = [[0] * len(columns) for _ in names]
    for one in said:
        if one.said in columns:
            counts[names.index(one.line.intent)][columns.index(one.said)] += 1
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    figure, axes = pyplot.subplots(figsize=(16, 15), layout="constrained")
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("understood / compris")
    axes.set_ylabel("wanted / voulu")
    for row, values in enumerate(counts):
        for column, count in enumerate(values):
            if count and row != column:
                axes.text(
                    column, row, count, ha="center", va="center", fontsize=6, color="firebrick"
                )
    figure.colorbar(image, shrink=0.5)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
