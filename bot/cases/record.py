"""One import record: from the text of a line to a checked, typed, normalised `Record`.

Three steps: the JSON Schema (schema.json, compiled once) for the shape, building.py for types and
normal forms, rules.py for what a schema cannot say. Each raises BadRecord with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import fastjsonschema

from bot.cases.building import build
from bot.cases.lines import vocabulary
from bot.cases.reasons import because, from_schema, quoted
from bot.cases.rules import check
from bot.cases.types import Record

SCHEMA_FILE = Path(__file__).with_name("schema.json")


def parse_record(line: bytes) -> Record:
    """The record in one line of an export.

    Raises:
        BadRecord: with the reason, in both languages.
    """
    raw = load_object(line)
    validate(_validator(), raw)
    record = build(raw)
    check(record)
    return record


def load_object(line: bytes) -> dict[str, Any]:
    """The JSON object on a line.

    Raises:
        BadRecord: it is not UTF-8, or not one JSON object.
    """
    try:
        raw = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise because("not_utf8") from None
    except (ValueError, RecursionError) as error:
        raise because("not_json", detail=str(error)) from None
    if not isinstance(raw, dict):
        raise because("not_json", detail=quoted(raw))
    return raw


def validate(validator: Callable[[Any], Any], raw: dict[str, Any]) -> None:
    """Apply a compiled JSON Schema.

    Raises:
        BadRecord: naming the first field that breaks it.
    """
    try:
        validator(raw)
    except fastjsonschema.JsonSchemaValueException as error:
        raise from_schema(error) from None


@lru_cache(maxsize=1)
def _validator() -> Callable[[Any], Any]:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    words = vocabulary()
    definitions = schema["definitions"]
    for name, choices in (
        ("line", [*words.lines]),
        ("stream", [*words.streams, None]),
        ("overall", [*words.overall]),
        ("section_status", [*words.section_statuses]),
        ("document_status", [*words.document_statuses]),
        ("role", [*words.roles]),
        ("requirement", [*words.requirements]),
        ("mandate_form", [*words.mandate_forms]),
        ("mandate_scope", [*words.mandate_scopes]),
        ("landing_stage", [*words.landing_stages]),
    ):
        definitions[name] = {"enum": choices}
    return fastjsonschema.compile(_inlined(schema, definitions))


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """The schema with every $ref replaced by what it refers to: for a $ref the compiled code builds
    the name of the field even when all is well, which takes ten times as long."""
    if isinstance(node, list):
        return [_inlined(child, definitions) for child in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return definitions[node["$ref"].rpartition("/")[2]]
    return {key: _inlined(child, definitions) for key, child in node.items()}
