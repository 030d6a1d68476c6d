"""Each of the questions that people ask most is answered in full by every intent that it may be
taken for: the content alone, without the model (tests/conversations/test_questions.py has both)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.phones.composing import compose
from bot.store import Conversation, Database
from bot.texts import say
from tests.support.acting import ActionTalk
from tests.support.questions import Question, name_of, questions

PAGE = "https://assistant-passage.cic.gc.ca/fr"


@pytest.mark.parametrize("question", questions(), ids=name_of)
async def test_the_content_answers_the_question(database: Database, question: Question) -> None:
    for intent in question.intents:
        talk = ActionTalk(database, question.language)
        (line,) = await talk.mean(intent, dict(question.entities))
        labels = [choice["label"] for choice in line["choices"]]
        question.check("\n".join([line["text"], *labels]))


HARD = ("urgent_need", "check_email_genuine", "report_change", "complain", "check_next_steps",
        "report_outside_canada")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("intent", HARD)
async def test_a_person_is_offered_where_nobody_should_be_left_alone(
    database: Database, intent: str, language: str
) -> None:
    (line,) = await ActionTalk(database, language).mean(intent)
    assert say(language, "handoff.button.person") in [c["label"] for c in line["choices"]]


@pytest.mark.parametrize("question", questions(), ids=name_of)
async def test_by_text_message_it_is_short_and_foretells_nothing(
    database: Database, question: Question
) -> None:
    for intent in question.intents:
        talk = ActionTalk(database, question.language)
        with database.write() as session:
            mine = Conversation.id == talk.id
            session.execute(update(Conversation).where(mine).values(channel="sms"))
        lines = await talk.mean(intent, dict(question.entities))
        sent = compose(lines, question.language, PAGE).sent
        assert sent != say(question.language, "sms.see_page", page=PAGE), intent
        replace(question, must=()).check(sent)
