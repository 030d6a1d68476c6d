"""Published times carry their day and their official address, and the newest one counts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.cases.demo import TIMES_FILE
from bot.cases.times import import_times, latest_time
from bot.store import Database
from tests.bot.cases.case_files import write_file

TIME = {
    "line": "family_spouse", "stream": "outside_canada", "kind": "processing_time", "value": 14,
    "unit": "months", "as_of": "2025-11-06", "url_en": "https://www.canada.ca/en/x.html",
    "url_fr": "https://www.canada.ca/fr/x.html",
}  # fmt: skip


def latest(database: Database, stream: str | None, kind: str = "processing_time") -> Any:
    with database.read() as session:
        return latest_time(session, "family_spouse", stream, kind)


def test_the_demo_times_load_and_load_again_without_a_change(database: Database) -> None:
    first, again = import_times(database, TIMES_FILE), import_times(database, TIMES_FILE)
    assert first.added == again.unchanged > 5
    assert (first.rejected, again.added, again.updated) == ((), 0, 0)
    found = latest(database, "outside_canada")
    assert (found.value, found.as_of, found.sample) == (14, date(2025, 11, 6), True)


def test_the_streams_own_time_goes_before_the_one_of_the_whole_line(
    database: Database, tmp_path: Path
) -> None:
    whole = {**TIME, "as_of": "2025-12-01", "value": 20, "stream": None}
    import_times(database, write_file(tmp_path / "t.jsonl", TIME, whole))
    assert latest(database, "outside_canada").value == 14
    assert latest(database, "inside_canada").value == 20
    assert latest(database, None).value == 20
    assert latest(database, None, "service_standard") is None


def test_a_corrected_figure_of_the_same_day_replaces_the_first(
    database: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path / "t.jsonl", TIME, {**TIME, "value": 15})
    result = import_times(database, path)
    assert (result.added, result.updated) == (1, 1)
    assert latest(database, "outside_canada").value == 15


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"url_en": "https://canada.ca.example.org/"}, "“url_en” must be an address on canada.ca"),
        ({"url_fr": "https://evilcanada.ca/"}, "“url_fr”"),
        ({"value": 0}, "“value” must be a whole number"),
        ({"value": True}, "“value”"),
        ({"unit": "weeks"}, "“unit” must be one of: days, months"),
        ({"as_of": "2025-02-30"}, "“as_of” must be a day"),
        ({"line": "citizenship_adult"}, "“stream” does not fit"),
        ({"note": "x"}, "“note” is not known"),
    ],
)
def test_a_bad_time_is_left_out_with_its_line_and_reason(
    database: Database, tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    path = write_file(tmp_path / "t.jsonl", TIME, {**TIME, **change}, b"{")
    result = import_times(database, path)
    assert (result.added, [line for line, _ in result.rejected]) == (1, [2, 3])
    reason = result.rejected[0][1]
    assert named in reason["en"] and reason["fr"] != reason["en"]


def test_every_demo_time_is_dated_marked_as_a_sample_and_official() -> None:
    for line in TIMES_FILE.read_text("utf-8").splitlines():
        entry = json.loads(line)
        assert entry["sample"] and date.fromisoformat(entry["as_of"])
