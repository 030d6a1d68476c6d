"""The 42 questions that people ask most, each in both languages through the real front: what must
be in the answer to a stranger is there, and nothing is predicted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.texts import say
from tests.support.applicant import Applicant
from tests.support.processes import Service
from tests.support.questions import Question, name_of, questions

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


@pytest.mark.parametrize("question", questions(), ids=name_of)
def test_a_stranger_who_asks_gets_what_must_be_said(question: Question, service: Service) -> None:
    person = Applicant(service.url, question.language)
    try:
        person.next_bot_line(), person.next_bot_line()
        person.type(question.text)
        line = _sure(person, question, person.next_bot_line())
    finally:
        person.close()
    labels = [choice["label"] for choice in line.get("choices", [])]
    question.check("\n".join([line["text"], *labels]))


def _sure(person: Applicant, question: Question, line: dict[str, Any]) -> dict[str, Any]:
    """The answer; where the service asks what was meant, the one behind the right button."""
    if line["text"] != say(question.language, "talk.clarify"):
        return line
    right = {say(question.language, f"intents.{intent}") for intent in question.intents}
    offered = [choice["label"] for choice in line["choices"] if choice["label"] in right]
    assert offered, f"{question.text}: {[choice['label'] for choice in line['choices']]}"
    person.choose(offered[0])
    return person.next_bot_line()


def test_all_42_questions_are_asked_in_both_languages() -> None:
    asked = {(question.number, question.language) for question in questions()}
    assert asked >= {(number, lang) for number in range(1, 43) for lang in ("en", "fr")}
