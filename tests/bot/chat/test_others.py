"""What else had been offered when the person chose."""

from __future__ import annotations

from typing import Any

from bot.chat.conversations import add_choices, add_line, post_choice
from bot.chat.others import others_offered
from bot.store import Database


def offer(database: Database, conversation: str, *offered: tuple[str, str]) -> list[str]:
    choices = [{"label": label, "intent": intent, "entities": {}} for label, intent in offered]
    with database.write() as session:
        shown = add_choices(session, conversation, choices)
        add_line(session, conversation, "bot", {"text": "Which?", "choices": shown})
    return [choice["id"] for choice in shown]


def press(database: Database, conversation: str, choice: str) -> None:
    with database.write() as session:
        post_choice(session, conversation, choice, choice)
        add_line(session, conversation, "bot", {"text": "An answer."})


def labels(database: Database, conversation: str) -> list[Any]:
    with database.read() as session:
        return [choice.label for choice in others_offered(session, conversation)]


def test_the_others_are_those_beside_the_one_that_was_pressed(
    database: Database, conversation: str
) -> None:
    first, _, _ = offer(
        database, conversation, ("A", "check_status"), ("B", "check_status"), ("None", "ask_help")
    )
    press(database, conversation, first)
    assert labels(database, conversation) == ["B"]


def test_without_a_choice_there_are_no_others(database: Database, conversation: str) -> None:
    offer(database, conversation, ("A", "check_status"), ("B", "check_status"))
    assert labels(database, conversation) == []


def test_what_was_offered_long_ago_is_forgotten(database: Database, conversation: str) -> None:
    first, _ = offer(database, conversation, ("A", "check_status"), ("B", "check_status"))
    press(database, conversation, first)
    with database.write() as session:
        for _ in range(6):
            add_line(session, conversation, "bot", {"text": "Something else."})
    assert labels(database, conversation) == []
