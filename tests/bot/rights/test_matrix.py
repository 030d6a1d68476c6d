"""Every cell of data/rights.yml by a service call on real rows, against a table kept by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from bot.rights.authorize import NotAllowed, Viewer, authorize, require
from bot.rights.matrix import (
    ACTS,
    NEVER,
    RELATIONS,
    RIGHTS_FILE,
    WIDTH,
    MatrixError,
    load_matrix,
    widest,
)
from bot.store import Database
from tests.support.standing import BUILDERS, stand

# Copied from knowledge: security, section 1.5, by hand: a change of the matrix alone must fail.
with (Path(__file__).parent / "expected.csv").open() as file:
    EXPECTED = {row.pop("act"): row for row in csv.DictReader(file)}


def test_the_table_by_hand_and_the_builders_cover_every_cell() -> None:
    assert set(EXPECTED) == ACTS
    assert set(BUILDERS) == RELATIONS
    assert {relation for row in EXPECTED.values() for relation in row} == RELATIONS
    assert len(ACTS) * len(RELATIONS) == 196


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_every_cell_is_as_the_table_says(database: Database, relation: str) -> None:
    with database.write() as session:
        standing = stand(session, relation)
    with database.read() as session:
        found = {
            act: authorize(
                session, standing.viewer, act, standing.person_id, standing.application_id
            )
            for act in EXPECTED
        }
    assert {act: right.form for act, right in found.items()} == {
        act: row[relation] for act, row in EXPECTED.items()
    }
    for right in found.values():
        assert right.allowed == (right.form not in ("no", "never"))


def test_require_raises_where_it_is_refused_and_says_nobodys_name(database: Database) -> None:
    with database.write() as session:
        rep = stand(session, "representative")
        seen = require(session, rep.viewer, "read_status", rep.person_id, rep.application_id)
        assert seen.form == "yes"
        with pytest.raises(NotAllowed) as refused:
            require(session, rep.viewer, "do_landing", rep.person_id, rep.application_id)
    assert (refused.value.act, str(refused.value)) == ("do_landing", "do_landing")


@pytest.mark.parametrize("act", ["", "read", "READ_STATUS", "delete_everything"])
def test_an_unknown_act_is_an_error_and_not_a_refusal(database: Database, act: str) -> None:
    with database.read() as session, pytest.raises(ValueError, match="no act"):
        authorize(session, Viewer(), act, 1, 1)


def test_what_is_about_an_application_needs_one(database: Database) -> None:
    with database.read() as session, pytest.raises(ValueError, match="application"):
        authorize(session, Viewer(1), "read_status", 1)


def test_a_viewer_is_a_person_or_an_agent() -> None:
    with pytest.raises(ValueError, match="not both"):
        Viewer(1, agent="agent-7")


def altered(tmp_path: Path, before: str, after: str) -> Path:
    text = RIGHTS_FILE.read_text("utf-8")
    assert before in text
    path = tmp_path / "rights.yml"
    path.write_text(text.replace(before, after), "utf-8")
    return path


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("read_status:", "read_the_status:", "read_the_status"),
        ("agent_unassigned: no, stranger: no", "agent_unassigned: no, friend: no", "friend"),
        ("stranger: no, anonymous: no", "stranger: no", "anonymous"),
        ("sponsor: never", "sponsor: nevr", "nevr"),
        ("self: step_up", "self: 7", "7"),
    ],
    ids=["unknown act", "unknown relation", "missing relation", "unknown cell", "no cell at all"],
)
def test_a_matrix_that_does_not_fit_does_not_load(
    tmp_path: Path, before: str, after: str, named: str
) -> None:
    with pytest.raises(MatrixError, match=named):
        load_matrix(altered(tmp_path, before, after))


def test_a_missing_act_does_not_load(tmp_path: Path) -> None:
    rows = yaml.safe_load(RIGHTS_FILE.read_text("utf-8"))
    del rows["delete_data"]
    path = tmp_path / "rights.yml"
    path.write_text(yaml.safe_dump(rows), "utf-8")
    with pytest.raises(MatrixError, match="delete_data"):
        load_matrix(path)


@pytest.mark.parametrize("cell", WIDTH)
def test_never_beats_every_other_cell(cell: str) -> None:
    assert widest([cell, NEVER]) == widest([NEVER, cell]) == NEVER


def test_otherwise_the_widest_counts() -> None:
    assert widest(["no", "yes"]) == widest(["yes", "masked", "no"]) == "yes"
    assert widest(["no", "masked"]) == "masked"
    assert widest(["masked", "step_up"]) == "step_up"
