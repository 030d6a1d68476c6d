"""make bench: all benches, or those named; prints a table and writes reports/bench.md."""

from __future__ import annotations

import platform
import sys
from datetime import date
from pathlib import Path

from bench import cases, handoffs, notices, start, texts, turns, understanding

BENCHES = {
    "cases": cases.run,
    "handoffs": handoffs.run,
    "notices": notices.run,
    "start": start.run,
    "texts": texts.run,
    "turns": turns.run,
    "understanding": understanding.run,
}


def main() -> None:
    wanted = sys.argv[1:] or list(BENCHES)
    rows = ["| what | figure | beside |", "| --- | --- | --- |"]
    for name in wanted:
        print(f"{name}…", flush=True)
        rows += BENCHES[name]()
    head = f"Measured {date.today()} on {platform.machine()}, Python {platform.python_version()}."
    report = "\n".join([head, "", *rows, ""])
    print(report)
    folder = Path("reports")
    folder.mkdir(exist_ok=True)
    (folder / "bench.md").write_text(report)


if __name__ == "__main__":
    main()
