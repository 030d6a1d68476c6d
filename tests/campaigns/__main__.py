"""make prove: every campaign in full, with its seed, and a report."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console

from bench.running import fresh_service
from tests.campaigns.kills import kill_while_writing
from tests.campaigns.outcome import Outcome
from tests.campaigns.slashes import no_slash_gets_through

console = Console()


def engine_kills(seed: int) -> Outcome:
    return _with_service("engine", 15, seed)


def front_kills(seed: int) -> Outcome:
    return _with_service("front", 50, seed)


def _with_service(part: str, kills: int, seed: int) -> Outcome:
    with fresh_service() as service:
        service.start("front", "engine", "sender")
        service.wait_ready()
        return kill_while_writing(service, part, kills, seed, writers=6, messages=40)


def browser_cuts(seed: int) -> Outcome:
    """The browser test of a line that is cut, ten times as often; its own seed is fixed."""
    outcome = Outcome("line of the page cut", seed, {"cuts": 100})
    test = "tests/browser/test_connection.py::test_cuts_lose_nothing_and_double_nothing"
    command = [sys.executable, "-m", "pytest", "-q", test, "-k", "sqlite", "--timeout=900"]
    done = subprocess.run(command, env={**os.environ, "PASSAGE_CUTS": "100"}, check=False)
    if done.returncode != 0:
        outcome.failures.append(f"pytest ended with {done.returncode}, its output is above")
    return outcome


CAMPAIGNS: dict[str, Callable[[int], Outcome]] = {
    "slashes": lambda seed: no_slash_gets_through(20_000, seed),
    "engine-kills": engine_kills,
    "front-kills": front_kills,
    "browser-cuts": browser_cuts,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaigns", nargs="*", help=f"of {', '.join(CAMPAIGNS)}; all if none")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--report", type=Path, default=Path("reports/prove.md"))
    wanted = parser.parse_args()
    head = ["| campaign | seed | figures | verdict |", "|---|---|---|---|"]
    rows = [f"Proved {date.today()}.", "", *head]
    passed = True
    for name in wanted.campaigns or CAMPAIGNS:
        console.print(f"{name}…")
        outcome = CAMPAIGNS[name](wanted.seed)
        passed &= outcome.passed
        rows.append(outcome.row())
        console.print(outcome.row())
    wanted.report.parent.mkdir(exist_ok=True)
    wanted.report.write_text("\n".join([*rows, ""]))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
