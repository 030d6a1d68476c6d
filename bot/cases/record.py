"""One import record: from the text of a line to a checked, typed, normalised `Record`.

Three steps: the JSON Schema (schema.json) for the shape, building.py for types and normal forms,
rules.py for what a schema cannot say. Each raises BadRecord with the reason.
"""

from __future__ import annotations

from bot.cases.building import build
from bot.cases.entries import Record
from bot.cases.rules import check
from bot.cases.schemas import load_object, validate


def parse_record(line: bytes) -> Record:
    """The record in one line of an export.

    Raises:
        BadRecord: with the reason, in both languages.
    """
    raw = load_object(line)
    validate("schema.json", raw)
    record = build(raw)
    check(record)
    return record
