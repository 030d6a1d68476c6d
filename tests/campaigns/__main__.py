"""make prove: every campaign in full, with its seed, and a report.

With --guards-out instead: a small sample of each, with its guard and with the guard taken out, when
it must fail.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from rich.console import Console

from tests.campaigns.catalogue import CAMPAIGNS
from tests.campaigns.guards import guards_of, seen_without, with_it

console = Console()
HEAD = "|---|---|---|---|"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaigns", nargs="*", help=f"of {', '.join(CAMPAIGNS)}; all if none")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--guards-out", action="store_true", help="does each fail as it must?")
    parser.add_argument("--report", type=Path)
    wanted = parser.parse_args()
    prove, name = (_without, "guards") if wanted.guards_out else (_in_full, "prove")
    rows, passed = prove(wanted.campaigns, wanted.seed)
    report = wanted.report or Path(f"reports/{name}.md")
    report.parent.mkdir(exist_ok=True)
    report.write_text("\n".join([f"Proved {date.today()}.", "", *rows, ""]))
    return 0 if passed else 1


def _in_full(campaigns: list[str], seed: int) -> tuple[list[str], bool]:
    rows, passed = ["| campaign | seed | figures | verdict |", HEAD], True
    for name in campaigns or CAMPAIGNS:
        console.print(f"{name}…")
        outcome = CAMPAIGNS[name](seed)
        passed &= outcome.passed
        rows.append(outcome.row())
        console.print(outcome.row())
    return rows, passed


def _without(campaigns: list[str], seed: int) -> tuple[list[str], bool]:
    rows, passed = ["| campaign | without | verdict | how it failed |", HEAD], True
    for guard in guards_of(campaigns):
        console.print(f"{guard.campaign}, with and without {guard.words}…")
        whole, without = with_it(guard, seed), guard.run_without(seed)
        passed &= whole.passed and seen_without(without)
        verdict = "failed as it must" if seen_without(without) else "NOT SEEN"
        verdict = verdict if whole.passed else f"FAILED with it: {whole.failures[0]}"
        how = f"{len(without.failures)}: {without.failures[0][:120]}" if without.failures else ""
        rows.append(f"| {guard.campaign} | {guard.words} | {verdict} | {_plain(how)} |")
        console.print(rows[-1], markup=False)
    return rows, passed


def _plain(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
