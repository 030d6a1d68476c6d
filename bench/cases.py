"""How fast cases are imported, in how much memory, and what a look-up costs at two sizes.

    python -m bench.cases --cases 1000000

Generates the file first (not counted), imports it into SQLite with the importer of the service,
then looks people up, as the identity service and the chat do, in a database of 1,000 cases and in
the large one, in turns, so that both see the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from sqlalchemy import select

from bot.cases.generating import ANCHOR, generate
from bot.cases.importing import import_cases
from bot.cases.reading import read_case
from bot.store import Database, Participant
from bot.store.normal import normal_uci
from tests.conftest import KEYS

SMALL = 1_000
CASES = 1_000_000
LOOK_UPS = 300
ROUNDS = 7
Person = tuple[str, str]  # UCI, application number


@dataclass(frozen=True)
class Figures:
    """Seconds on the clock and of both processors, cases per second, peak MB of all processes
    together, milliseconds per look-up."""

    cases: int
    import_seconds: float
    processor_seconds: float
    cases_per_second: float
    peak_megabytes: float
    database_megabytes: float
    small_milliseconds: float
    large_milliseconds: float
    ratio: float


def run(cases: int = CASES, rounds: int = ROUNDS) -> list[str]:
    """Rows of the report."""
    figures = measure(cases, rounds)
    speed = f"{figures.import_seconds:.0f} s, {figures.cases_per_second:,.0f} cases/s"
    memory = f"{figures.peak_megabytes:.0f} MB"
    slow, fast = figures.large_milliseconds, figures.small_milliseconds
    return [
        f"| import of {cases:,} cases | {speed} | peak memory of all processes {memory} |",
        f"| look-up among {cases:,} | {slow:.2f} ms | among {SMALL:,}: {fast:.2f} ms, "
        f"ratio {figures.ratio:.2f} |",
    ]


def measure(cases: int = CASES, rounds: int = ROUNDS) -> Figures:
    """Measure; the files lie in a temporary folder that is removed again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small_people = _generate(folder / "small.jsonl", min(SMALL, cases))
        large_people = _generate(folder / "large.jsonl", cases)
        small = _import(folder / "small.jsonl")
        with _peak_memory() as peak:
            started, used = time.perf_counter(), sum(os.times()[:4])
            large = _import(folder / "large.jsonl")
            seconds, used = time.perf_counter() - started, sum(os.times()[:4]) - used
        pairs = [
            (_look_up(small, small_people), _look_up(large, large_people)) for _ in range(rounds)
        ]
        size = (folder / "large.db").stat().st_size
    return Figures(
        cases=cases,
        import_seconds=seconds,
        processor_seconds=used,
        cases_per_second=cases / seconds,
        peak_megabytes=max(peak) / 1e6,
        database_megabytes=size / 1e6,
        small_milliseconds=statistics.median(pair[0] for pair in pairs),
        large_milliseconds=statistics.median(pair[1] for pair in pairs),
        ratio=statistics.median(pair[1] / pair[0] for pair in pairs),
    )


def _generate(path: Path, cases: int) -> list[Person]:
    """Write a file of cases; returns some of its people, spread over the whole file."""
    people = []
    step = max(1, cases // 10_000)
    with path.open("w", encoding="utf-8") as file:
        for number, record in enumerate(generate(cases, seed=1)):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            if number % step == 0:
                uci = normal_uci(record["people"][0]["uci"])
                assert uci is not None
                people.append((uci, record["application_number"]))
    return people


def _import(path: Path) -> Database:
    database = Database(f"sqlite:///{path.with_suffix('.db')}", KEYS)
    database.migrate()
    result = import_cases(database, path)
    assert result.rejected == 0
    return database


def _look_up(database: Database, people: list[Person]) -> float:
    """Milliseconds per look-up of random people: from identifier and number to the whole case."""
    chosen = random.choices(people, k=LOOK_UPS)
    started = time.perf_counter()
    for uci, number in chosen:
        with database.read() as session:
            found = session.execute(
                select(Participant.application_id, Participant.person_id)
                .where(Participant.lookup == KEYS.index("lookup", uci, number))
                .limit(1)
            ).one()
            assert read_case(session, *found, today=ANCHOR).number == number
    return (time.perf_counter() - started) / LOOK_UPS * 1_000


@contextmanager
def _peak_memory() -> Iterator[list[int]]:
    """Resident bytes of this process and its children together, every 100 ms."""
    seen: list[int] = []
    done = threading.Event()
    me = psutil.Process()

    def watch() -> None:
        while not done.wait(0.1):
            seen.append(sum(_resident(process) for process in [me, *me.children(recursive=True)]))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield seen
    done.set()
    watcher.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    for name, value in asdict(measure(chosen.cases, chosen.rounds)).items():
        print(f"{name:20} {value:12,.2f}" if isinstance(value, float) else f"{name:20} {value:12,}")


if __name__ == "__main__":
    main()
