"""JSON Schemas of what is imported, compiled once; their word lists come from data/lines.yml."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from bot.cases.lines import vocabulary
from bot.cases.reasons import because, from_schema, quoted

FOLDER = Path(__file__).parent


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


def validate(name: str, raw: dict[str, Any]) -> None:
    """Apply the schema in the file `name` of this folder.

    Raises:
        BadRecord: naming the first field that breaks it.
    """
    try:
        _compiled(name)(raw)
    except fastjsonschema.JsonSchemaValueException as error:
        raise from_schema(error) from None


@cache
def _compiled(name: str) -> Callable[[Any], Any]:
    schema = json.loads((FOLDER / name).read_text("utf-8"))
    definitions = {**schema.pop("definitions"), **_word_lists()}
    return fastjsonschema.compile(_inlined(schema, definitions))


def _word_lists() -> dict[str, Any]:
    words = vocabulary()
    return {
        "line": {"enum": [*words.lines]},
        "stream": {"enum": [*words.streams, None]},
        "overall": {"enum": [*words.overall]},
        "section_status": {"enum": [*words.section_statuses]},
        "document_status": {"enum": [*words.document_statuses]},
        "role": {"enum": [*words.roles]},
        "requirement": {"enum": [*words.requirements]},
        "mandate_form": {"enum": [*words.mandate_forms]},
        "mandate_scope": {"enum": [*words.mandate_scopes]},
        "landing_stage": {"enum": [*words.landing_stages]},
    }


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
