"""The matrix of rights (data/rights.yml): one cell for each act and relation, checked whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from bot.yaml_files import read_yaml

RIGHTS_FILE = Path(__file__).parents[2] / "data" / "rights.yml"
# About one application, and about a person whatever the application.
APPLICATION_ACTS = frozenset({
    "read_own_part", "read_status", "read_detail", "read_member", "read_landing", "do_landing",
    "submit_photo",
})  # fmt: skip
PERSON_ACTS = frozenset({
    "read_contact", "see_address", "reveal_address", "change_address", "manage_notices",
    "list_sessions", "delete_data",
})  # fmt: skip
ACTS = APPLICATION_ACTS | PERSON_ACTS
RELATIONS = frozenset({
    "self", "parent_of_minor", "principal_of_adult", "other_family", "sponsor",
    "sponsor_with_consent", "representative", "representative_status_only", "designated_person",
    "designated_person_status_only", "agent_assigned", "agent_unassigned", "stranger", "anonymous",
})  # fmt: skip
NEVER = "never"
# From the narrowest to the widest. What is shown in part is less than what needs a further step.
WIDTH = ("no", "masked", "two_agents", "with_reason", "step_up", "yes")
# YAML reads a bare yes or no as true or false.
_WORDS = {True: "yes", False: "no"}

Matrix = Mapping[str, Mapping[str, str]]  # act -> relation -> cell


class MatrixError(Exception):
    """data/rights.yml names something unknown, or leaves something out."""


def load_matrix(path: Path = RIGHTS_FILE) -> Matrix:
    """The matrix.

    Raises:
        MatrixError: an act, relation or cell is unknown or missing; it is named.
    """
    raw = read_yaml(path)
    _same("acts", raw, ACTS)
    return {act: _row(act, cells) for act, cells in raw.items()}


def widest(cells: Collection[str]) -> str:
    """The one cell that several make: `never` beats everything, then the widest counts."""
    return NEVER if NEVER in cells else max(cells, key=WIDTH.index)


def _row(act: str, raw: Mapping[str, Any]) -> dict[str, str]:
    _same(f"{act}: relations", raw, RELATIONS)
    cells = {relation: _WORDS.get(cell, cell) for relation, cell in raw.items()}
    _same(f"{act}: cells", set(cells.values()) | {*WIDTH, NEVER}, {*WIDTH, NEVER})
    return cells


def _same(what: str, found: Collection[Any], wanted: Collection[str]) -> None:
    wrong = {str(name) for name in set(found) ^ set(wanted)}
    if wrong:
        raise MatrixError(f"{RIGHTS_FILE.name}, {what}: unknown or missing {sorted(wrong)}")
