"""The table of data/retention.yml, read and checked once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.texts import LANGUAGES
from bot.yaml_files import read_yaml

FILE = Path(__file__).parents[2] / "data" / "retention.yml"
NOTHING = "nothing"
# Never shorter than a calendar's month or year: what must be kept two years is.
UNITS = {
    "minutes": (timedelta(minutes=1), "minutes"),
    "hours": (timedelta(hours=1), "heures"),
    "days": (timedelta(days=1), "jours"),
    "months": (timedelta(days=31), "mois"),
    "years": (timedelta(days=366), "ans"),
}
_WORDS = ("what", "since", "why")

Words = dict[str, str]


class RetentionError(Exception):
    """The table is incomplete; the message names the kind and what is wrong."""


@dataclass(frozen=True)
class Rule:
    """One kind of data. `keep` is None where somebody else decides how long; the words, `how_long`
    among them, are by language."""

    kind: str
    tables: tuple[str, ...]
    keep: timedelta | None
    source: str
    what: Words
    how_long: Words
    since: Words
    why: Words

    @property
    def is_purged(self) -> bool:
        return self.keep is not None and bool(self.tables)


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by its kind, in the order of the file.

    Raises:
        RetentionError: naming the kind and what is wrong.
    """
    found: dict[str, Rule] = {}
    for entry in read_yaml(FILE):
        rule = read_rule(entry)
        if rule.kind in found:
            raise RetentionError(f"{rule.kind}: there twice")
        found[rule.kind] = rule
    return found


def read_rule(entry: dict[str, Any]) -> Rule:
    """The rule of one entry of the file.

    Raises:
        RetentionError
    """
    kind = str(entry.get("kind"))
    expected = {"kind", "tables", "keep", "source", *_WORDS}
    if set(entry) != expected:
        raise RetentionError(f"{kind}: {sorted(set(entry) ^ expected)} missing or unknown")
    keep, how_long = _period(kind, entry["keep"])
    words = {name: _both(kind, entry[name]) for name in _WORDS}
    return Rule(
        kind, tuple(entry["tables"]), keep, str(entry["source"]), how_long=how_long, **words
    )


def _period(kind: str, value: Any) -> tuple[timedelta | None, Words]:
    if isinstance(value, dict):
        return None, _both(kind, value)
    if value == NOTHING:
        return timedelta(0), {"en": "not kept", "fr": "non conservé"}
    number, _, unit = str(value).partition(" ")
    if not number.isdecimal() or unit not in UNITS:
        raise RetentionError(f"{kind}: {value!r} is no period")
    length, french = UNITS[unit]
    return int(number) * length, {"en": f"{number} {unit}", "fr": f"{number} {french}"}


def _both(kind: str, words: Any) -> Words:
    if not isinstance(words, dict) or set(words) != set(LANGUAGES) or not all(words.values()):
        raise RetentionError(f"{kind}: {words!r} is not in both languages")
    return {language: str(words[language]) for language in LANGUAGES}
