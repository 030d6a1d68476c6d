"""Training lines with a personal detail beside what is asked, as people write to an office.

In data/nlu a detail stands nearly always alone, as `inform`: a model then takes "my UCI is
1122-3344, where is my application?" for an answer to a question that nobody asked. Joining such
lines with a share of the others teaches that what is asked decides.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence

INFORM = "inform"
# Beside a detail these are only manners, or the answer to a question: the detail is what counts.
_MANNERS = {"greet", "goodbye", "thank", "affirm", "deny"}
# One line in so many gets such a copy; more of them changed no figure (docs/adr/0016).
_EVERY = 4
_DETAIL = re.compile(r"\[\w+\]")


def beside_details(texts: Sequence[str], labels: Sequence[str], seed: int) -> list[tuple[int, str]]:
    """The place in `texts` of each line that gets one, and its copy with a detail beside it. Texts
    are as `readable` makes them. The same input and seed give the same copies."""
    pairs = list(zip(texts, labels, strict=True))
    details = [text for text, label in pairs if label == INFORM and _DETAIL.search(text)]
    if not details:
        return []
    copies = []
    for at, (text, label) in enumerate(pairs):
        digest = hashlib.sha256(f"{seed}:{text}".encode()).digest()
        chance = random.Random(int.from_bytes(digest[:8], "big"))
        if label != INFORM and label not in _MANNERS and not chance.randrange(_EVERY):
            copies.append((at, _joined(text, chance.choice(details), chance)))
    return copies


def _joined(asked: str, detail: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return detail + chance.choice([", ", ". ", " ", "\n"]) + asked
    return asked.rstrip(".!?") + chance.choice(["? ", ". ", ", ", " "]) + detail
