"""What data/nlu must not hold: a line under two intents, a line twice, anybody's details."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from bot.understanding.reading import Reading, folded
from tests.understanding.lines import training_lines

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Kept for examples (RFC 2606), or the department's own, whose genuineness people ask about.
_NOBODYS = re.compile(r"@(?:[\w-]+\.)*(?:example\.(?:com|org|ca)|cic\.gc\.ca)$")
# 555-0100 to 555-0199 are kept for examples, in every area; the other is the support centre's.
_NOBODYS_NUMBER = re.compile(r"^\d{0,9}$|55501\d\d$|^18882422100$")


def _shared(lines: list[tuple[str, str]]) -> dict[str, set[str]]:
    """The folded texts that stand under more than one intent."""
    intents: defaultdict[str, set[str]] = defaultdict(set)
    for intent, text in lines:
        intents[folded(text)].add(intent)
    return {text: found for text, found in intents.items() if len(found) > 1}


def _of_somebody(text: str) -> list[str]:
    """E-mail addresses and telephone numbers that could be anybody's."""
    emails = [email for email in _EMAIL.findall(text) if not _NOBODYS.search(email)]
    return emails + _numbers(text)


def _numbers(text: str) -> list[str]:
    if sum(char.isdigit() for char in text) < 10:
        return []
    phones = (found for found in Reading(text).hidden.found if found.kind == "phone")
    shown = (text[found.start : found.end] for found in phones)
    return [one for one in shown if not _NOBODYS_NUMBER.search(re.sub(r"\D", "", one))]


def test_no_line_stands_under_two_intents() -> None:
    assert not _shared([(line.intent, line.text) for line in training_lines()])


def test_one_under_two_intents_would_be_found() -> None:
    lines = [("greet", "Hé, bonjour !"), ("thank", "he bonjour"), ("greet", "salut")]
    assert _shared(lines) == {"he bonjour": {"greet", "thank"}}


def test_no_line_stands_twice_under_its_intent() -> None:
    times = Counter((line.intent, line.language, line.text.lower()) for line in training_lines())
    assert not [line for line, count in times.items() if count > 1]


def test_no_line_holds_anybodys_address_or_number() -> None:
    found = {line.text: who for line in training_lines() if (who := _of_somebody(line.text))}
    assert not found


def test_anybodys_address_and_number_would_be_found() -> None:
    text = "write to jane.roe@videotron.ca or call 613-996-8885, not j@example.ca or 613-555-0142"
    assert _of_somebody(text) == ["jane.roe@videotron.ca", "613-996-8885"]
