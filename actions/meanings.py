"""Not sure, or taken the wrong way: what may be meant is offered as buttons, nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.asked import Asked
from actions.case_questions import answer_detail
from actions.conversation import Events, Talk, menu
from actions.person import person_button
from bot.chat.misheard import keep
from bot.chat.others import others_offered
from bot.chat.reply import QuickReply
from bot.texts import has_text

# From where the person stands, also what was taken for none of our business was not understood.
MISSED = ("nlu_fallback", "out_of_scope")
# Meanings offered at most, and at least where there are so many.
MEANINGS, AT_LEAST = 3, 2
# Less likely ones are not worth reading.
UNLIKELY = 0.05
# After so many messages in a row that were not understood a person is offered.
MISSES = 2
# What a meaning takes along of the message.
TAKEN_ALONG = ("section", "status_term", "product")
Message = dict[str, Any]  # as it was understood


class ActionClarify(Talk):
    """Not sure: offer the likeliest meanings instead of guessing."""

    called = "action_clarify"

    def answer(self, asked: Asked) -> Events:
        taken = answer_detail(asked)
        if taken is not None:
            return taken
        _keep(asked, asked.tracker.latest_message)
        if misses(asked) < MISSES:
            none = asked.button("talk.none_of_these", "ask_help", wish="none")
            found = (*_meanings(asked, asked.tracker.latest_message), none)
            asked.reply(replace(asked.words("talk.clarify"), choices=found))
        else:
            found = _meanings(asked, asked.tracker.latest_message)[:AT_LEAST]
            _offer_person(asked, "talk.clarify_again", found)
        return []


def answer_other(asked: Asked) -> None:
    """ "No, not that": what else was offered, or what else the message before may have meant."""
    others = _others(asked)
    if others:
        asked.reply(replace(asked.words("talk.which_other"), choices=others))
        return
    before = _message_before(asked)
    _keep(asked, before)
    found = _meanings(asked, before, without=before["intent"]["name"])
    if misses(asked) < MISSES and found:
        _offer_person(asked, "talk.meant_what", found)
    else:
        _offer_person(asked, "talk.rephrase", menu(asked))


def misses(asked: Asked) -> int:
    """How many messages in a row were not understood, the present one among them."""
    count = 0
    for message in reversed(_messages(asked)):
        if _is_miss(message):
            count += 1
        elif "none" not in _wishes(message):
            break
    return count


def _is_miss(message: Message) -> bool:
    return message["intent"]["name"] in MISSED or "other_one" in _wishes(message)


def _wishes(message: Message) -> list[str]:
    return [e["value"] for e in message.get("entities", []) if e["entity"] == "wish"]


def _messages(asked: Asked) -> list[Message]:
    """What was understood of all messages so far, oldest first."""
    events = (e for e in asked.tracker.events if e["event"] == "user")
    return [e["parse_data"] for e in events if "parse_data" in e]


def _message_before(asked: Asked) -> Message:
    """The last message that was no correction itself."""
    found = [m for m in _messages(asked) if "other_one" not in _wishes(m)]
    return found[-1] if found else {"intent": {"name": MISSED[0]}, "text": ""}


def _meanings(asked: Asked, message: Message, without: str = "") -> tuple[QuickReply, ...]:
    """The likeliest meanings of `message` as buttons."""
    ranking = [
        entry
        for entry in message.get("intent_ranking", [])
        if entry["name"] != without and has_text(f"intents.{entry['name']}")
    ][:MEANINGS]
    likely = [e["name"] for e in ranking if e.get("confidence", 1.0) >= UNLIKELY]
    names = max(likely, [e["name"] for e in ranking[:AT_LEAST]], key=len)
    along = {
        e["entity"]: str(e["value"])
        for e in message.get("entities", [])
        if e["entity"] in TAKEN_ALONG
    }
    return tuple(asked.button(f"intents.{name}", name, **along) for name in names)


def _others(asked: Asked) -> tuple[QuickReply, ...]:
    if asked.turn is None:
        return ()
    with asked.turn.database.read() as session:
        return tuple(
            QuickReply(choice.label, choice.intent, tuple(choice.entities.items()))
            for choice in others_offered(session, asked.turn.conversation_id)
        )


def _offer_person(asked: Asked, key: str, choices: tuple[QuickReply, ...]) -> None:
    person = person_button(asked, "not_understood")
    asked.reply(replace(asked.words(key), choices=(*choices, person)))


def _keep(asked: Asked, message: Message) -> None:
    """For the centre to see where we do not understand people."""
    if asked.turn is None or not message.get("text"):
        return
    conversation_id, text = asked.turn.conversation_id, message["text"]
    ranking = message.get("intent_ranking", [])
    asked.turn.later(lambda session: keep(session, conversation_id, text, ranking))
