"""What is asked decides, also beside a detail."""

from __future__ import annotations

from pathlib import Path

from bot.understanding.intents import IntentModel
from bot.understanding.joined import beside_details
from bot.understanding.reading import Reading

ASKED = [
    "where is my application", "what is the status of my file", "any news on my application",
    "is my file moving", "application status please", "the status of my case please",
    "où en est ma demande", "quel est l'état de mon dossier", "des nouvelles de ma demande",
    "mon dossier avance", "is there news", "comment va mon dossier",
]  # fmt: skip
ASKED += [f"{text} {more}" for text in ASKED for more in ("please", "svp", "today", "enfin")]
DETAILS = [
    "my UCI is [uci]", "[uci]", "UCI [uci]", "it is [uci]", "here is my number [uci]",
    "mon IUC est le [uci]", "IUC [uci]", "c'est le [uci]", "voici mon numéro [uci]",
    "the number on the letter is [uci]", "my number is [uci]", "mon numéro est [uci]",
]  # fmt: skip
TEXTS = [*ASKED, *DETAILS, "good morning", "bonjour", "hello", "salut", "hi there"]
LABELS = ["status"] * len(ASKED) + ["inform"] * 12 + ["greet"] * 5


def test_a_share_of_what_is_asked_gets_a_copy_with_a_detail() -> None:
    copies = beside_details(TEXTS, LABELS, 7)
    assert 0 < len(copies) < len(ASKED)
    for at, copy in copies:
        assert LABELS[at] == "status"
        assert TEXTS[at] in copy
        assert any(detail in copy for detail in DETAILS)


def test_the_copies_are_the_same_every_time() -> None:
    assert beside_details(TEXTS, LABELS, 7) == beside_details(TEXTS, LABELS, 7)
    assert beside_details(TEXTS, LABELS, 7) != beside_details(TEXTS, LABELS, 8)


def test_without_bare_details_there_is_nothing_to_put_beside() -> None:
    assert beside_details(ASKED, ["status"] * len(ASKED), 7) == []


def test_what_is_asked_decides_beside_a_detail(tmp_path: Path) -> None:
    model = IntentModel.train(TEXTS, LABELS, tmp_path, 7)
    for text in ("here is my number ⟦uci⟧, any news", "ma demande? mon IUC est le ⟦uci⟧"):
        assert model.meaning(Reading(text)).ranking[0][0] == "status"
    assert model.meaning(Reading("my UCI is ⟦uci⟧")).ranking[0][0] == "inform"
