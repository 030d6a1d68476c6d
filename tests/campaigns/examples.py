"""Sentences that people could type, with what they mean and the words in them, without Rasa."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.model import ROOT
from bot.store.normal import fold
from bot.yaml_files import read_yaml
from tests.support.acting import action_of


@lru_cache(maxsize=1)
def sentences() -> list[tuple[str, str]]:
    """(intent, sentence) of every example in data/nlu, both languages."""
    blocks = [b for p in sorted((ROOT / "data/nlu").glob("*.yml")) for b in read_yaml(p)["nlu"]]
    return [
        (block["intent"], line[2:])
        for block in blocks
        for line in block["examples"].splitlines()
        if block["intent"] in action_of()
    ]


def words_in(text: str) -> dict[str, str]:
    """One entity of each kind, as bot/engine/terms.py finds them; that file needs Rasa."""
    folded = fold(text)
    found = {}
    for entity, (pattern, codes) in _patterns().items():
        match = pattern.search(folded)
        if match:
            found[entity] = codes[match.group()]
    return found


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    found = {}
    for entity, codes in read_yaml(ROOT / "data/terms.yml").items():
        words = {fold(str(word)): code for code, listed in codes.items() for word in listed}
        longest_first = sorted(words, key=len, reverse=True)
        pattern = r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)"
        found[entity] = (re.compile(pattern), words)
    return found
