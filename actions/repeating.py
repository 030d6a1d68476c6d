"""The last answer again, or in fewer and simpler words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from actions.asked import Asked
from actions.conversation import Events, Talk
from actions.person import person_button
from actions.retelling import may_be_retold
from bot.answers.help import answers, help_answer, term_short
from bot.chat.phrases import wants_simpler
from bot.chat.reply import Reply
from bot.store import Line
from bot.texts import LANGUAGES, say

Body = dict[str, Any]  # of a line


class ActionRepeat(Talk):
    """The last answer again, without its buttons (they work once)."""

    called = "action_repeat"

    def answer(self, asked: Asked) -> Events:
        body = _last(asked)
        if body is None:
            asked.say("talk.nothing_to_repeat")
        elif asked.turn is not None and not may_be_retold(asked.turn):
            asked.say("talk.no_case")
        elif wants_simpler(asked.tracker.latest_message.get("text") or ""):
            _simpler(asked, body)
        else:
            links, card = _links(body), body.get("card")
            asked.reply(Reply(body["text"], links, card=card, short=body["text"]), body.get("lang"))
        return []


def _last(asked: Asked) -> Body | None:
    if asked.turn is None:
        return None
    with asked.turn.database.read() as session:
        return session.scalar(
            select(Line.body)
            .where(Line.conversation_id == asked.turn.conversation_id, Line.author == "bot")
            .order_by(Line.number.desc())
            .limit(1)
        )


def _simpler(asked: Asked, body: Body) -> None:
    """What is said of it in a text message; of one's own case, the first words."""
    text = _short(asked, body) or _first_words(body["text"])
    said = say(asked.language, "talk.in_short", text=text)
    person = person_button(asked, "not_understood")
    asked.reply(Reply(said, _links(body), choices=(person,), short=said))


def _short(asked: Asked, body: Body) -> str:
    """The short form of the last answer, where it was a general one."""
    question, terms = _question(asked)
    general = answers().general
    codes = [code for code in terms if code in answers().shorts]
    if question == "explain_status_term" and codes:
        return term_short(codes[0], asked.language)
    if question not in general:
        return ""
    said = body["text"]
    was_general = any(
        general[question][lang].text in said or general[question][lang].short in said
        for lang in LANGUAGES
    )
    return help_answer(question, asked.language).short if was_general else ""


def _question(asked: Asked) -> tuple[str, list[str]]:
    """What the last answer answered: the intent, and the terms that were asked about."""
    events = (e for e in reversed(asked.tracker.events) if e["event"] == "user")
    for event in events:
        parsed = event.get("parse_data", {})
        if parsed.get("intent", {}).get("name") not in (None, "repeat"):
            entities = parsed.get("entities", [])
            terms = [e["value"] for e in entities if e["entity"] == "status_term"]
            return parsed["intent"]["name"], terms
    return "", []


def _first_words(text: str) -> str:
    """The first paragraph that is not only the official term for a word."""
    prefix = say("en", "talk.in_short", text=""), say("fr", "talk.in_short", text="")
    for begin in prefix:
        text = text.removeprefix(begin)
    return text.split("\n\n")[0]


def _links(body: Body) -> tuple[tuple[str, str], ...]:
    return tuple((link["label"], link["url"]) for link in body.get("links", []))
