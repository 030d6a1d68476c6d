"""Notices say coarse words only, whatever the case behind them, and take two parts at most."""

from __future__ import annotations

import re
import string
from datetime import date
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.messages.parts import GSM7, parts
from bot.notices.topics import ACTS, REQUEST, TOPICS
from bot.notifying.wording import mail_items, sms_text
from bot.texts import LANGUAGES, catalogue, say
from bot.yaml_files import read_yaml

NOTICES = {
    key: texts
    for key, texts in catalogue().items()
    if key.startswith(("notice.sms.", "notice.mail.", "mail.notice."))
}
# Outcomes and stages of a decision, and the privacy-laden parts of one, in both languages.
TOO_MUCH = re.compile(
    r"\b(approv|refus|reject|grant|accept|den(y|ied)|withdraw|complet|exempt|decid|decision|eligib"
    r"|criminal|medical|security|biometric|passport|police|background|fingerprint|test result"
    r"|rejet|accord|annul|termin|exempt|admissib|criminal|médical|sécurité|biométri|passeport"
    r"|antécédent|empreinte|décision|uci|iuc|dear|cher|bonjour)",
    re.IGNORECASE,
)
LONGEST_URL = "https://passage-assistance.immigration-citizenship.canada.ca"


def news(topic: str, **details: Any) -> Any:
    return SimpleNamespace(topic=topic, details=details)


EVERY = [
    *(news(topic) for topic in TOPICS),
    news(REQUEST, due_on="2026-09-30"),
    news(REQUEST, due_on="2026-12-31", reminder=True),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(NOTICES))
def test_no_notice_says_more_than_that_there_is_something(key: str, language: str) -> None:
    text = NOTICES[key][language]
    assert not TOO_MUCH.search(text), text
    assert not re.search(r"\d", text)
    fields = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    assert fields <= {"items", "url", "date"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Your application was approved.",
        "Votre demande a été refusée.",
        "The medical exam is waiting on you.",
        "Vos empreintes digitales sont attendues.",
        "Your decision was made.",
    ],
)
def test_a_word_too_much_is_found(sentence: str) -> None:
    assert TOO_MUCH.search(sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_sections_and_requests_are_in_no_notice(language: str) -> None:
    lines = read_yaml(Path(__file__).parents[3] / "data" / "lines.yml")
    names = [entry[language] for entry in lines["requirements"].values()]
    names += [entry[language] for entry in lines["documents"].values()]
    names += [
        text[language] for key, text in catalogue().items()
        if key.startswith("case.section.")
    ]  # fmt: skip
    said = "\n".join(texts[language].lower() for texts in NOTICES.values())
    assert len(names) > 15
    assert [name for name in names if name.lower() in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_fits_into_two_parts_of_the_cheap_alphabet(language: str) -> None:
    for count in range(1, len(EVERY) + 1):
        for chosen in combinations(EVERY, count):
            counted = parts(sms_text(language, chosen, LONGEST_URL + f"/{language}"))
            assert counted.encoding == GSM7
            assert 1 <= counted.count <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_at_once_are_still_told_one_by_one(language: str) -> None:
    text = sms_text(language, EVERY[:2], "https://passage.example.ca/fr")
    assert say(language, "notice.sms.item.status") in text.replace("'", "’")


def test_of_several_requests_the_first_date_is_told() -> None:
    asked = [news(REQUEST, due_on="2026-12-01"), news(REQUEST, due_on="2026-11-30")]
    assert "by 2026-11-30." in sms_text("en", asked, "https://a.ca")
    assert "d’ici le 30 novembre 2026." in mail_items("fr", asked)


def test_what_is_too_long_says_so_with_the_first_date() -> None:
    text = sms_text("en", EVERY, LONGEST_URL)
    assert "several things changed" in text and "2026-09-30" in text


def test_every_topic_has_its_sentence() -> None:
    for topic in ACTS:
        for language in LANGUAGES:
            assert say(language, f"notice.sms.item.{topic}")
            assert say(language, f"notice.mail.item.{topic}")


def test_a_date_is_a_date() -> None:
    assert mail_items("en", [news(REQUEST, due_on=date(2026, 5, 1).isoformat())]) == (
        "Something is asked of you by May 1, 2026."
    )
