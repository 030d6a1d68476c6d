"""The 42 questions that people ask most, each in both languages through the real front: what must
be in the answer to a stranger is there, and nothing is predicted."""

from __future__ import annotations

import pytest

from tests.support.applicant import Applicant
from tests.support.processes import Service
from tests.support.questions import Question, name_of, questions

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


@pytest.mark.parametrize("question", questions(), ids=name_of)
def test_a_stranger_who_asks_gets_what_must_be_said(
    question: Question, service: Service, request: pytest.FixtureRequest
) -> None:
    if question.misheard:
        request.applymarker(pytest.mark.xfail(reason="the model does not understand it yet"))
    person = Applicant(service.url, question.language)
    try:
        person.next_bot_line(), person.next_bot_line()
        person.type(question.text)
        line = person.next_bot_line()
    finally:
        person.close()
    labels = [choice["label"] for choice in line.get("choices", [])]
    question.check("\n".join([line["text"], *labels]))


def test_all_42_questions_are_asked_in_both_languages() -> None:
    asked = {(question.number, question.language) for question in questions()}
    assert asked >= {(number, lang) for number in range(1, 43) for lang in ("en", "fr")}
