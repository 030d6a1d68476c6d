"""Why a record was set aside, in words that a clerk understands, in both languages."""

from __future__ import annotations

import json
from typing import Any

from fastjsonschema import JsonSchemaValueException

from bot.texts import LANGUAGES, say

SHOWN = 60  # characters of a wrong value that are quoted


class BadRecord(Exception):
    """A record that cannot be loaded; `reason` is {"en": sentence, "fr": sentence}."""

    def __init__(self, reason: dict[str, str]) -> None:
        super().__init__(reason["en"])
        self.reason = reason


def because(key: str, **values: Any) -> BadRecord:
    """The reason with this key under cases_import."""
    return BadRecord({code: say(code, f"cases_import.{key}", **values) for code in LANGUAGES})


def wrong(field: str, value: Any, expected: str, **values: Any) -> BadRecord:
    """The reason for one wrong value; `expected` is a key under cases_import.expected."""
    shown = quoted(value)
    texts = {code: say(code, f"cases_import.expected.{expected}", **values) for code in LANGUAGES}
    return BadRecord(
        {
            code: say(code, "cases_import.wrong", field=field, value=shown, expected=texts[code])
            for code in LANGUAGES
        }
    )


def one_of(field: str, value: Any, choices: Any) -> BadRecord:
    return wrong(field, value, "one_of", choices=", ".join(str(choice) for choice in choices))


def at(*steps: str | int) -> str:
    """The place in a record as people count: at("people", 1, "uci") -> "people #2 › uci"."""
    place = ""
    for step in steps:
        if isinstance(step, int):
            place += f" #{step + 1}"
        else:
            place += f" › {step}" if place else step
    return place


def quoted(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def from_schema(error: JsonSchemaValueException) -> BadRecord:
    """The reason behind an error of the compiled JSON Schema."""
    steps = [int(step) if step.isdigit() else step for step in error.path[1:]]
    if error.rule == "required":
        missing = next(name for name in error.rule_definition if name not in error.value)
        return because("missing", field=at(*steps, missing))
    if error.rule == "additionalProperties":
        unknown = next(name for name in error.value if name not in error.definition["properties"])
        return because("unknown", field=at(*steps, str(unknown)[:SHOWN]))
    if error.rule == "enum":
        return one_of(at(*steps), error.value, [c for c in error.rule_definition if c is not None])
    expected = error.definition.get("x-expected")
    if expected is None:
        return wrong(at(*steps), error.value, "schema", rule=error.rule)
    return wrong(at(*steps), error.value, expected)
