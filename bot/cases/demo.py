"""The demo's data: brought in once, by the same importers as real data."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bot.cases.generating import demo_cases
from bot.cases.importing import import_cases
from bot.cases.times import import_times
from bot.store import Application, Database

TIMES_FILE = Path(__file__).parents[2] / "data" / "demo" / "published_times.jsonl"


def load_demo(database: Database) -> bool:
    """Bring in the demo cases and the sample published times; False when they are there already.

    Once in, the cases keep the dates of that day: what a visitor changed must survive a restart.
    """
    records = demo_cases()
    import_times(database, TIMES_FILE)
    numbers = [record["application_number"] for record in records]
    with database.read() as session:
        indexes = [index for n in numbers for index in database.keys.indexes("number", n)]
        query = select(Application.id).where(Application.number_index.in_(indexes))
        if len(session.execute(query).all()) == len(numbers):
            return False
    with TemporaryDirectory() as folder:
        path = Path(folder) / "demo.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
        import_cases(database, path)
    return True
