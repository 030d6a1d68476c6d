"""Every text of the service in both languages, side by side in the YAML files of this folder.

A key is `file.key`; `{name}` is replaced by the value given. A text that lacks a language does not
load, and neither does one whose languages take different values.
"""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.yaml_files import read_yaml

LANGUAGES = ("en", "fr")
FOLDER = Path(__file__).parent


class TextError(Exception):
    """A text is missing, or its two languages do not agree."""


@lru_cache(maxsize=1)
def catalogue(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """All texts: {key: {language: text}}."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for key, entry in _flatten(path.stem, read_yaml(path) or {}):
            texts[key] = _checked(key, entry)
    return texts


def say(language: str, key: str, **values: Any) -> str:
    """The text of `key` in `language` with its values put in.

    Raises:
        TextError: no such text, or a value is missing.
    """
    try:
        return catalogue()[key][language].format(**values)
    except KeyError as error:
        raise TextError(f"no text {key} in {language}, or no value for {error}") from error


def has_text(key: str) -> bool:
    return key in catalogue()


def _flatten(prefix: str, node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, dict) and set(node) != set(LANGUAGES) and not set(node) & set(LANGUAGES):
        return [pair for key, child in node.items() for pair in _flatten(f"{prefix}.{key}", child)]
    return [(prefix, node)]


def _checked(key: str, entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
        raise TextError(f"{key} must have exactly the languages {LANGUAGES}")
    if _fields(entry["en"]) != _fields(entry["fr"]):
        raise TextError(f"{key}: the two languages take different values")
    return {language: str(entry[language]).strip() for language in LANGUAGES}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}
