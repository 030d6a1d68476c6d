"""Bad lines are set aside with their reason; the others are loaded."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.cases import source
from bot.cases.importing import import_cases
from bot.store import Application, Database, Person
from tests.bot.cases.case_files import (
    BASE,
    contents,
    later,
    pa,
    record,
    rejected_lines,
    write_file,
)
from tests.bot.cases.conftest import Load

SPONSOR = BASE["people"][1]
OTHER = "F000000888"
CITIZENSHIP: dict[str, Any] = {
    "line": "citizenship_adult", "stream": None, "sections": {}, "documents": {},
    "requirements": [], "people": [pa()],
}  # fmt: skip


def test_bad_lines_are_set_aside_with_number_reason_and_text(
    database: Database, tmp_path: Path
) -> None:
    bad = record(application_number="12")
    path = write_file(
        tmp_path / "cases.jsonl",
        b"{",
        record(),
        b"\xe9t\xe9",
        bad,
        record(application_number=OTHER),
    )
    result = import_cases(database, path)
    assert (result.lines, result.added, result.rejected) == (5, 2, 3)
    entries = rejected_lines(path)
    assert [entry["line"] for entry in entries] == [1, 3, 4]
    assert [entry["record"] for entry in entries[:2]] == ["{", "\\xe9t\\xe9"]
    assert json.loads(entries[2]["record"]) == bad
    assert all(set(entry["reason"]) == {"en", "fr"} for entry in entries)
    assert "application number" in entries[2]["reason"]["en"]
    assert "numéro de demande" in entries[2]["reason"]["fr"]


def test_the_rejected_file_is_for_its_owner_only_and_goes_when_all_is_well(
    database: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path / "cases.jsonl", b"{")
    aside = import_cases(database, path).rejected_file
    assert aside is not None and stat.S_IMODE(aside.stat().st_mode) == 0o600
    write_file(path, record())
    assert import_cases(database, path).rejected_file is None
    assert not aside.exists()


def test_the_same_bad_file_again_reports_each_line_once(database: Database, tmp_path: Path) -> None:
    path = write_file(tmp_path / "cases.jsonl", b"{", record(), b"[]")
    for _ in range(2):
        assert import_cases(database, path).rejected == 2
        assert [entry["line"] for entry in rejected_lines(path)] == [1, 3]


def test_a_line_that_never_ends_is_set_aside_in_little_memory(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LONGEST_LINE", 10_000)
    path = write_file(tmp_path / "cases.jsonl", b"x" * 35_000, record(), b"y" * 10_001)
    result = import_cases(database, path)
    assert (result.lines, result.added, result.rejected) == (3, 1, 2)
    entry = rejected_lines(path)[0]
    assert "longer than 10000 bytes" in entry["reason"]["en"]
    assert len(entry["record"]) == source.SHOWN_OF_LONG_LINE


CLASHES: list[tuple[str, dict[str, Any], str]] = [
    ("a number of another product", later(1, **CITIZENSHIP), "“application_number” F000000777"),
    (
        "a UCI and a party ID of two people",
        record(application_number=OTHER, people=[pa(party_id="9000-0777")]),
        "“people #1 › uci” and “people #1 › party_id” belong to two",
    ),
    (
        "another UCI for a known party ID",
        record(
            application_number=OTHER,
            people=[pa(), pa(ref="r", roles=["representative"], uci="0000-0999",
                             party_id="9000-0778", given_names="Rita")],
        ),
        "“people #2 › uci”",
    ),
    (
        "a UCI of somebody else altogether",
        record(
            application_number=OTHER,
            people=[pa(family_name="Okafor", given_names="Chidi", birth_date="1970-01-01")],
        ),
        "“people #1” already belongs to somebody",
    ),
    (
        "one known person listed twice",
        record(
            application_number=OTHER,
            people=[pa(uci="0000-0555"), pa(ref="b", roles=["dependant"], uci=None,
                                            party_id="9000-0555")],
        ),
        "“people #1” and “people #2” are the same person",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "said"), [c[1:] for c in CLASHES], ids=[c[0] for c in CLASHES])
def test_a_clash_with_what_is_stored_is_set_aside_and_leaves_no_trace(
    database: Database, load: Load, tmp_path: Path, raw: Any, said: str
) -> None:
    party = pa(
        ref="p", roles=["representative"], uci=None, party_id="9000-0777", given_names="Paul"
    )
    both = pa(ref="r", roles=["representative"], uci="0000-0778", party_id="9000-0778",
              given_names="Rita")  # fmt: skip
    twin = pa(
        ref="t", roles=["dependant"], uci="0000-0555", party_id="9000-0555", given_names="Ann"
    )
    load(record(people=[pa(), party, both, twin]))
    before = contents(database)
    raw = {**raw, "requirements": []}
    path = write_file(tmp_path / "clash.jsonl", raw, record(application_number="F000000999"))
    result = import_cases(database, path)
    assert (result.added, result.rejected) == (1, 1)
    (entry,) = rejected_lines(path)
    assert entry["line"] == 1 and said in entry["reason"]["en"]
    assert json.loads(entry["record"]) == raw
    with database.read() as session:
        assert OTHER not in set(session.scalars(select(Application.number)))
        assert len(session.scalars(select(Person)).all()) == len(before["person"]) + 1
