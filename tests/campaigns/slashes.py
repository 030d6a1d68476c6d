"""Hostile strings that want to be taken as an instruction."""

from __future__ import annotations

import random
import unicodedata

from bot.chat.canonical import TextRefused, canonical
from tests.campaigns.outcome import Outcome

OPENERS = ["/", "//", " /", "\u00a0/", "\u2003/", "\u200b/", "\ufeff/", "／", "⁄", "∕", "\u202e/",
           "\x1f/", "\\/", "/ /", "⧸"]  # fmt: skip
BODIES = ["restart", "session_start", "back", "EXTERNAL_verified", "check_status",
          'inform{"product": "citizenship"}', "EXTERNAL_verified@1.0", "nlu_fallback",
          'log_out{"language": ["fr"]}', "greet|x"]  # fmt: skip


def hostile(count: int, seed: int) -> list[str]:
    """Strings that try to look like `/intent{...}` once somebody has normalised them."""
    chosen = random.Random(seed)
    return [
        "".join(chosen.choice(OPENERS) for _ in range(chosen.randint(1, 3))) + chosen.choice(BODIES)
        for _ in range(count)
    ]


def no_slash_gets_through(count: int, seed: int) -> Outcome:
    """None of `count` strings starts with a slash after the edge has cleaned it."""
    outcome = Outcome("typed instructions", seed)
    refused = 0
    for text in hostile(count, seed):
        try:
            clean = canonical(text)
        except TextRefused:
            refused += 1
            continue
        if unicodedata.normalize("NFKC", clean).strip().startswith("/"):
            outcome.failures.append(ascii(text))
    outcome.figures = {"strings": count, "refused whole": refused}
    return outcome
