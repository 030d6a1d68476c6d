"""Nothing that a person reads exists in one language only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers.help import answers, is_official
from bot.texts import LANGUAGES, TextError, catalogue, say
from bot.texts import _checked as checked

ROOT = Path(__file__).parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
NLU = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))}
MIN_EXAMPLES = 60
# Of the conversation itself: there are not so many ways to say yes.
MIN_SOCIAL = 45
SOCIAL = {
    "greet", "goodbye", "thank", "affirm", "deny", "cancel", "restart", "ask_help", "ask_if_bot",
    "switch_language", "repeat", "log_out",
}  # fmt: skip


def variants(response: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The variants of a Rasa response by the language they are conditioned on."""
    found = {}
    for variant in response:
        (condition,) = variant["condition"]
        assert (condition["type"], condition["name"]) == ("slot", "language")
        found[condition["value"]] = variant
    return found


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_a_response_has_one_variant_in_each_language_and_no_other(name: str) -> None:
    response = DOMAIN["responses"][name]
    found = variants(response)
    assert set(found) == set(LANGUAGES)
    assert len(response) == len(LANGUAGES)
    assert set(found["en"]) == set(found["fr"])
    fields = [re.findall(r"{(\w+)}", found[language]["text"]) for language in LANGUAGES]
    assert sorted(fields[0]) == sorted(fields[1])
    payloads = [[b["payload"] for b in found[lang].get("buttons", [])] for lang in LANGUAGES]
    assert payloads[0] == payloads[1]


def test_every_text_exists_in_both_languages_and_differs() -> None:
    texts = catalogue()
    assert len(texts) > 100
    same_in_both = {
        key for key, entry in texts.items() if entry["en"] == entry["fr"] and len(entry["en"]) > 14
    }
    assert same_in_both == set()


def test_a_text_without_french_is_refused() -> None:
    with pytest.raises(TextError):
        checked("x", {"en": "Hello"})
    with pytest.raises(TextError):
        checked("x", {"en": "Hello {name}", "fr": "Bonjour"})


def test_an_unknown_text_is_an_error_and_not_an_empty_line() -> None:
    with pytest.raises(TextError):
        say("en", "talk.no_such_text")


def test_french_typography_has_no_plain_space_before_double_punctuation() -> None:
    french = {key: entry["fr"] for key, entry in catalogue().items()}
    french |= {f"answers.{i}": r["fr"].text for i, r in answers().general.items()}
    french |= {f"terms.{c}": t["fr"] for c, t in answers().terms.items()}
    french |= {n: variants(r)["fr"]["text"] for n, r in DOMAIN["responses"].items()}
    wrong = {k for k, text in french.items() if re.search(r"\w [:;?!»]|« \w", text)}
    assert wrong == set()


def test_help_content_has_the_same_links_count_and_only_official_hosts() -> None:
    for intent, by_language in answers().general.items():
        counts = {len(by_language[language].links) for language in LANGUAGES}
        assert len(counts) == 1, intent
    assert not is_official("https://canada.ca.example.org/")
    assert not is_official("https://evilcanada.ca/")


def intents_in_catalogue() -> list[str]:
    return list(yaml.safe_load((ROOT / "data" / "intents.yml").read_text("utf-8"))["intents"])


def examples(intent: str, language: str) -> list[str]:
    head = rf"^- intent: {intent}\n  metadata: {{language: {language}}}\n  examples: \|\n"
    pattern = head + r"((?:    - .*\n)+)"
    return [
        line.strip()[2:]
        for text in NLU.values()
        for block in re.findall(pattern, text, re.M)
        for line in block.splitlines()
    ]


@pytest.mark.parametrize("intent", [*intents_in_catalogue(), "log_out"])
def test_an_intent_has_enough_examples_in_each_language(intent: str) -> None:
    least = MIN_SOCIAL if intent in SOCIAL else MIN_EXAMPLES
    for language in LANGUAGES:
        assert len(examples(intent, language)) >= least, language


def test_the_58_intents_of_the_catalogue_are_in_the_domain() -> None:
    names = {next(iter(entry)) for entry in DOMAIN["intents"]}
    assert len(intents_in_catalogue()) == 58
    assert set(intents_in_catalogue()) <= names


def test_the_catalogue_is_still_the_one_that_was_given() -> None:
    given = ROOT.parent / "shared" / "intents.yml"
    if not given.exists():
        pytest.skip("the given catalogue (shared/intents.yml) is not beside this checkout")
    ours = yaml.safe_load((ROOT / "data" / "intents.yml").read_text("utf-8"))
    assert ours == yaml.safe_load(given.read_text("utf-8"))
